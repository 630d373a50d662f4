"""Sentences by risk: exposure, trust, roles handed on, gains by how much they let somebody do, losses last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.comparison import Comparison
from mlstead_toolkit.review.report import AccessChange, AccessKind

_ORDER: Final = (AccessKind.EXPOSURE, AccessKind.TRUST, AccessKind.PASS_ROLE, AccessKind.GAINS, AccessKind.LOSES)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence on its way into the report.

    Args:
        change: the sentence.
        level: how much it lets somebody do.
        source: URN of the resource that says so.
        to_strangers: whether another account or anybody at all may do it.
    """

    change: AccessChange
    level: Level
    source: str
    to_strangers: bool = False


def in_order(found: Iterable[Told], comparison: Comparison) -> tuple[AccessChange, ...]:
    """Sort by risk, tell each sentence once, and give the places in the program."""
    once: dict[str, Told] = {}
    for one in found:
        same = once.get(one.change.text)
        if same is None:
            once[one.change.text] = one
        else:
            lines = sorted({*same.change.details, *one.change.details})
            once[one.change.text] = replace(same, change=replace(same.change, details=tuple(lines)))
    ordered = sorted(once.values(), key=lambda one: (
        not one.change.widens, _ORDER.index(one.change.kind), not one.to_strangers, -one.level, one.change.text))
    return tuple(replace(one.change, place=comparison.places.get(one.source, "")) for one in ordered)
