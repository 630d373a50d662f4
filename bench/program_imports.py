"""Find the modules that a Pulumi program uses: run it under Pulumi's mocks and see what it imported.

usage: program_imports.py DIRECTORY STACK OUTPUTS.json > imports.py   (with the program's own interpreter)

What is printed is a script that imports exactly those modules and does nothing else.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any

START = set(sys.modules)

import pulumi
import yaml
from pulumi.runtime.stack import run_pulumi_func
from pulumi.runtime.sync_await import _sync_await


class Answers(pulumi.runtime.Mocks):
    """Gives every resource its inputs back as outputs, with an id and an ARN."""

    def __init__(self, referenced: dict[str, Any]) -> None:
        self._referenced = referenced

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Answer a registration."""
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {"name": args.name, "outputs": self._referenced, "secretOutputNames": []}
        known = {"arn": f"arn:aws:s3:::{args.name}", "name": args.name, "bucket": args.name, "keyId": args.name}
        return args.name, known | dict(args.inputs)

    def call(self, _args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        """Answer a function."""
        return {"accountId": "123456789012", "id": "x", "arn": "arn:aws:iam::123456789012:root", "userId": "x",
                "region": "eu-west-1", "name": "eu-west-1", "partition": "aws",
                "names": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]}


def main(directory: str, stack: str, outputs: str) -> None:
    """Run the program and print the script."""
    os.chdir(directory)
    sys.path.insert(0, directory)
    project = yaml.safe_load(Path("Pulumi.yaml").read_text())["name"]
    config = yaml.safe_load(Path(f"Pulumi.{stack}.yaml").read_text())["config"]
    pulumi.runtime.set_all_config({
        key if ":" in key else f"{project}:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()})
    answers = Answers(json.loads(Path(outputs).read_text()))
    pulumi.runtime.set_mocks(answers, project=project, stack=stack, preview=False)
    _sync_await(run_pulumi_func(lambda: runpy.run_path("__main__.py", run_name="__main__") and None))
    used = sorted(
        name for name, module in sys.modules.items()
        if name not in START and "__main__" not in name and getattr(module, "__spec__", None) is not None)
    sys.stdout.write("import importlib\n")
    sys.stdout.writelines(f"importlib.import_module({name!r})\n" for name in used if not name.startswith("yaml"))


if __name__ == "__main__":
    main(*sys.argv[1:])
