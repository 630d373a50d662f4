"""What differs between two sets of inputs, as the plan tells it."""

from __future__ import annotations

from mlstead_toolkit.engine import property_path
from mlstead_toolkit.engine.plan import PropertyChange
from mlstead_toolkit.engine.property_path import MISSING
from mlstead_toolkit.engine.provider import DiffResult
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import Properties, PropertyValue, mask

NONE: tuple[PropertyChange, ...] = ()


def of_diff(diff: DiffResult, old: ResourceState, new: ResourceState) -> tuple[PropertyChange, ...]:
    """Give the changes that a provider found, with the values before and after, secrets masked."""
    found = []
    for path, kind in diff.changes.items():
        try:
            parts = property_path.parse(path)
        except ValueError:
            parts = [path]
        before = property_path.get(old.inputs, parts)
        if before is MISSING:
            before = property_path.get(old.outputs, parts)
        after = property_path.get(new.inputs, parts)
        found.append(PropertyChange(path, kind, _shown(before), _shown(after), path in diff.replaces))
    return tuple(found)


def between(old: Properties, new: Properties, prefix: str = "") -> tuple[PropertyChange, ...]:
    """Compare two sets of properties member by member."""
    found: list[PropertyChange] = []
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key, MISSING), new.get(key, MISSING)
        path = f"{prefix}.{key}" if prefix else key
        if before is MISSING:
            found.append(PropertyChange(path, "add", None, _shown(after)))
        elif after is MISSING:
            found.append(PropertyChange(path, "delete", _shown(before), None))
        elif isinstance(before, dict) and isinstance(after, dict):
            found += between(before, after, path)
        elif before != after:
            found.append(PropertyChange(path, "update", _shown(before), _shown(after)))
    return tuple(found)


def because(reason: str) -> tuple[PropertyChange, ...]:
    """Give the change that stands for a reason outside the inputs: its provider, its trigger, what it goes with."""
    return (PropertyChange(reason, "update", None, None, replaces=True),)


def _shown(value: PropertyValue) -> PropertyValue:
    return None if value is MISSING else mask(value)
