"""The monthly cost of both sides, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.review.comparison import BASE, HEAD, Comparison, Graph
from mlstead_toolkit.review.cost.estimate import FREE, Estimate
from mlstead_toolkit.review.cost.prices import list_prices
from mlstead_toolkit.review.cost.side import Side
from mlstead_toolkit.review.cost.tariff import TARIFF
from mlstead_toolkit.review.cost.usage import NO_USAGE, Usage
from mlstead_toolkit.review.report import Cost, CostChange

_LOCAL: Final = "local"
"""What runs on a laptop costs nothing."""


def cost_of(comparison: Comparison, usage: Usage = NO_USAGE) -> Cost:
    """Give the sums of what is known, and what differs, what costs the most more first.

    Args:
        comparison: both sides of one environment.
        usage: what the project assumes of its use: see usage.py; not given: nothing.
    """
    before, after = (_side(graph, comparison, usage) for graph in (comparison.before, comparison.after))
    changes = _changes(before or Side(), after or Side(), comparison)
    return Cost(before.sum if before else None, after.sum if after else None, tuple(sorted(changes, key=_order)),
                tuple((after or before or Side()).unknown))


def _side(graph: Graph | None, comparison: Comparison, usage: Usage) -> Side | None:
    if graph is None:
        return None
    if comparison.environment == _LOCAL:
        return Side()
    return Side.of(graph, (comparison.project, comparison.environment), list_prices(), usage)


def _changes(before: Side, after: Side, comparison: Comparison) -> Iterator[CostChange]:
    old = dict(before.resources)
    for urn, now in after.resources.items():
        was = old.pop(comparison.renamed.get(urn, urn), None)
        if was != now:
            yield _change(urn, was, now, comparison.places.get(urn, ""))
    for urn, was in old.items():
        yield _change(urn, was, None, comparison.places.get(urn, ""))
    for name in sorted({*before.shared, *after.shared}):
        was, now = before.shared.get(name, FREE), after.shared.get(name, FREE)
        if was != now:
            yield CostChange(name, "", was.monthly, now.monthly, "; ".join(now.basis or was.basis))


def _change(urn: str, before: Estimate | None, after: Estimate | None, place: str) -> CostChange:
    told, type_ = after or before or FREE, urns.type_of(urn)
    more = _not_priced_before(type_, before, after) if after else ()
    rises = [*([f"what it costs is not known ({'; '.join(more)})"] if more else []), *_rates(before, after)]
    unknown = [part for part in told.unknown if part not in more]
    if before and after and before.monthly is None and before.unpriced != after.unpriced:
        unknown += [f"before: {why}" for _, why in before.unpriced.values()]
    return CostChange(
        urns.name_of(urn), type_, before.monthly if before else None, after.monthly if after else None,
        "; ".join(told.basis), "; ".join(unknown), "; ".join(rises), place,
        tuple(side for side, one in ((BASE, before), (HEAD, after)) if one and one.monthly is None),
        any(one.estimated for one in (before, after) if one),
    )


def _not_priced_before(type_: str, before: Estimate | None, after: Estimate) -> tuple[str, ...]:
    """Say of what there is more that has no price; what is new and costs by use alone is no rise."""
    if type_ not in TARIFF or (before is None and after.monthly is not None):
        return ()
    was = (before or FREE).unpriced
    return tuple(why for name, (units, why) in after.unpriced.items() if units > was.get(name, (Decimal(0), ""))[0])


def _rates(before: Estimate | None, after: Estimate | None) -> Iterator[str]:
    """Say what costs more by the hour."""
    for kind, now in after.rates.items() if before and after else ():
        rate = before.rates.get(kind, Decimal(0)) if before else None
        if rate is not None and now is not None and now > rate:
            yield f"an hour of {kind} costs more: ${rate} → ${now}"


def _order(change: CostChange) -> tuple[Decimal, str, str]:
    return -(change.difference or Decimal(0)), change.type, change.subject
