"""What a diagram shows: the changed resources, the worst first, then what is next to them, as far as there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.changes.states import States
from mlstead_toolkit.review.comparison import Comparison
from mlstead_toolkit.review.report import ResourceChange

MOST: Final = 25
_RANKS: Final = (Operation.DELETE, Operation.REPLACE, Operation.CREATE, Operation.IMPORT, Operation.UPDATE)


@dataclass(frozen=True)
class Node:
    """One resource: what happens to it, None for nothing, and the outermost component that it belongs to."""

    urn: str
    type: str
    name: str
    operation: Operation | None
    component: str


@dataclass(frozen=True)
class Edge:
    """One resource takes a value from another; `property` is the first that does, `changed` whether it differs."""

    user: str
    used: str
    property: str
    changed: bool


@dataclass(frozen=True)
class Neighbourhood:
    """Nodes and edges; `more` counts the changed resources that there was no room for."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    more: int


def neighbourhood(comparison: Comparison, changes: Sequence[ResourceChange]) -> Neighbourhood:
    """Choose what to show.

    Args:
        comparison: the environment.
        changes: what happens to its resources.
    """
    states = States(comparison)
    steps = {(step.type, step.name, step.operation is Operation.DELETE): step for step in comparison.steps}
    changed = [(change, steps[key]) for change in changes
               if (key := (change.type, change.name, change.operation is Operation.DELETE)) in steps]
    changed.sort(key=lambda pair: (_RANKS.index(pair[0].operation), pair[0].component, pair[0].type, pair[0].name))
    shown = {step.urn: Node(step.urn, step.type, step.name, change.operation, next(iter(change.component), ""))
             for change, step in changed[:MOST]}
    links = _links(comparison, states)
    by_urn = {step.urn: step for step in comparison.steps}
    for urn in _beside(set(shown), links)[: MOST - len(shown)]:
        if (step := by_urn.get(urn)) is not None and step.custom and not step.type.startswith("pulumi:"):
            shown[urn] = Node(urn, step.type, step.name, None, next(iter(states.component(step)), ""))
    edges = [Edge(user, used, name, _differs(by_urn[user], name))
             for (user, used), name in sorted(links.items()) if user in shown and used in shown
             and (shown[user].operation or shown[used].operation)]
    return Neighbourhood(tuple(shown.values()), tuple(edges), max(len(changed) - MOST, 0))


def _links(comparison: Comparison, states: States) -> Mapping[tuple[str, str], str]:
    """Give the property by which one resource takes from another, by URNs of the head; of the base for what goes."""
    heads = {old: new for new, old in comparison.renamed.items()}
    found: dict[tuple[str, str], list[str]] = {}

    def add(state: ResourceState) -> None:
        for name, used in state.property_dependencies.items():
            for urn in used:
                user, other = (heads.get(one, one) for one in (state.urn, urn))
                if user != other:
                    found.setdefault((user, other), []).append(name)

    for state in states.after.values():
        add(state)
    for step in comparison.steps:
        if step.operation is Operation.DELETE and step.urn in states.before:
            add(states.before[step.urn])
    return {pair: min(names) for pair, names in found.items()}


def _beside(shown: set[str], links: Mapping[tuple[str, str], str]) -> list[str]:
    """List what is next to the shown resources, what touches most of them first."""
    touching: dict[str, int] = {}
    for user, used in links:
        for one, other in ((user, used), (used, user)):
            if one in shown and other not in shown and not urns.type_of(other).startswith("pulumi:"):
                touching[other] = touching.get(other, 0) + 1
    return sorted(touching, key=lambda urn: (-touching[urn], urns.type_of(urn), urns.name_of(urn), urn))


def _differs(step: Step, name: str) -> bool:
    return any(change.path == name or change.path.startswith((f"{name}.", f"{name}[")) for change in step.changes)
