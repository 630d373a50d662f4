"""What of the cost a reviewer has to look at."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from mlstead_toolkit.review.report import Cost, CostChange, Remark
from mlstead_toolkit.review.verdict import Verdict

_NAMED: Final = 3


def remarks_of_cost(cost: Cost) -> tuple[Remark, ...]:
    """Give a remark for the sum that rises, and for what costs more by use or by an amount that is not known."""
    return tuple(_remarks(cost))


def _remarks(cost: Cost) -> Iterator[Remark]:
    if cost.before is not None and cost.after is not None and cost.difference > 0:
        rising = sorted((one for one in cost.changes if _rise(one) > 0), key=_rise, reverse=True)
        yield Remark(Verdict.COSTS_MORE, _sum(cost, rising),
                     rising[0].subject if len(rising) == 1 else f"{len(rising)} resources",
                     rising[0].type if len(rising) == 1 else "", rising[0].place if len(rising) == 1 else "")
    for change in cost.changes:
        if change.rises:
            yield Remark(Verdict.COSTS_MORE, change.rises, change.subject, change.type, change.place)


def _sum(cost: Cost, rising: list[CostChange]) -> str:
    """Say by how much, and what part that is of all that is known to be paid before."""
    about = "about " if any(one.estimated for one in cost.changes if one.difference) else ""
    text = f"{about}${cost.difference:,.2f} a month more"
    if cost.before:
        percent = (cost.difference / cost.before * 100).quantize(Decimal(1), ROUND_HALF_UP)
        text += f" (+{percent:,} %)" if percent else " (less than +1 %)"
    if len(rising) == 1:
        return text
    named = ", ".join(f"{one.subject} ${_rise(one):,.2f}" for one in rising[:_NAMED])
    more = len(rising) - _NAMED
    return f"{text}: {named}{f' and {more} more' if more > 0 else ''}"


def _rise(change: CostChange) -> Decimal:
    return change.difference or Decimal(0)
