"""What a reviewer should look at first, by risk."""

from __future__ import annotations

from mlstead_toolkit.review.rendering.blocks import Block, Details, Heading, Item, Items, Line, Paragraph, Strong
from mlstead_toolkit.review.rendering.causes import Cause, causes
from mlstead_toolkit.review.rendering.room import Room, shortened
from mlstead_toolkit.review.rendering.words import class_name, code, named, place
from mlstead_toolkit.review.report import Review

# More than these nobody looks at first.
MOST = 10
SUBJECTS = 3


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Tell each cause once, the worst first, and what most environments have before what one has."""
    found = causes(review)
    if not found:
        return ()
    alone = len(review.environments) == 1
    items = tuple(Item(_line(each, "" if alone else named(each.environments), room)) for each in found)
    more: tuple[Block, ...] = ()
    if rest := items[MOST:]:
        words = f"… and {len(rest)} more"
        shown, left_out = room.cut(rest)
        below = (Items(shown), *((Paragraph((f"and {left_out} more",)),) if left_out else ()))
        more = (Details((words,), below),) if room.folded else (Paragraph((words,)),)
    return Heading(3, ("Look at first",)), Items(items[:MOST], numbered=True), *more


def _line(cause: Cause, label: str, room: Room) -> Line:
    where: Line = (f" · {label}",) if label else ()
    alike = f", and {cause.alike} more like it" if cause.alike else ""
    return (Strong(cause.verdict.words), ": ", *_subjects(cause, room), shortened(cause.text, room.text), alike,
            *place(cause.place, room), *where)


def _subjects(cause: Cause, room: Room) -> Line:
    # A sentence that begins with its subject needs no other name for it.
    if not cause.subjects or cause.text.startswith(cause.subjects[0][0]):
        return ()
    found: list[Line] = [(code(name, room), f" ({class_name(type_)})" if type_ else "")
                         for name, type_ in cause.subjects[:SUBJECTS]]
    rest = len(cause.subjects) - len(found)
    parts = [part for line in found for part in (", ", *line)]
    return *parts[1:], f" and {rest} more: " if rest else ": "
