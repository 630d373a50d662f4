"""Answers given beforehand: an unknown one is an error that names the known ones. Copier would ignore it silently."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

import yaml

from mlstead.errors import MlsteadError

FILLED_BY_MLSTEAD = frozenset({"mlstead_wheel", "mlstead_wheel_digest"})
"""Questions that `new` answers itself, from the wheel that it puts into the project."""


class BadAnswer(MlsteadError):
    """An answer names no question of the template, or is not one that the question takes."""


def question_names(questions: Path) -> list[str]:
    """Give the names of a copier.yml's questions, those that a user may answer."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(questions.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - one of the safe loaders
    return [name for name in document if not name.startswith("_") and name not in FILLED_BY_MLSTEAD]


def refuse_unknown(answers: Mapping[str, str], questions: Path) -> None:
    """Refuse answers to questions that there are not.

    Raises:
        BadAnswer: naming the questions there are, and the one that was probably meant.
    """
    known = question_names(questions)
    for name in answers:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise BadAnswer(f"The template has no question {name!r}.{meant}", where=f"-d {name}={answers[name]}",
                            fix=f"answer one of: {', '.join(known)}")
