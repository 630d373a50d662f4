"""`mlstead up` and `mlstead preview`: make an environment what infra/ says, or only say what that would change."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment, On, Yes
from mlstead_toolkit.cli.local_place import LocalTarget, local_place, refuse_target
from mlstead_toolkit.project import LOCAL, find_project

Refresh = Annotated[bool, typer.Option("--refresh", help="Read every resource back from the cloud first.")]
Details = Annotated[bool, typer.Option("--diff", help="Show the inputs of what is created, too.")]


def up(environment: Environment, refresh: Refresh = False, diff: Details = False, yes: Yes = False,
       target: On = LocalTarget.LOCAL, json: AsJson = False) -> None:
    """Bring an environment up: show the plan, then apply it.

    `local` runs on this machine and needs no account: the local cloud starts by itself, and nothing is asked.
    In a real account it is Pulumi that shows, asks and applies.
    """
    _run(environment, target, apply=True, refresh=refresh, diff=diff, yes=yes, json=json)


def preview(environment: Environment, refresh: Refresh = False, diff: Details = False,
            target: On = LocalTarget.LOCAL, json: AsJson = False) -> None:
    """Show what `mlstead up` would change, and change nothing."""
    _run(environment, target, apply=False, refresh=refresh, diff=diff, yes=False, json=json)


def _run(environment: str, target: LocalTarget, *, apply: bool, refresh: bool, diff: bool, yes: bool, json: bool
         ) -> None:
    project = find_project()
    project.require(environment)
    refuse_target(environment, target)
    if environment == LOCAL:
        from mlstead_toolkit.cli.local_deployment import deploy

        deploy(project, local_place(target), apply=apply, refresh=refresh, diff=diff, json=json)
    else:
        from mlstead_toolkit.cli.pulumi_deployment import deploy as deploy_with_pulumi

        deploy_with_pulumi(project, environment, apply=apply, refresh=refresh, diff=diff, yes=yes, json=json)
