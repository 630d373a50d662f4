"""A stack in a real account: Pulumi's Automation API with the `pulumi` that is installed, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from mlstead.errors import MlsteadError
from mlstead_toolkit.project import FOUNDATION, Project, ProjectError

if TYPE_CHECKING:
    from pulumi.automation import Stack

Answer = TypeVar("Answer")


def open_stack(project: Project, environment: str, on_progress: Callable[[str], None]) -> Stack:
    """Select the project's stack of an environment, made where it is new.

    Raises:
        ProjectError: there is no pulumi on the PATH, or the stack cannot be selected.
    """
    if shutil.which("pulumi") is None:
        raise ProjectError(
            f"The environment {environment!r} is a real account: it takes the Pulumi CLI, which is not installed.",
            where="PATH", fix="install it (https://www.pulumi.com/docs/install), sign in to the state's backend with "
                              "`pulumi login`, then run this again; `local` needs none of it")
    from mlstead_toolkit.environment import ensure_environment

    python = ensure_environment(project.root, on_progress)
    os.environ["PATH"] = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    from pulumi.automation import create_or_select_stack

    return guarded(lambda: create_or_select_stack(stack_name=environment, work_dir=str(project.infra)), environment)


def guarded(call: Callable[[], Answer], environment: str) -> Answer:
    """Run one call of the Automation API; what Pulumi itself printed stands, and the error says where to look."""
    from pulumi.automation.errors import CommandError, InvalidVersionError

    try:
        return call()
    except InvalidVersionError as error:
        raise MlsteadError(str(error), where=shutil.which("pulumi") or "PATH",
                           fix="update the Pulumi CLI (https://www.pulumi.com/docs/install)") from error
    except CommandError as error:
        lines = [line.strip().removeprefix("error: ") for line in str(error).splitlines()
                 if line.strip().startswith("error: ")]
        raise MlsteadError(lines[0] if lines else "Pulumi stopped.", where=f"stack {environment}",
                           fix="Pulumi's own words are above; `mlstead doctor` checks what it needs") from error


def real_outputs(project: Project, environment: str) -> dict[str, Any]:
    """Give the outputs of a stack in a real account, secrets masked."""
    from mlstead_toolkit.cli.console import note

    stack = open_stack(project, environment, note)
    found = guarded(stack.outputs, environment)
    return {name: "[secret]" if output.secret else output.value for name, output in found.items()}


def foundation_outputs(project: Project, environment: str) -> dict[str, Any]:
    """Give the outputs of the foundation that the project's settings name, read from the state's backend."""
    import json
    import subprocess

    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise ProjectError("The Pulumi CLI is not installed.", where="PATH",
                           fix="install it (https://www.pulumi.com/docs/install) and `pulumi login`")
    name = foundation_name(project, environment)
    found = subprocess.run([pulumi, "stack", "output", "--json", "--stack", name, "--non-interactive"],
                           capture_output=True, text=True, check=False)
    if found.returncode:
        reason = found.stderr.strip().splitlines()
        raise MlsteadError(reason[-1] if reason else "Pulumi stopped.", where=f"stack {name}",
                           fix="ask the platform team for the foundation of this environment, or `pulumi login` first")
    outputs: dict[str, Any] = json.loads(found.stdout)
    return outputs


def foundation_name(project: Project, environment: str) -> str:
    """Give the stack that the setting `foundation` names, such as organization/mlstead-foundation/dev."""
    import yaml

    file, key = project.settings_file(environment), f"{project.name}:foundation"
    try:
        settings = yaml.safe_load(file.read_text(encoding="utf-8"))
        return str(settings["config"][key])
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ProjectError(f"The setting {key} cannot be read.", where=str(file),
                           fix=f"write `{key}: organization/{FOUNDATION}/{environment}` below config") from error
