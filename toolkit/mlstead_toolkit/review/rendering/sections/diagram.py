"""A picture of what the change touches."""

from __future__ import annotations

from mlstead_toolkit.review.rendering.blocks import Block, Fence, Heading, Paragraph
from mlstead_toolkit.review.rendering.room import Room
from mlstead_toolkit.review.rendering.words import named
from mlstead_toolkit.review.report import Review
from mlstead_toolkit.review.told import told


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Show the largest of the environments' pictures; the others have less in them, or the same."""
    found = told({each.environment: (each.diagram,) for each in review.environments if each.diagram})
    if not found:
        return ()
    largest = max(found, key=lambda each: (len(each.item), len(each.environments)))
    heading = Heading(3, ("What it touches" if len(review.environments) == 1
                          else f"What it touches in {named(largest.environments)}",))
    if len(largest.item) > room.diagram:
        return heading, Paragraph(("The picture is too large for a comment.",))
    return heading, Fence("mermaid", tuple(largest.item.splitlines()))
