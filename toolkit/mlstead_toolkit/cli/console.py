"""What the terminal gets: results on stdout, progress and errors on stderr, colours only where someone looks."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 120
UNBROKEN = 100_000


@cache
def out(piped_width: int = PIPED_WIDTH) -> Console:
    """Give the console of results.

    Args:
        piped_width: in how many columns tables are laid out where nobody looks; UNBROKEN: as many as they need.
    """
    return _console(piped_width, stderr=False)


@cache
def err() -> Console:
    """Give the console of progress and errors."""
    return _console(PIPED_WIDTH, stderr=True)


def _console(piped_width: int, *, stderr: bool) -> Console:
    from rich.console import Console

    piped = not (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False, width=piped_width if piped else None)


def say(text: str = "", style: str | None = None) -> None:
    """Print one line of a result, brackets and all."""
    out().print(text, style=style, markup=False)


def note(text: str) -> None:
    """Print one line of progress; it never mixes with a result that a script reads."""
    err().print(text, style="dim", markup=False)


def next_step(text: str) -> None:
    """End a command with what to type next."""
    console = out()
    console.print("Next: ", style="bold", end="")
    console.print(text, style="cyan", markup=False)


def say_json(data: Any) -> None:
    """Print a result for a script."""
    sys.stdout.write(json.dumps(data, indent=2, default=str) + "\n")


def interactive() -> bool:
    """Tell whether somebody sits at the terminal and can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
