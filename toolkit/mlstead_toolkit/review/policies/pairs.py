"""What the two sides call the same thing: a resource keeps its identity where an alias ties its names together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.comparison import Comparison, Graph


@dataclass(frozen=True)
class Pairs:
    """The resources of both sides.

    Args:
        before: URN → resource, of the base, by what the head calls it.
        after: URN → resource, of the head.
        places: URN → file:line, for either side's URN.
        heads: URN in the base → URN in the head, where they differ.
    """

    before: Mapping[str, ResourceState]
    after: Mapping[str, ResourceState]
    places: Mapping[str, str]
    heads: Mapping[str, str]

    @classmethod
    def of(cls, comparison: Comparison, before: Graph, after: Graph) -> Pairs:
        """Pair the resources of a comparison."""
        heads = {old: new for new, old in comparison.renamed.items()}
        return cls({heads.get(one.urn, one.urn): one for one in before.resources},
                   {one.urn: one for one in after.resources}, comparison.places, heads)

    def head(self, urn: str) -> str:
        """Give what the head calls a resource of the base."""
        return self.heads.get(urn, urn)

    def place(self, urn: str) -> str:
        """Give where the program makes what the head calls so."""
        if urn in self.places:
            return self.places[urn]
        old = self.before.get(urn)
        return self.places.get(old.urn, "") if old is not None else ""

    def argued(self, parent: str, guard: str) -> bool:
        """Tell whether a component, from a parent upwards, is told on the head to switch a guard off."""
        while parent:
            now = self.after.get(self.head(parent), self.after.get(parent))
            if now is not None and guard in (now.inputs.get("weakenings") or {}):
                return True
            known = now or self.before.get(parent)
            parent = known.parent if known is not None else ""
        return False

    @property
    def kept(self) -> Iterator[tuple[ResourceState, ResourceState]]:
        """What is there on both sides, in the order of the head."""
        return ((self.before[urn], one) for urn, one in self.after.items() if urn in self.before)

    def survives(self, urn: str) -> bool:
        """Tell whether the head still has what a URN of the base names."""
        return self.head(urn) in self.after
