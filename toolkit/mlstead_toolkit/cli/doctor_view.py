"""How `mlstead doctor ENV` is told: a line a check, then its fix; what may not be looked at is no fault."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.cli.console import out, say

if TYPE_CHECKING:
    from mlstead_toolkit.doctor.examination import Examination

_MARKS = {True: ("ok  ", "green"), False: ("off ", "bold red"), None: ("?   ", "yellow")}


def as_data(found: Examination) -> dict[str, Any]:
    """Give what a script reads; `ok` of a check is null where it may not be looked at."""
    return {"ok": not found.broken, "checks": [asdict(check) for check in found.checks], "left_out": found.left_out}


def show(found: Examination, environment: str) -> None:
    """Print every check, and the verdict."""
    for check in found.checks:
        mark, style = _MARKS[check.ok]
        out().print(mark, style=style, end=" ")
        say(f"{check.name:<15}{check.found}")
        if check.fix:
            say(f"     fix: {check.fix}")
    if found.left_out:
        say(f"Left out until that is mended: {', '.join(found.left_out)}.")
    unseen = sum(check.ok is None for check in found.checks)
    also = f" {unseen} may not be looked at from here." if unseen else ""
    many = f"{len(found.broken)} of {len(found.checks)} checks are off."
    say((many if found.broken else f"Nothing stops a deployment of {environment}.") + also, "bold")
