"""`mlstead outputs`: what a stack exports."""

from __future__ import annotations

import json as json_format
from typing import Annotated, Any

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.project import LOCAL, Project, ProjectError, find_project

Foundation = Annotated[bool, typer.Option(
    "--foundation", help="The foundation's instead, and keep them in infra/foundation.ENV.json, to be committed.")]


def outputs(environment: Environment, foundation: Foundation = False, json: AsJson = False) -> None:
    """Print what the environment's stack exports: names, addresses, and what is served."""
    from mlstead_toolkit.cli.console import next_step, say, say_json
    from mlstead_toolkit.review.changes.values import plain, show

    project = find_project()
    project.require(environment)
    found = plain(_foundation(project, environment) if foundation else _project(project, environment))
    if not found:
        raise ProjectError(f"Nothing is deployed in {environment!r} yet.", fix=f"mlstead up {environment}",
                           where=f"stack {'mlstead-foundation' if foundation else project.name}/{environment}")
    if json:
        say_json(found)
    else:
        width = max(map(len, found))
        for name, value in sorted(found.items()):
            say(f"{name:<{width}}  {value if isinstance(value, str) else show(value)}")
    if foundation:
        file = project.infra / f"foundation.{environment}.json"
        file.write_text(json_format.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        if not json:
            next_step(f"review and commit {file.relative_to(project.root)}")


def _project(project: Project, environment: str) -> dict[str, Any]:
    if environment == LOCAL:
        from mlstead_toolkit.cli.local_stack import local_outputs

        return local_outputs(project)
    from mlstead_toolkit.cli.pulumi_stack import real_outputs

    return real_outputs(project, environment)


def _foundation(project: Project, environment: str) -> dict[str, Any]:
    if environment == LOCAL:
        from mlstead_toolkit.cli.local_stack import foundation_outputs

        return foundation_outputs()
    from mlstead_toolkit.cli.pulumi_stack import foundation_outputs as real_foundation_outputs

    return real_foundation_outputs(project, environment)
