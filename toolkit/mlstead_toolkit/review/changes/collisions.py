"""Names that are still taken when something new is to bear them: a rename without an alias."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlstead_toolkit.aws.registry import resource_types
from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import UNKNOWN, reveal
from mlstead_toolkit.review.changes.states import States
from mlstead_toolkit.review.comparison import Comparison


def collisions(comparison: Comparison, states: States) -> Mapping[str, str]:
    """Say for new resources, by URN, that what goes still has their name: the engine creates first and deletes last."""
    going = {key: step.name for step in comparison.steps if step.operation is Operation.DELETE
             and (key := _key(step, states.before.get(step.urn))) is not None}
    found = {}
    for step in comparison.steps:
        key = _key(step, states.after.get(step.urn)) if step.operation is Operation.CREATE else None
        if key is not None and key in going:
            found[step.urn] = (
                f"{going[key]}, which goes, has the same {' and '.join(name for name, _ in key[1])}, and what is new "
                "is made first: AWS refuses it, or the deletion takes it away again; an alias keeps it as it is")
    return found


def _key(step: Step, state: ResourceState | None) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Give the type and what names a resource of it; None where the type is not ours, or AWS makes up its id."""
    row = resource_types().get(step.type)
    if row is None or state is None or not row.key or not all(name in row.by_name for name in row.key):
        return None
    values: list[tuple[str, str]] = []
    for name in row.key:
        value: Any = reveal(state.inputs.get(name))
        if not isinstance(value, str) or value is UNKNOWN:
            return None
        values.append((name, value))
    return step.type, tuple(values)
