"""Who may do what from now on, or no more, in words."""

from __future__ import annotations

from mlstead_toolkit.review.rendering.blocks import (
    Block,
    Details,
    Fence,
    Heading,
    Item,
    Items,
    Line,
    Paragraph,
    Strong,
)
from mlstead_toolkit.review.rendering.room import Room, shortened
from mlstead_toolkit.review.rendering.words import groups, number, place
from mlstead_toolkit.review.report import AccessChange, AccessKind, Review

# In the order of what a reviewer has to mind.
TITLES = {AccessKind.EXPOSURE: "Exposure", AccessKind.TRUST: "Trust", AccessKind.PASS_ROLE: "Roles that may be passed",
          AccessKind.GAINS: "Gains", AccessKind.LOSES: "Loses"}


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Tell it by environment and kind; actions, resources and conditions are folded."""
    found: list[Block] = []
    grouped, _ = room.cut(list(groups(review, lambda each: each.access)))
    for label, changes in grouped:
        if label:
            found.append(Paragraph((Strong(label),)))
        for kind, title in TITLES.items():
            of_kind = [change for change in changes if change.kind is kind]
            if of_kind:
                found += [Paragraph((title,)), *_listed(of_kind, room)]
        found += _details(changes, room)
    return (Heading(3, ("Access",)), *found) if found else ()


def _listed(changes: list[AccessChange], room: Room) -> list[Block]:
    shown, rest = room.cut(changes)
    items = [Item(_line(change, room)) for change in shown]
    if rest:
        items.append(Item((f"and {rest} more",)))
    return [Items(tuple(items))]


def _line(change: AccessChange, room: Room) -> Line:
    narrower: Line = (" (narrower than before)",) if not change.widens and change.kind is not AccessKind.LOSES else ()
    return shortened(change.text, room.text), *narrower, *place(change.place, room)


def _details(changes: tuple[AccessChange, ...], room: Room) -> list[Block]:
    with_details, _ = room.cut([change for change in changes if change.details])
    if not with_details or not room.folded:
        return []
    items = tuple(Item((shortened(change.text, room.text),), (Fence("text", _cut(change.details, room)),))
                  for change in with_details)
    return [Details((f"Actions, resources and conditions of {number(len(items), 'change')}",), (Items(items),))]


def _cut(details: tuple[str, ...], room: Room) -> tuple[str, ...]:
    shown = tuple(shortened(line, room.text) for line in details[: room.lines])
    rest = len(details) - len(shown)
    return (*shown, f"… and {number(rest, 'line')} more") if rest else shown
