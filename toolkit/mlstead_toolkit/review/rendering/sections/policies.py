"""What the policy pack and the components' guards say differently than before."""

from __future__ import annotations

from mlstead_toolkit.review.rendering.blocks import (
    Block,
    Details,
    Heading,
    Item,
    Items,
    Line,
    Paragraph,
    Strong,
)
from mlstead_toolkit.review.rendering.room import Room, shortened
from mlstead_toolkit.review.rendering.words import code, groups, number, place
from mlstead_toolkit.review.report import PolicyChange, PolicyKind, Review

# In the order of what a reviewer has to mind.
ORDER = (PolicyKind.EXPIRED, PolicyKind.NEW, PolicyKind.WEAKENED, PolicyKind.EXCEPTED, PolicyKind.UNUSED,
         PolicyKind.NOT_DECIDED, PolicyKind.FIXED, PolicyKind.RESTORED)
WORDS = {PolicyKind.EXPIRED: "exception expired", PolicyKind.NOT_DECIDED: "not decided before it is deployed"}


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Tell findings by environment; exceptions that both sides have are folded."""
    found: list[Block] = []
    grouped, _ = room.cut(list(groups(review, lambda each: each.policies)))
    for label, changes in grouped:
        ordered = sorted(changes, key=lambda change: ORDER.index(change.kind))
        fresh, old = [one for one in ordered if not one.existing], [one for one in ordered if one.existing]
        if label and (fresh or (old and room.folded)):
            found.append(Paragraph((Strong(label),)))
        if fresh:
            found.append(_listed(fresh, room))
        if old and room.folded:
            found.append(Details((f"{number(len(old), 'exception')} that the base has too",), (_listed(old, room),)))
    return (Heading(3, ("Policies",)), *found) if found else ()


def _listed(changes: list[PolicyChange], room: Room) -> Items:
    shown, rest = room.cut(changes)
    items = [Item(_line(change, room)) for change in shown]
    if rest:
        items.append(Item((f"and {rest} more",)))
    return Items(tuple(items))


def _line(change: PolicyChange, room: Room) -> Line:
    def cut(text: str) -> str:
        return shortened(text, room.text).rstrip(".")

    level = f" ({change.level})" if change.level else ""
    facts = [f"reason: {cut(change.reason)}" if change.reason else "",
             f"owner: {cut(change.owner)}" if change.owner else "",
             f"expires {cut(change.expires)}" if change.expires else ""]
    behind = [cut(change.message), "; ".join(filter(None, facts)),
              f"Fix: {cut(change.fix)}" if change.fix and change.kind is not PolicyKind.FIXED else ""]
    told = ". ".join(sentence for sentence in behind if sentence)
    return (Strong(WORDS.get(change.kind, change.kind.value)), " ", code(change.rule, room), level, " on ",
            code(change.subject, room), f": {told}" if told else "", *place(change.place, room))
