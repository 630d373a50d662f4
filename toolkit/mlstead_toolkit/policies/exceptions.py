"""policy-exceptions.toml: which rules need not hold of which resources, until when, and who agreed to it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from mlstead.refusal import Refusal
from mlstead.reviewed_file import Part, guess, read_toml, refusal
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.finding import Finding, Verdict
from mlstead_toolkit.policies.reviewed_exception import ReviewedException
from mlstead_toolkit.policies.rule import Rule

FILE: Final = "policy-exceptions.toml"
_LONGEST: Final = datetime.timedelta(days=366)


class _File(Part):
    exception: tuple[ReviewedException, ...] = ()


@dataclass(frozen=True)
class Exceptions:
    """What was agreed.

    Args:
        agreed: the exceptions that count today.
        expired: those that no longer do.
    """

    agreed: tuple[ReviewedException, ...] = ()
    expired: tuple[ReviewedException, ...] = ()

    def unused(self, findings: Sequence[Finding], environment: str) -> list[ReviewedException]:
        """Give those that excuse nothing, as far as that is decided.

        One that names another environment in a URN has nothing to excuse in this one.
        """
        used = {id(finding.exception) for finding in findings}
        open_ = [finding for finding in findings if finding.verdict is Verdict.NOT_DECIDED]
        return [one for one in self.agreed
                if id(one) not in used and _concerns(one, environment)
                and not any(one.covers(finding.rule.id, finding) for finding in open_)]


def find(directory: Path) -> Path:
    """Give where the file of a program is: beside infra/, or in the program's own folder where that is no infra/."""
    return (directory.parent if directory.name == "infra" else directory) / FILE


def read(file: Path, rules: Sequence[Rule] = RULES, today: datetime.date | None = None) -> Exceptions:
    """Read the file; none is as good as an empty one.

    Args:
        file: where it may be.
        rules: the rules that there are.
        today: the day to judge by; not given: this one, UTC.

    Raises:
        Refusal: it is no TOML, says too little or too much, names no rule that exists, or reaches beyond a year.
    """
    if not file.is_file():
        return Exceptions()
    today = today or datetime.datetime.now(datetime.UTC).date()
    body = read_toml(file, f"There is no {FILE}.", "leave it out where nothing is excepted")
    try:
        found = _File.model_validate(body).exception
    except ValidationError as error:
        raise refusal(file, error.errors(include_url=False), _keys) from None
    for one in found:
        _refuse(one, file, {rule.id for rule in rules}, today)
    return Exceptions(tuple(one for one in found if one.expires >= today),
                      tuple(one for one in found if one.expires < today))


def _refuse(one: ReviewedException, file: Path, known: set[str], today: datetime.date) -> None:
    if one.rule not in known:
        raise Refusal(f"There is no rule {one.rule}.{guess(one.rule, known)}", where=str(file),
                      fix="mlstead policies list")
    if one.expires > today + _LONGEST:
        raise Refusal(f"The exception from {one.rule} for {one.resource} would last until {one.expires}.",
                      where=str(file), fix=f"let it end within a year, by {today + _LONGEST}, and be looked at again")


def _concerns(one: ReviewedException, environment: str) -> bool:
    head = one.resource.partition("::")[0]
    return not one.resource.startswith("urn:") or fnmatchcase(f"urn:pulumi:{environment}", head)


def _keys(inside: list[str]) -> list[str]:
    return list(ReviewedException.model_fields) if inside else ["exception"]
