"""A machine of its own: a private home, a free port, and the real command in a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

REGION = "eu-west-1"
SERVICES = ("s3", "kms", "iam", "ecr", "sagemaker", "cloudwatch", "logs", "sns", "ssm", "events", "lambda", "sqs")
LISTING = ("List", "Describe")


@dataclass(frozen=True)
class Run:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Machine:
    """A home and a port of its own, and a folder where projects are made; `acts_as` names the role that signs."""

    home: Path
    port: int
    folder: Path
    acts_as: str = ""
    project: Path = field(init=False)

    def __post_init__(self) -> None:
        self.project = self.folder / "flight-delays"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return kept | {"MLSTEAD_HOME": str(self.home), "MLSTEAD_CLOUD_PORT": str(self.port), "NO_COLOR": "1",
                       "MLSTEAD_AS": self.acts_as}

    def acting(self, use: str) -> Machine:
        """The same machine, whose commands sign as a role of the project."""
        return replace(self, acts_as=use)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "mlstead_toolkit", *words]

    def start(self, *words: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(self.command(*words), cwd=cwd or self.project, env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)

    def run(self, *words: str, cwd: Path | None = None) -> Run:
        """Run a command to its end, whatever that is."""
        process = self.start(*words, cwd=cwd)
        out, err = process.communicate(timeout=300)
        assert "\nTraceback" not in f"\n{out}\n{err}", f"{words} printed a traceback\n{out}\n{err}"
        return Run(process.returncode, out, err)

    def succeed(self, *words: str, cwd: Path | None = None) -> Run:
        """Run a command that must succeed."""
        run = self.run(*words, cwd=cwd)
        assert run.code == 0, f"{words} ended with {run.code}\n{run.out}\n{run.err}"
        return run

    def refuse(self, *words: str, cwd: Path | None = None) -> Run:
        """Run a command that must end with code 1, an error and its fix."""
        run = self.run(*words, cwd=cwd)
        assert run.code == 1, f"{words} ended with {run.code}\n{run.out}\n{run.err}"
        assert "error: " in run.err and "fix:" in run.err, run.err
        return run

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.project / file
        content = path.read_text()
        assert old in content, f"{old!r} is not in {file}"
        path.write_text(content.replace(old, new, 1))

    def client(self, service: str) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.client(service, endpoint_url=f"http://127.0.0.1:{self.port}", region_name=REGION,
                            aws_access_key_id="mlstead", aws_secret_access_key="mlstead",
                            config=Config(retries={"total_max_attempts": 1}))

    def snapshot(self) -> dict[str, Any]:
        """Call everything that lists without an argument, of every service used; keys pending deletion left out."""
        found: dict[str, Any] = {}
        for service in SERVICES:
            client = self.client(service)
            for operation, method in sorted(_listing(client).items()):
                answer = _ask(client, method)
                if answer is not None:
                    found[f"{service}.{operation}"] = answer
        kms = self.client("kms")
        keys = [key["KeyId"] for key in kms.list_keys()["Keys"]]
        found["kms.ListKeys"] = [key for key in keys
                                 if kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] != "PendingDeletion"]
        return found


def _listing(client: Any) -> dict[str, str]:
    model = client.meta.service_model
    methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
    needs = {name: model.operation_model(name).input_shape for name in model.operation_names}
    return {name: methods[name] for name, shape in needs.items()
            if name.startswith(LISTING) and not (shape and shape.required_members)}


def _ask(client: Any, method: str) -> Any:
    """Give an answer without what changes from call to call; None for what nothing here implements."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = getattr(client, method)()
    except (ClientError, BotoCoreError):
        return None
    answer.pop("ResponseMetadata", None)
    return json.loads(json.dumps(answer, default=str, sort_keys=True))


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
