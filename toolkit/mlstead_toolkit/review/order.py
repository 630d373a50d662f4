"""What a run has described, brought into an order that no thread decides, with no path of this machine in it."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.plan import Operation, PropertyChange, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import Archive, Asset, PropertyValue, Secret
from mlstead_toolkit.review.symbolic.symbols import spelled


def ordered(states: Iterable[ResourceState]) -> tuple[ResourceState, ...]:
    """Sort resources so that each comes after what it refers to, and by URN where that leaves a choice."""
    by_urn = {state.urn: state for state in states}
    waiting = {urn: {name for name in _needed(state) if name in by_urn and name != urn}
               for urn, state in by_urn.items()}
    blocked: dict[str, list[str]] = {}
    for urn, names in waiting.items():
        for name in names:
            blocked.setdefault(name, []).append(urn)
    ready = [urn for urn, names in waiting.items() if not names]
    heapq.heapify(ready)
    found: list[ResourceState] = []
    while ready:
        urn = heapq.heappop(ready)
        found.append(by_urn[urn])
        for name in blocked.get(urn, ()):
            waiting[name].discard(urn)
            if not waiting[name]:
                heapq.heappush(ready, name)
    return tuple(found)


def plain(states: Sequence[ResourceState], root: Path, *, spell: bool = True) -> tuple[ResourceState, ...]:
    """Give resources without times and paths, their properties in order.

    Args:
        states: the resources.
        root: the repository's root, which paths of assets are told relative to.
        spell: whether to write symbols plainly where a document escapes them.
    """
    return tuple(state.copy(inputs=in_order(state.inputs, root, spell=spell), created="", modified="", serial=number,
                            outputs=in_order(state.outputs, root, spell=spell)) for number, state in enumerate(states))


def ordered_steps(steps: Iterable[Step], after: Sequence[ResourceState], before: Sequence[ResourceState], root: Path
                  ) -> tuple[Step, ...]:
    """Sort the plan: what is made or kept in the order of the head, then what is deleted, dependents first."""
    place = {state.urn: number for number, state in enumerate(after)}
    gone = {state.urn: -number for number, state in enumerate(before)}

    def key(step: Step) -> tuple[bool, int, str, str]:
        deleted = step.operation is Operation.DELETE
        return deleted, (gone if deleted else place).get(step.urn, 0), step.urn, step.operation

    told = (replace(step, inputs=in_order(step.inputs, root), changes=_changes(step.changes, root)) for step in steps
            if not urns.is_default_provider(step.urn))
    return tuple(sorted(told, key=key))


def places(states: Sequence[ResourceState], folder: str) -> Mapping[str, str]:
    """Give file:line of each resource: the line of the outermost component around it that has one.

    Args:
        states: the resources.
        folder: the program's folder, relative to the repository's root.
    """
    by_urn = {state.urn: state for state in states}
    found: dict[str, str] = {}
    for state in states:
        place, current = "", by_urn.get(state.urn)
        while current is not None and current.type != urns.STACK_TYPE:
            place = _line(current.source_position, folder) or place
            current = by_urn.get(current.parent)
        if place:
            found[state.urn] = place
    return found


def _line(position: str, folder: str) -> str:
    match = re.fullmatch(r"project:///(.+)#(\d+)", position)
    return f"{folder}/{match[1]}:{match[2]}".removeprefix("./") if match else ""


def _needed(state: ResourceState) -> list[str]:
    return [*state.references(), urns.split_reference(state.provider)[0]] if state.provider else state.references()


def _changes(changes: Iterable[PropertyChange], root: Path) -> tuple[PropertyChange, ...]:
    told = (replace(one, before=in_order(one.before, root), after=in_order(one.after, root)) for one in changes)
    return tuple(sorted(told, key=lambda one: [(part.isdigit(), int(part) if part.isdigit() else 0, part)
                                                for part in re.split(r"(\d+)", one.path)]))


def in_order(value: PropertyValue, root: Path, *, spell: bool = True) -> PropertyValue:
    """Sort the members of objects, which no wire keeps in order, and take the machine out of assets' paths."""
    if isinstance(value, str):
        return spelled(value) if spell else value
    if isinstance(value, dict):
        return {key: in_order(value[key], root, spell=spell) for key in sorted(value)}
    if isinstance(value, list):
        return [in_order(inner, root, spell=spell) for inner in value]
    if isinstance(value, Secret):
        return Secret(in_order(value.value, root, spell=spell))
    if isinstance(value, (Asset, Archive)) and value.path:
        return replace(value, path=value.path.removeprefix(f"{root}/"))
    return value
