"""`mlstead env`: what a shell, the AWS CLI or the Pulumi CLI need to reach an environment."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.project import LOCAL, ProjectError, find_project

As = Annotated[str | None, typer.Option(
    "--as", metavar="USE", show_default=False,
    help="Act as a role of the project, named as `mlstead access roles` lists it, or by its ARN. Default: MLSTEAD_AS, "
         "or the developer, who may do everything.")]


def env(environment: Environment, use: As = None, json: AsJson = False) -> None:
    """Print variables for a shell: eval "$(mlstead env local)", then use aws, boto3 or pulumi as they are.

    With --as, what the shell does is decided by the policies of that role, and so is what mlstead does in it.
    """
    from mlstead_toolkit.cli.console import out, say_json

    project = find_project()
    project.require(environment)
    if environment != LOCAL:
        raise ProjectError(f"{environment!r} is a real account: its variables are your own sign-in's.",
                           where="the shell",
                           fix="aws sso login (or your team's way in), then pulumi and aws work as they are")
    from mlstead_toolkit.cli.shell_variables import shell_variables

    variables = shell_variables(project, use)
    if json:
        say_json(variables)
        return
    for name, value in variables.items():
        out().print(f"export {name}={shlex.quote(value)}", markup=False)
