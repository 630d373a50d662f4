"""The exceptions that were agreed to, as a list: which has expired, which soon will, which counts."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from mlstead_toolkit.cli.console import UNBROKEN, next_step, out, say
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.exceptions import FILE, Exceptions
from mlstead_toolkit.policies.reviewed_exception import ReviewedException


class Term(StrEnum):
    """How an exception stands in time."""

    EXPIRED = "expired"
    SOON = "expires soon"
    COUNTS = "counts"


@dataclass(frozen=True)
class Listed:
    """An exception in the list.

    Args:
        exception: what was agreed.
        term: how it stands.
        days: how many it still counts, today not among them; fewer than 0: since when it does not.
    """

    exception: ReviewedException
    term: Term
    days: int


def listed(exceptions: Exceptions, today: datetime.date, within: int) -> list[Listed]:
    """Put the exceptions in order, what ends first first.

    Args:
        exceptions: all of them.
        today: the day they are looked at.
        within: how many days ahead are soon.
    """
    found = []
    for one in sorted((*exceptions.expired, *exceptions.agreed), key=lambda one: (one.expires, one.rule, one.resource)):
        days = (one.expires - today).days
        found.append(Listed(one, Term.EXPIRED if days < 0 else Term.SOON if days <= within else Term.COUNTS, days))
    return found


def print_exceptions(found: Sequence[Listed]) -> None:
    """Print a row for each, and what to do where one has expired."""
    if not found:
        say(f"No rule is excepted: {FILE} has no [[exception]].")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("", "until", "rule", "resource", "owner", "reason"):
        table.add_column(column, overflow="fold")
    styles = {Term.EXPIRED: "bold red", Term.SOON: "bold yellow", Term.COUNTS: ""}
    for each in found:
        one = each.exception
        table.add_row(Text(_term(each), style=styles[each.term]),
                      *map(Text, (str(one.expires), one.rule, one.resource, one.owner, one.reason)))
    out(UNBROKEN).print(table, soft_wrap=False)
    if any(each.term is Term.EXPIRED for each in found):
        next_step(f"mend what is excepted and take it out of {FILE}, or have it agreed anew")


def exception_data(each: Listed) -> dict[str, Any]:
    """Give an exception as plain data."""
    levels = {rule.id: rule.level.value for rule in RULES}
    return each.exception.model_dump(mode="json") | {
        "level": levels[each.exception.rule], "term": each.term.value, "days": each.days}


def _term(each: Listed) -> str:
    return f"in {each.days} days" if each.term is Term.SOON else "" if each.term is Term.COUNTS else each.term.value
