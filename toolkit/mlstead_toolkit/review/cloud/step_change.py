"""One step of Pulumi's plan as a review tells a resource's change; nothing secret is left in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mlstead_toolkit.engine import property_path, signatures
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.plan import Operation, PropertyChange
from mlstead_toolkit.engine.values import UNKNOWN, Archive, Asset
from mlstead_toolkit.review.changes.changes import in_order
from mlstead_toolkit.review.changes.property import differences_of
from mlstead_toolkit.review.cloud.pulumi_plan import PulumiPlan, PulumiState, PulumiStep
from mlstead_toolkit.review.components import components_around
from mlstead_toolkit.review.report import ResourceChange

SECRET: Final = "[secret]"  # noqa: S105 - as Pulumi prints what it does not tell
# Pulumi's other words (create-replacement, delete-replaced, read, same, …) are parts of these, or change nothing.
_OPERATIONS: Final = {"create": Operation.CREATE, "update": Operation.UPDATE, "replace": Operation.REPLACE,
                      "delete": Operation.DELETE, "import": Operation.IMPORT}


def changes_in(plan: PulumiPlan) -> tuple[ResourceChange, ...]:
    """Give what a plan does to resources that are in AWS, in the order of a review."""
    states = {step.urn: step.state for step in plan.steps}
    found = [_change(step, states) for step in plan.steps if step.operation in _OPERATIONS
             and step.state.custom and not urns.type_of(step.urn).startswith("pulumi:")]
    return in_order(found)


def _change(step: PulumiStep, states: Mapping[str, PulumiState]) -> ResourceChange:
    operation = _OPERATIONS[step.operation]
    whole = operation in (Operation.CREATE, Operation.DELETE)
    return ResourceChange(
        operation, urns.type_of(step.urn), urns.name_of(step.urn), _component(step.urn, states),
        () if whole else tuple(found for each in _properties(step) for found in differences_of(each)))


def _component(urn: str, states: Mapping[str, PulumiState]) -> tuple[str, ...]:
    """Name the components around a resource, outermost first, as far as the plan has them: it omits what stays."""
    return components_around(states[urn].parent, lambda above: (
        (states[above].custom, states[above].parent) if above in states else (False, "")))


def _properties(step: PulumiStep) -> Iterator[PropertyChange]:
    hidden = secret_properties(step)
    for path, kind in sorted(step.paths.items()):
        parts = property_path.parse(path)
        if str(parts[0]).startswith("__"):  # a provider's own notes
            continue
        if parts[0] in hidden:
            before = after = SECRET
        else:
            before = _value(step.before, parts, inputs=path in step.of_inputs)
            after = _value(step.after, parts, inputs=True)
        yield PropertyChange(path, "update", before, after, replaces=kind.endswith("replace"))


def secret_properties(step: PulumiStep) -> frozenset[str]:
    """Name the properties of which something is secret on either side, as an input or an output."""
    found: set[str] = set()
    for state in (step.before, step.after):
        found.update(state.secret)
        for side in (state.inputs, state.outputs):
            found.update(name for name, value in side.items() if _has_secret(value))
    return frozenset(found)


def _has_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get(signatures.KEY) == signatures.SECRET or any(map(_has_secret, value.values()))
    return any(map(_has_secret, value)) if isinstance(value, list) else value == SECRET


def _value(state: PulumiState, parts: list[str | int], *, inputs: bool) -> Any:
    """Give what a state has at a path: of its inputs first, or of its outputs; None where neither has it."""
    for side in (state.inputs, state.outputs) if inputs else (state.outputs, state.inputs):
        found = property_path.get(side, parts)
        if found is not property_path.MISSING:
            return _plain(found)
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return UNKNOWN if value in signatures.UNKNOWNS else value
    match value.get(signatures.KEY):
        case signatures.ASSET:
            return Asset(value.get("path"), value.get("text"), value.get("uri"), value.get("hash") or "")
        case signatures.ARCHIVE:
            return Archive(value.get("path"), value.get("uri"), None, value.get("hash") or "")
    return {key: _plain(inner) for key, inner in value.items()}
