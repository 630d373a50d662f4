"""The review as plain data, for a script."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from enum import Enum
from typing import Any

from mlstead_toolkit.review.report import NOT_COMPARED, EnvironmentReview, Review
from mlstead_toolkit.review.verdict import Verdict

# Raised where a name goes or means something else; a name more is no new version.
VERSION = 1


def as_json(review: Review) -> dict[str, Any]:
    """Give the whole review: the names are those of review/report.py, in camelCase.

    `version` · `project` · `base` · `head` · `verdict` (the worst, or `not compared`) · `verdicts` (worst first) ·
    `problems` · `notes` · `environments`, each with `environment` · `verdict` · `verdicts` ·
    `counts` (by operation) · `unchanged` · `remarks` · `changes` · `access` · `policies` · `cost` · `cloud` ·
    `diagram` · `problems` · `notes`. Verdicts are words, amounts are strings of US dollars a month, what is
    not known is null.
    """
    return {"version": VERSION, "project": review.project, "base": review.base, "head": review.head,
            "verdict": _worst(review.verdicts), "verdicts": _plain(review.verdicts),
            "problems": _plain(review.problems), "notes": _plain(review.notes),
            "environments": [_environment(each) for each in review.environments]}


def _environment(review: EnvironmentReview) -> dict[str, Any]:
    data: dict[str, Any] = _plain(review)
    return {"environment": data.pop("environment"), "verdict": _worst(review.verdicts),
            **data, "counts": dict(review.counts)}


def _worst(verdicts: tuple[Verdict, ...]) -> str:
    return verdicts[0].words if verdicts else NOT_COMPARED


def _plain(value: Any) -> Any:
    if isinstance(value, Verdict):
        return value.words
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {_camel(field.name): _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
