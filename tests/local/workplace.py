"""One program and one state below a home, for the embedded engine and for a real `pulumi` on the PATH."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.cli.provider_server import ensure_serving
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine import Operation, Session, StackPlan, StackSource

needs_pulumi = pytest.mark.skipif(
    shutil.which("pulumi") is None or shutil.which("pulumi-language-python") is None,
    reason="there is no pulumi with its Python host on the PATH; the product and its other tests need none")


class Workplace:
    """A program in a folder, and what either engine needs to run it."""

    def __init__(self, folder: Path, cloud: CloudStatus, program: str) -> None:
        self.home, self.program = folder / "home", folder / "program"
        (self.program / "folder" / "deeper").mkdir(parents=True)
        self.home.mkdir()
        (self.program / "folder" / "a.txt").write_text("a")
        (self.program / "folder" / "deeper" / "b.txt").write_text("b")
        (self.program / "Pulumi.yaml").write_text("name: tried\nruntime: python\n")
        (self.program / "__main__.py").write_text(program)
        self.factory = provider_factory(Target.local(cloud.endpoint, "eu-west-1"))
        self.environment = {
            **os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PULUMI_DEBUG_PROVIDERS": f"aws:{ensure_serving(self.home, self.program, cloud.endpoint, 'eu-west-1')}",
            "PULUMI_BACKEND_URL": f"file://{self.home}", "PULUMI_HOME": str(folder / "pulumi"),
            "PULUMI_SKIP_UPDATE_CHECK": "true"}
        self.stage(1)

    def stage(self, number: int) -> None:
        settings = self.program / "Pulumi.local.yaml"
        kept = [line for line in settings.read_text().splitlines() if "encryptionsalt" in line] \
            if settings.exists() else []
        lines = ["config:", "  aws:region: eu-west-1", f"  tried:stage: {number}", *kept]
        settings.write_text("\n".join(lines) + "\n")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["pulumi", *arguments, "--non-interactive", "-s", "local"], cwd=self.program,
                              env=self.environment, capture_output=True, text=True, timeout=120)

    def pulumi(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def embedded(self, act: Callable[[Session], list[StackPlan]]) -> list[tuple[Operation, str]]:
        source = StackSource(self.program, "local", Path(sys.executable))
        with Session([source], home=self.home, provider=self.factory) as session:
            return [(step.operation, step.name) for plan in act(session) for step in plan.changes]

    def exported(self) -> dict[str, Any]:
        resources = json.loads(self.pulumi("stack", "export"))["deployment"]["resources"]
        return {re.sub(r"::[^:]*$", "", item["urn"]) + item["urn"].rpartition("::")[2]: _meaning(item)
                for item in resources}


def _meaning(resource: dict[str, Any]) -> Any:
    """Leave out what no two runs share: times, positions, automatic names, ciphers, and the order of sets."""
    for key in ("created", "modified", "sourcePosition", "stackTrace", "id"):
        resource.pop(key, None)
    resource.get("dependencies", []).sort()
    for names in resource.get("propertyDependencies", {}).values():
        names.sort()
    text = re.sub(r"(-[0-9a-f]{7}\b)|AROA\w+|v1:[\w/+=]+:[\w/+=]+|\d{4}-\d\d-\d\dT[\d:.]+Z", "…", json.dumps(resource))
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", text)
    return json.loads(re.sub(r'"path": "[^"]*/folder"', '"path": "folder"', text))
