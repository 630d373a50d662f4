"""Asking before something is lost: a terminal is asked, a script has to say --yes."""

from __future__ import annotations

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.console import interactive


class NotConfirmed(MlsteadError):
    """Somebody said no, or nobody was there to say yes."""


def confirm(question: str, *, yes: bool, command: str, expected: str | None = None) -> None:
    """Ask, unless --yes was given.

    Args:
        question: what is asked, and what it would lose.
        yes: the --yes of the command.
        command: the command, for the hint.
        expected: what has to be typed; None asks for a plain yes.

    Raises:
        NotConfirmed: the answer was another one, or there is no terminal to ask on.
    """
    if yes:
        return
    if not interactive():
        raise NotConfirmed("Nobody is here to confirm this, so nothing was done.", where="standard input",
                           fix=f"{command} --yes")
    import typer

    if expected is None:
        agreed = typer.confirm(question)
    else:
        agreed = typer.prompt(f"{question} Type {expected} to go on", default="", show_default=False) == expected
    if not agreed:
        raise NotConfirmed("Not confirmed, so nothing was done.", fix=f"{command}, once you are sure")
