"""The sections of a review, each a function of the review and the room that there is; nothing to say is no block."""

from mlstead_toolkit.review.rendering.blocks import Block
from mlstead_toolkit.review.rendering.room import Room
from mlstead_toolkit.review.rendering.sections import (
    access,
    attention,
    changes,
    cloud,
    cost,
    diagram,
    foot,
    head,
    policies,
    problems,
)
from mlstead_toolkit.review.report import Review

# What was not reviewed stands before what changes: it makes the rest half a review.
IN_ORDER = (head, attention, problems, changes, access, policies, cost, diagram, cloud, foot)


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Give the whole review."""
    return tuple(block for section in IN_ORDER for block in section.blocks(review, room))
