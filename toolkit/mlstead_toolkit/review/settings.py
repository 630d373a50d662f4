"""`[tool.mlstead.review]` of a project's pyproject.toml: from what on a review fails, and what it looks at."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mlstead.errors import MlsteadError
from mlstead_toolkit.project import did_you_mean
from mlstead_toolkit.review.verdict import Verdict

FILE: Final = "pyproject.toml"
TABLE: Final = "tool.mlstead.review"
ALLOWED: Final = ("fail_on", "environments")


class BadReviewSetting(MlsteadError):
    """A setting of the review is none, or has a value that it does not take."""


@dataclass(frozen=True)
class ReviewSettings:
    """How a project wants its changes reviewed.

    Args:
        fail_on: the mildest verdict by which the review fails.
        environments: those that are looked at; none named: every one that has a settings file.
    """

    fail_on: Verdict = Verdict.CANNOT_BE_DEPLOYED
    environments: tuple[str, ...] = ()


def read_settings(folder: Path) -> ReviewSettings:
    """Read the settings of a project, or of the repository that a stack by itself is in; none is as good as no table.

    Args:
        folder: holds pyproject.toml, or does not.

    Raises:
        BadReviewSetting: the file is no TOML, or a setting is refused.
    """
    file = folder / FILE
    try:
        document: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ReviewSettings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadReviewSetting(f"The file is no valid TOML: {error}.", where=FILE, fix="correct it") from error
    table = document
    for name in TABLE.split("."):
        table = table.get(name, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        raise BadReviewSetting(f"[{TABLE}] is no table.", where=FILE, fix=f"write [{TABLE}] and below it fail_on = …")
    for key in table:
        if key not in ALLOWED:
            raise BadReviewSetting(f"There is no setting {key!r}{did_you_mean(key, ALLOWED)}.",
                                   where=f"{FILE}, [{TABLE}]", fix=f"one of {', '.join(ALLOWED)}")
    fail_on = threshold(table["fail_on"], f"{FILE}, [{TABLE}] fail_on") if "fail_on" in table else None
    environments = table.get("environments", [])
    if not isinstance(environments, list) or not all(isinstance(name, str) for name in environments):
        raise BadReviewSetting("It is a list of environments' names.", where=f"{FILE}, [{TABLE}] environments",
                               fix='environments = ["dev", "prod"]')
    return ReviewSettings(fail_on or Verdict.CANNOT_BE_DEPLOYED, tuple(environments))


def threshold(words: object, where: str) -> Verdict:
    """Give the verdict that is named, `may lose data` or may-lose-data.

    Args:
        words: what somebody wrote.
        where: where that is, to be named in the refusal.
    """
    known = [verdict.words for verdict in Verdict if verdict is not Verdict.SAFE]
    try:
        found = Verdict.named(str(words))
    except KeyError:
        found = Verdict.SAFE
    if found is Verdict.SAFE:
        raise BadReviewSetting(f"{words!r} is no verdict that a review can fail on{did_you_mean(str(words), known)}.",
                               where=where, fix=f"one of {', '.join(known)}")
    return found
