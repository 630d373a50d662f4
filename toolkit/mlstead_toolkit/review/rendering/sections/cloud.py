"""What Pulumi says with credentials: what a deployment would do beyond this change, and drift."""

from __future__ import annotations

from mlstead_toolkit.review.rendering.blocks import Block, Heading, Item, Items, Line, Paragraph, Strong
from mlstead_toolkit.review.rendering.room import Room, shortened
from mlstead_toolkit.review.rendering.sections.changes import by_component
from mlstead_toolkit.review.rendering.words import groups
from mlstead_toolkit.review.report import CloudPlan, Review


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Tell each environment's preview in a line, then what the comparison of the code does not say."""
    plans = [(each.environment, each.cloud) for each in review.environments if each.cloud]
    if not plans:
        return ()
    found: list[Block] = [Heading(3, ("In the cloud",)), Items(tuple(Item(_line(*pair, room)) for pair in plans))]
    found += _told(review, room, "changes", "A deployment would also do this, which is not of this change:")
    found += _told(review, room, "drift", "Drift: this differs between the last deployment and the cloud:")
    return tuple(found)


def _line(environment: str, plan: CloudPlan, room: Room) -> Line:
    if plan.error:
        return Strong(environment), f": no preview: {shortened(plan.error, room.text)}"
    return Strong(environment), f": {shortened(plan.summary, room.text)}"


def _told(review: Review, room: Room, part: str, sentence: str) -> list[Block]:
    found: list[Block] = []
    grouped, _ = room.cut(list(groups(review, lambda each: getattr(each.cloud, part) if each.cloud else ())))
    for label, changes in grouped:
        found += [Paragraph((Strong(label),))] if label else []
        found += by_component(changes, room)
    return [Paragraph((sentence,)), *found] if found else []
