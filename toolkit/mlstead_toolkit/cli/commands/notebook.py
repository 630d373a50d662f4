"""`mlstead notebook`: look at the data, as whoever explores may."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlstead_toolkit.cli.arguments import Environment
from mlstead_toolkit.project import LOCAL, ProjectError, find_project

if TYPE_CHECKING:
    from types import FrameType

    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.project import Project

Profile = Annotated[str | None, typer.Option(
    "--profile", "-p", metavar="NAME", show_default=False,
    help="Whose Studio to open, of the setting exploration.profiles; not for local. Default: the only one.")]
Execute = Annotated[Path | None, typer.Option(
    "--execute", "-x", metavar="NOTEBOOK", show_default=False,
    help="Run a notebook to its end instead, without a browser; only for local. Ends with 1 where a cell fails.")]
Out = Annotated[Path | None, typer.Option(
    "--out", "-o", metavar="FILE", show_default=False, help="With --execute: where to write it with its results.")]


def notebook(environment: Environment, profile: Profile = None, execute: Execute = None, out: Out = None) -> None:
    """Open JupyterLab under the exploration role: on this machine for local, else in SageMaker Studio."""
    if out is not None and execute is None:
        raise typer.BadParameter("goes with --execute", param_hint="--out")
    if profile is not None and environment == LOCAL:
        raise typer.BadParameter("profiles are Studio's; local has none", param_hint="--profile")
    if execute is not None and environment != LOCAL:
        raise typer.BadParameter(f"a notebook of {environment} runs in its Studio", param_hint="--execute")
    from mlstead_toolkit.cli.aws_access import deployment

    project = find_project()
    deployed = deployment(project, environment)
    if environment != LOCAL:
        _open_studio(deployed, profile)
    elif execute is not None:
        _execute(project, deployed, execute, out)
    else:
        _open_here(project, deployed)


def _open_studio(deployed: Deployment, profile: str | None) -> None:
    from mlstead_toolkit.cli.console import say
    from mlstead_toolkit.cli.exploration import studio_address

    name, address = studio_address(deployed, profile)
    say(f"Studio as {name}; open this within five minutes, and give it to nobody:")
    say(address)


def _execute(project: Project, deployed: Deployment, file: Path, out: Path | None) -> None:
    from mlstead_toolkit.cli.console import note, say
    from mlstead_toolkit.cli.exploration import notebook_environment
    from mlstead_toolkit.cli.jupyter import execute
    from mlstead_toolkit.environment import ensure_environment

    if not file.is_file():
        raise ProjectError("There is no such notebook.", where=str(file.resolve()), fix="name an .ipynb that exists")
    python = ensure_environment(project.root, note)
    execute(python, file.resolve(), out.resolve() if out else None, notebook_environment(deployed, python))
    say(f"{file} ran to its end" + (f"; with its results: {out}" if out else "."))


def _open_here(project: Project, deployed: Deployment) -> None:
    from mlstead_toolkit.cli.console import note, say
    from mlstead_toolkit.cli.exploration import notebook_environment
    from mlstead_toolkit.cli.jupyter import Jupyter, JupyterFailed
    from mlstead_toolkit.environment import ensure_environment
    from mlstead_toolkit.home import home_directory

    folder = project.root / "notebooks"
    if not folder.is_dir():
        raise ProjectError("The project has no folder for notebooks.", where=str(folder), fix=f"mkdir {folder}")
    python = ensure_environment(project.root, note)
    signal.signal(signal.SIGTERM, _interrupt)  # ended otherwise than by Ctrl-C, it takes JupyterLab along too
    note("Starting JupyterLab …")
    try:
        lab = Jupyter.start(python, folder, notebook_environment(deployed, python), home_directory() / "notebook.log")
    except KeyboardInterrupt:
        raise typer.Exit from None
    try:
        say(lab.address)
        note("It may do what the exploration role may, for twelve hours. Ctrl-C ends it.")
        code = lab.wait()
    except KeyboardInterrupt:
        lab.end()
        say("JupyterLab has ended.")
        return
    if code != 0:
        raise JupyterFailed(f"JupyterLab ended with code {code}.", where=str(lab.log), fix="mend what it says there")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
