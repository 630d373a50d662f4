"""The guards that a stack's components have switched off, each with its reason: what a reviewer judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from mlstead_toolkit.cli.console import out
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.plan import Operation, StackPlan

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent

_COMPONENTS: Final = "mlstead:index:"


@dataclass(frozen=True)
class Weakening:
    """One guard: of which component it is an argument, and why it is off."""

    stack: str
    component: str
    type: str
    argument: str
    reason: str


@dataclass(frozen=True)
class Registered:
    """A resource as far as weakenings go: its parent, and the inputs of which they are part."""

    parent: str
    inputs: Mapping[str, Any]


def planned(plans: Sequence[StackPlan]) -> list[Weakening]:
    """Find what is weakened in stacks as they are planned."""
    return [found for plan in plans for found in weakenings(plan.project, {
        step.urn: Registered(step.parent or "", step.inputs)
        for step in plan.steps if step.operation is not Operation.DELETE})]


def previewed(project: str, events: Sequence[EngineEvent]) -> list[Weakening]:
    """Find what is weakened in a stack that Pulumi previews, from its events."""
    resources: dict[str, Registered] = {}
    for event in events:
        if (before := event.resource_pre_event) is not None and (new := before.metadata.new) is not None:
            resources[new.urn] = Registered(new.parent, new.inputs or {})
    return list(weakenings(project, resources))


def weakenings(stack: str, resources: Mapping[str, Registered]) -> Iterator[Weakening]:
    """Find the weakened guards of a stack; what a child takes over from a component above it is told there."""
    reasons = {urn: dict(resource.inputs.get("weakenings") or {}) for urn, resource in resources.items()
               if urns.type_of(urn).startswith(_COMPONENTS)}

    def above(urn: str) -> Iterator[str]:
        parent = resources[urn].parent
        while parent in resources:
            yield from reasons.get(parent, {}).values()
            parent = resources[parent].parent

    for urn in sorted(reasons, key=urns.name_of):
        told = set(above(urn))
        for argument, reason in sorted(reasons[urn].items()):
            if reason not in told:
                yield Weakening(stack, urns.name_of(urn), urns.type_of(urn).rpartition(":")[2], argument, reason)


def show(found: Sequence[Weakening]) -> None:
    """List them below a plan."""
    if found:
        out().print(Text("Weakened guards:", style="bold yellow"))
    for each in found:
        out().print(Text(f"    {each.stack}: {each.type} {each.component}, {each.argument}: {each.reason}"))


def as_data(found: Sequence[Weakening]) -> list[dict[str, str]]:
    """Give them as plain data, for a script."""
    return [asdict(each) for each in found]
