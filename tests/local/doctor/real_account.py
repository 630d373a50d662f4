"""An account that stands in the local cloud as a platform team leaves it: bootstrap and foundation, no project yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machine import REGION, Machine

from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.aws.target import ACCOUNT, Target
from mlstead_toolkit.doctor.examination import Examination, Examined, examine, look_at
from mlstead_toolkit.doctor.settings import account_of
from mlstead_toolkit.engine import Session, StackSource
from mlstead_toolkit.project import find_project

ENVIRONMENT, REPOSITORY = "dev", "acme/flight-delays"
DEPLOY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/mlstead-ci/flight-delays-dev-deploy"
BUCKET = f"mlstead-state-{ACCOUNT}-{REGION}"
SECRETS = f"awskms://alias/mlstead-bootstrap-dev/secrets?region={REGION}"


@dataclass
class RealAccount:
    """The account and the project that is to be deployed there; `shell` is what its developer has set."""

    machine: Machine
    foundation: dict[str, Any]
    shell: dict[str, str]
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)  # made once: they are most of a run's time

    @property
    def project(self) -> Path:
        return self.machine.project

    def doctor(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `mlstead doctor dev` as its developer does."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
        return subprocess.run(self.machine.command("doctor", ENVIRONMENT, *words), cwd=self.project, text=True,
                              capture_output=True, env=kept | self.shell, stdin=subprocess.DEVNULL, timeout=120)

    def examine(self) -> Examination:
        """Look at the account from this process, as the shell that the test has set says."""
        return examine(find_project(self.project), ENVIRONMENT)

    def fault(self, name: str) -> Examined:
        """Give the check that is off, which is this one and no other."""
        account = account_of(find_project(self.project), ENVIRONMENT)
        account._clients = self.clients
        found = look_at(account)
        assert [check.name for check in found.broken] == [name], found.broken
        return found.broken[0]


def bring_up(machine: Machine, endpoint: str, tools: Path) -> RealAccount:
    """Deploy bootstrap and foundation, keep the foundation's state where Pulumi would, and make a project."""
    projects = {"flight-delays": {"repository": REPOSITORY, "environments": [ENVIRONMENT]}}
    _up(machine.home, endpoint, "bootstrap", {"mlstead-bootstrap:projects": json.dumps(projects)})
    foundation = _up(machine.home, endpoint, "foundation", {
        "mlstead-foundation:administrators": json.dumps([DEPLOY_ROLE])})
    state = f".pulumi/stacks/mlstead-foundation/{ENVIRONMENT}.json"
    machine.client("s3").put_object(Bucket=BUCKET, Key=state, Body=(machine.home / state).read_bytes())
    machine.succeed("new", "flight-delays", "--defaults", cwd=machine.folder)
    (machine.project / "infra" / "foundation.dev.json").write_text(json.dumps(foundation))
    settings = machine.project / "infra" / "Pulumi.dev.yaml"
    settings.write_text(f"secretsprovider: {SECRETS}\n{settings.read_text()}")
    subprocess.run(["git", "remote", "add", "origin", f"git@github.com:{REPOSITORY}.git"], cwd=machine.project,
                   check=True)
    return RealAccount(machine, foundation, {
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "mlstead", "AWS_SECRET_ACCESS_KEY": "mlstead",
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PULUMI_BACKEND_URL": f"s3://{BUCKET}?region={REGION}", "PATH": f"{tools}:{os.environ['PATH']}"})


def _up(home: Path, endpoint: str, stack: str, settings: dict[str, str]) -> dict[str, Any]:
    source = StackSource(stack_directory(stack), ENVIRONMENT, Path(sys.executable), {"aws:region": REGION} | settings)
    with Session([source], home=home, provider=provider_factory(Target.local(endpoint, REGION))) as session:
        (plan,) = session.up()
    return dict(plan.outputs)
