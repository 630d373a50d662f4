"""`mlstead env`: what a shell, the AWS CLI or the Pulumi CLI need to reach an environment."""

from __future__ import annotations

import shlex

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.cli.project import LOCAL, ProjectError, find_project


def env(environment: Environment, json: AsJson = False) -> None:
    """Print variables for a shell: eval "$(mlstead env local)", then use aws, boto3 or pulumi as they are."""
    from mlstead_toolkit.cli.console import out, say_json

    project = find_project()
    project.require(environment)
    if environment != LOCAL:
        raise ProjectError(f"{environment!r} is a real account: its variables are your own sign-in's.",
                           where="the shell",
                           fix="aws sso login (or your team's way in), then pulumi and aws work as they are")
    from mlstead_toolkit.cli.shell_variables import shell_variables

    variables = shell_variables(project)
    if json:
        say_json(variables)
        return
    for name, value in variables.items():
        out().print(f"export {name}={shlex.quote(value)}", markup=False)
