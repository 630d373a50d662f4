"""`mlstead doctor`: look at everything a command needs, and say how to mend what is off."""

from __future__ import annotations

import typer

from mlstead_toolkit.cli.arguments import AsJson


def doctor(json: AsJson = False) -> None:
    """Check this machine and this project; each thing that is off comes with its fix."""
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
