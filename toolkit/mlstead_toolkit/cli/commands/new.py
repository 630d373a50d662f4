"""`mlstead new`: a project's repository, ready to come up."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

Destination = Annotated[Path, typer.Argument(metavar="DEST", show_default=False,
                                             help="The folder to make; its name becomes the project's.")]
Defaults = Annotated[bool, typer.Option("--defaults", help="Take the default answer to every question.")]
Answers = Annotated[list[str] | None, typer.Option(
    "--data", "-d", metavar="QUESTION=ANSWER", help="Answer a question beforehand; may be repeated.")]


def new(destination: Destination, defaults: Defaults = False, data: Answers = None) -> None:
    """Make a project: data, model, pipeline, infrastructure and tests, in a git repository with a first commit."""
    from mlstead.errors import MlsteadError
    from mlstead_toolkit.cli.console import interactive, next_step, note, say
    from mlstead_toolkit.scaffold import new_project

    answers = {}
    for text in data or []:
        name, equals, value = text.partition("=")
        if not equals:
            raise MlsteadError(f"{text!r} is not an answer.", where="--data", fix="write it as question=answer")
        answers[name] = value
    made = new_project(destination, answers, ask=interactive() and not defaults, on_progress=note)
    say(f"Made {made.name} in {made.resolve()}.", "bold")
    next_step(f"cd {shlex.quote(str(destination))}, then mlstead up local")
