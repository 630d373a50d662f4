"""Notes, and what made the review and how to make it again."""

from __future__ import annotations

from mlstead_toolkit.review.rendering.blocks import Block, Code, Heading, Item, Items, Line, Paragraph, Strong
from mlstead_toolkit.review.rendering.room import Room, shortened
from mlstead_toolkit.review.rendering.words import groups
from mlstead_toolkit.review.report import Review


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """End the review."""
    found = [("", review.notes), *groups(review, lambda each: each.notes)]
    items = [Item((*((Strong(label), ": ") if label else ()), shortened(note, room.text)))
             for label, notes in found for note in notes]
    shown, rest = room.cut(items)
    if rest:
        shown = (*shown, Item((f"and {rest} more",)))
    notes = (Heading(3, ("Notes",)), Items(shown)) if shown else ()
    reference = review.base.partition(" (")[0] or "main"
    command = Code(f"mlstead review --base {shortened(reference, room.value)}")
    if any(each.cloud for each in review.environments):
        made: Line = ("Made from the code and from Pulumi's previews. On a laptop, from the code alone: ", command, ".")
    else:
        made = ("Made from the code alone, without credentials. The same on a laptop: ", command, ".")
    return *notes, Paragraph(made)
