"""The guards that a stack's components have switched off, on a terminal and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from mlstead_toolkit.cli.console import out
from mlstead_toolkit.engine.plan import Operation, StackPlan
from mlstead_toolkit.policies.weakening import Registered, weakenings

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent


@dataclass(frozen=True)
class Weakening:
    """One guard: of which component it is an argument, and why it is off."""

    stack: str
    component: str
    type: str
    argument: str
    reason: str


def planned(plans: Sequence[StackPlan]) -> list[Weakening]:
    """Find what is weakened in stacks as they are planned."""
    return [found for plan in plans for found in _of(plan.project, {
        step.urn: Registered(step.parent or "", step.inputs)
        for step in plan.steps if step.operation is not Operation.DELETE})]


def previewed(project: str, events: Sequence[EngineEvent]) -> list[Weakening]:
    """Find what is weakened in a stack that Pulumi previews, from its events."""
    resources: dict[str, Registered] = {}
    for event in events:
        if (before := event.resource_pre_event) is not None and (new := before.metadata.new) is not None:
            resources[new.urn] = Registered(new.parent, new.inputs or {})
    return _of(project, resources)


def show(found: Sequence[Weakening]) -> None:
    """List them below a plan."""
    if found:
        out().print(Text("Weakened guards:", style="bold yellow"))
    for each in found:
        out().print(Text(f"    {each.stack}: {each.type} {each.component}, {each.argument}: {each.reason}"))


def as_data(found: Sequence[Weakening]) -> list[dict[str, str]]:
    """Give them as plain data, for a script."""
    return [asdict(each) for each in found]


def _of(stack: str, resources: Mapping[str, Registered]) -> list[Weakening]:
    return [Weakening(stack, found.component, found.type, found.argument, found.reason)
            for found in weakenings(resources)]
