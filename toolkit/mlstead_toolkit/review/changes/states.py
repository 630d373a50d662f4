"""The resources of both sides, matched: what a step's resource was, and what it will be."""

from __future__ import annotations

from collections.abc import Mapping

from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.comparison import Comparison, Graph
from mlstead_toolkit.review.components import components_around


class States:
    """Both sides of a comparison by URN.

    Args:
        comparison: the environment.
    """

    before: Mapping[str, ResourceState]
    after: Mapping[str, ResourceState]

    def __init__(self, comparison: Comparison) -> None:
        self.before, self.after = _by_urn(comparison.before), _by_urn(comparison.after)
        self._renamed = comparison.renamed
        self._gone = {comparison.renamed.get(step.urn, step.urn) for step in comparison.steps
                      if step.operation in (Operation.DELETE, Operation.REPLACE)}
        self._parents = {step.urn: step.parent or "" for step in comparison.steps}

    def pair(self, step: Step) -> tuple[ResourceState | None, ResourceState | None]:
        """Give a step's resource on the base and on the head; None where it is not there."""
        if step.operation is Operation.CREATE:
            return None, self.after.get(step.urn)
        before = self.before.get(self._renamed.get(step.urn, step.urn))
        return before, None if step.operation is Operation.DELETE else self.after.get(step.urn)

    def gone(self, urn: str) -> bool:
        """Tell whether what the base has by a URN is deleted or replaced."""
        return urn in self._gone

    def stays(self, urn: str) -> bool:
        """Tell whether what the head has by a URN was there before, and stays."""
        urn = self._renamed.get(urn, urn)
        return urn in self.before and urn not in self._gone

    def component(self, step: Step) -> tuple[str, ...]:
        """Name the components around a step's resource, outermost first."""
        known = self.before if step.operation is Operation.DELETE else self.after
        return components_around(step.parent or "", lambda urn: (
            (known[urn].custom, known[urn].parent) if urn in known else (False, self._parents.get(urn, ""))))


def _by_urn(graph: Graph | None) -> Mapping[str, ResourceState]:
    return {} if graph is None else {state.urn: state for state in graph.resources}
