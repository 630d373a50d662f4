"""What a month costs before and after, by resource, and what nobody can know from code."""

from __future__ import annotations

from decimal import Decimal

from mlstead_toolkit.review.comparison import BASE, HEAD
from mlstead_toolkit.review.rendering.blocks import Block, Details, Heading, Item, Items, Line, Paragraph, Strong, Table
from mlstead_toolkit.review.rendering.room import Room, shortened
from mlstead_toolkit.review.rendering.words import code, dollars, groups, named, short_type
from mlstead_toolkit.review.report import Cost, CostChange, EnvironmentReview, Review

_NOT_KNOWN = "not known"


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Tell sums that differ, then resources; where no amount differs, what is paid by use alone."""
    if not any(each.cost and each.cost.changes for each in review.environments):
        return ()
    found: list[Block] = [Heading(3, ("Monthly cost",)), *_sums(review, room)]
    grouped, _ = room.cut(list(groups(review, lambda each: each.cost.changes if each.cost else ())))
    for label, changes in grouped:
        if label:
            found.append(Paragraph((Strong(label),)))
        found += _resources(changes, room)
    if room.folded and (unknown := _unknown(review, room)):
        found.append(Details(("Not in these amounts: what depends on use",), unknown))
    return tuple(found)


def _sums(review: Review, room: Room) -> list[Block]:
    rows: dict[tuple[Line, ...], list[str]] = {}
    for each in review.environments:
        if each.cost and each.cost.differs:
            rows.setdefault(_sum(each.cost), []).append(each.environment)
    shown, _ = room.cut(list(rows.items()))
    table = Table(("environment", "before", "after", "difference"),
                  tuple(((named(environments),), *row) for row, environments in shown), numbers=(1, 2, 3))
    return [table] if rows else [Paragraph(("No amount differs. By use alone:",))]


def _sum(cost: Cost) -> tuple[Line, ...]:
    """What is not known of one side is in neither sum's difference: it would look like a saving."""
    unpriced = {name: None for side in (BASE, HEAD) for name in cost.without(side)}
    told = dollars(cost.difference, signed=True) if cost.difference else ""
    if any(one.estimated for one in cost.changes if one.difference):
        told = f"about {told}"
    without = f" without {', '.join(unpriced)}" if unpriced else ""
    difference: Line = (Strong(told), without) if told else (Strong(_NOT_KNOWN),)
    return (_known(cost.before, cost.without(BASE)),), (_known(cost.after, cost.without(HEAD)),), difference


def _known(amount: Decimal | None, without: tuple[str, ...]) -> str:
    return f"at least {dollars(amount)}, without {', '.join(without)}" if without else dollars(amount)


def _resources(changes: tuple[CostChange, ...], room: Room) -> list[Block]:
    priced, rest = room.cut([change for change in changes if change.difference != 0])
    used, more = room.cut([change for change in changes if change.difference == 0])
    table = Table(("resource", "before", "after", "difference", "counted as"),
                  tuple(_row(change, room) for change in priced), numbers=(1, 2, 3))
    return [*([table] if priced else []), *([Items(tuple(_use(change, room) for change in used))] if used else []),
            *([Paragraph((f"and {rest + more} more",))] if rest + more else [])]


def _row(change: CostChange, room: Room) -> tuple[Line, ...]:
    use = f"not known: {change.unknown}" if change.unknown else ""
    basis = shortened("; ".join(filter(None, (change.basis, change.rises, use))), room.text)
    return (_named(change, room), (_amount(change.before, BASE, change),), (_amount(change.after, HEAD, change),),
            (_difference(change),), (basis,))


def _named(change: CostChange, room: Room) -> Line:
    return code(change.subject, room), f" {short_type(change.type)}"


def _amount(amount: Decimal | None, side: str, change: CostChange) -> str:
    return _NOT_KNOWN if side in change.unpriced else dollars(amount)


def _difference(change: CostChange) -> str:
    if change.difference is None:
        return _NOT_KNOWN
    return f"{'about ' if change.estimated else ''}{dollars(change.difference, signed=True)}"


def _use(change: CostChange, room: Room) -> Item:
    """Say of what costs by use alone that it is new, goes, or costs otherwise."""
    happens = "new" if change.before is None else "goes" if change.after is None else "differs"
    told = "; ".join(filter(None, (change.rises, change.basis, change.unknown)))
    return Item((*_named(change, room), shortened(f" {happens}: {told}", room.text)))


def _unknown(review: Review, room: Room) -> tuple[Block, ...]:
    found: list[Block] = []

    def lines(each: EnvironmentReview) -> tuple[str, ...]:
        return each.cost.unknown if each.cost and each.cost.differs else ()

    for label, unknown in groups(review, lines):
        shown, rest = room.cut(unknown)
        lines_shown = [*(shortened(line, room.text) for line in shown), *([f"and {rest} more"] if rest else [])]
        items = [Item((line,)) for line in lines_shown]
        found += [*([Paragraph((Strong(label),))] if label else []), Items(tuple(items))]
    return tuple(found)
