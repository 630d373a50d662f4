"""Drift of a real account, as the `pulumi` that is installed tells it; it locks nothing and writes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.console import note
from mlstead_toolkit.project import Project, ProjectError

if TYPE_CHECKING:
    from mlstead_toolkit.review.cloud.pulumi_plan import PulumiPlan
    from mlstead_toolkit.review.report import CloudPlan


def pulumi_drift(project: Project, environment: str) -> CloudPlan | None:
    """Give what differs between the project's code and an environment's account; None where nothing is deployed.

    Two plans: a refresh tells what was changed in the cloud, whatever the code says; a preview after one, what a
    deployment would do about it, and besides.

    Raises:
        ProjectError: there is no pulumi on the PATH.
        MlsteadError: it failed.
    """
    from mlstead_toolkit.environment import ensure_environment
    from mlstead_toolkit.review.cloud.drift import drift_of_pulumi

    if shutil.which("pulumi") is None:
        raise ProjectError(
            f"The environment {environment!r} is a real account: it takes the Pulumi CLI, which is not installed.",
            where="PATH", fix="install it (https://www.pulumi.com/docs/install) and `pulumi login`")
    python = ensure_environment(project.root, note)
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    note(f"Previewing {environment} against what is in the cloud …")
    planned = _plan(project, environment, path, "preview", "--refresh")
    if planned.first:
        return None
    note("Reading what was changed there …")
    return drift_of_pulumi(_plan(project, environment, path, "refresh", "--preview-only"), planned)


def _plan(project: Project, environment: str, path: str, *words: str) -> PulumiPlan:
    from mlstead_toolkit.review.cloud.pulumi_plan import read_plan

    done = subprocess.run(
        ["pulumi", "-C", str(project.infra), *words, "--json", "--non-interactive", "--stack", environment],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False)
    command = f"pulumi {' '.join(words)} --stack {environment}"
    if not done.stdout.strip():
        said = [line.removeprefix("error: ").strip() for line in done.stderr.splitlines() if line.startswith("error:")]
        raise MlsteadError(said[0] if said else "Pulumi stopped without a word.", where=command,
                           fix=f"sign in and `pulumi login`; mlstead doctor {environment} says what is missing")
    plan = read_plan(done.stdout, project=project.name, environment=environment, where=command)
    if done.returncode:
        raise MlsteadError("Pulumi stopped, and does not say why.", where=command, fix="type the same, and read on")
    return plan
