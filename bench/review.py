"""Make a project's next pull request: 200 resources, its foundation checked in everywhere, and one tag changed.

usage: review.py PROJECT OUTPUTS.json STATE.json

What is committed is the base, the working tree is the head. STATE.json is the project's local state, by which the
resources that it has already are counted.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

RESOURCES = 200
MORE = """
import pulumi_aws as aws

for number in range({more}):
    aws.ssm.Parameter(f"bench-{{number}}", type="String", value=context.region, tags={{"owner": "{owner}"}})
"""


def main(project: Path, outputs: Path, state: Path) -> None:
    """Write the two sides."""
    infra = project / "infra"
    for settings in infra.glob("Pulumi.*.yaml"):
        shutil.copyfile(outputs, infra / f"foundation.{settings.name.split('.')[1]}.json")
    latest = json.loads(state.read_text())["checkpoint"]["latest"]["resources"]
    there = sum(bool(one.get("custom")) and not one["type"].startswith("pulumi:") for one in latest)
    program = infra / "__main__.py"
    text = program.read_text()
    program.write_text(text + MORE.format(more=max(RESOURCES - there, 1), owner="us"))
    for command in (["add", "--all"], ["commit", "--quiet", "--message", "The base"]):
        subprocess.run(["git", "-c", "user.name=bench", "-c", "user.email=bench@example.com", *command], cwd=project,
                       check=True)
    program.write_text(text + MORE.format(more=max(RESOURCES - there, 1), owner="them"))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
