"""The local provider as a process of its own, for a real Pulumi engine to attach to (PULUMI_DEBUG_PROVIDERS)."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mlstead.errors import MlsteadError

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.credentials import RoleCredentials


def ensure_serving(home: Path, program: Path, endpoint: str, region: str, signer: RoleCredentials | None = None
                   ) -> int:
    """Give the port of a program's provider for an endpoint and region, started detached unless it runs.

    Args:
        home: where the record of it lies.
        program: the folder of Pulumi.yaml; the paths of the program's assets are relative to it.
        endpoint: the address of the local cloud.
        region: the region of providers that name none.
        signer: the role that its calls are signed by; None: the developer's key.

    Raises:
        MlsteadError: the server ended before it named its port.
    """
    role = signer.role_arn if signer else ""
    wanted = {"program": str(program), "endpoint": endpoint, "region": region, "role": role}
    file = _folder(home) / f"{hashlib.sha256(str(program).encode()).hexdigest()[:16]}.json"
    record = _read(file)
    if record and _alive(record) and wanted.items() <= record.items():
        return int(record["port"])
    _stop(file)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = file.with_suffix(".log")
    command = [sys.executable, "-P", "-m", "mlstead_toolkit.aws", "--endpoint", endpoint, "--region", region]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if signer:
        command += ["--role", role]  # its keys are not in the command: all see that
        environment |= {"AWS_ACCESS_KEY_ID": signer.access_key, "AWS_SECRET_ACCESS_KEY": signer.secret_key,
                        "AWS_SESSION_TOKEN": signer.session_token}
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
                                   cwd=program, start_new_session=True, env=environment)
    assert process.stdout is not None
    with process.stdout:
        port = process.stdout.readline().strip()
    if not port.isdecimal():
        raise MlsteadError("The provider for a real Pulumi engine did not start.", where=str(log),
                           fix="read that log; mlstead doctor checks the installation")
    file.write_text(json.dumps({**wanted, "port": int(port), "pid": process.pid}), encoding="utf-8")
    return int(port)


def stop_serving(home: Path) -> None:
    """End the processes of all programs' providers."""
    for file in _folder(home).glob("*.json"):
        _stop(file)


def _folder(home: Path) -> Path:
    return home / "cloud" / "providers"


def _stop(file: Path) -> None:
    record = _read(file)
    if record and _alive(record):
        os.kill(int(record["pid"]), signal.SIGTERM)
    file.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, str | int] | None:
    try:
        found: dict[str, str | int] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _alive(record: dict[str, str | int]) -> bool:
    """Tell whether the recorded process still is ours: numbers are given out again."""
    import psutil

    try:
        return "mlstead_toolkit.aws" in psutil.Process(int(record["pid"])).cmdline()
    except psutil.Error:
        return False
