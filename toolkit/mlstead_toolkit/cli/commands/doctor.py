"""`mlstead doctor`: look at everything a command needs, or an account, and say how to mend what is off."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson

Examined = Annotated[str | None, typer.Argument(
    help="Look at the account of an environment, before its first deployment: dev, staging, prod. "
         "Not given, or local: at this machine and project.", metavar="[ENV]", show_default=False)]


def doctor(environment: Examined = None, json: AsJson = False) -> None:
    """Check this machine and this project, or an environment's account; each thing that is off comes with its fix."""
    from mlstead_toolkit.project import LOCAL

    if environment is None or environment == LOCAL:
        _machine(json=json)
    else:
        _account(environment, json=json)


def _account(environment: str, *, json: bool) -> None:
    from mlstead_toolkit.cli.console import say_json
    from mlstead_toolkit.cli.doctor_view import as_data, show
    from mlstead_toolkit.doctor.examination import examine
    from mlstead_toolkit.project import find_project

    project = find_project()
    found = examine(project, project.require(environment))
    if json:
        say_json(as_data(found))
    else:
        show(found, environment)
    if found.broken:
        raise typer.Exit(1)


def _machine(*, json: bool) -> None:
    from dataclasses import asdict

    from mlstead_toolkit.cli.checkup import examine
    from mlstead_toolkit.cli.console import out, say, say_json

    findings = examine()
    broken = [finding for finding in findings if not finding.ok]
    if json:
        say_json({"ok": not broken, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            mark, style = ("ok  ", "green") if finding.ok else ("off ", "bold red")
            out().print(mark, style=style, end=" ")
            say(f"{finding.name:<14}{finding.found}")
            if finding.fix:
                say(f"     fix: {finding.fix}")
        say("All is well." if not broken else f"{len(broken)} of {len(findings)} checks are off.", "bold")
    if broken:
        raise typer.Exit(1)
