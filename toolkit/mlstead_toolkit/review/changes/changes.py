"""The resources that a change adds, changes, replaces or deletes, each with what differs in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.plan import Operation, PropertyChange, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.changes.property import differences_of
from mlstead_toolkit.review.changes.renewal import Renewal
from mlstead_toolkit.review.changes.states import States
from mlstead_toolkit.review.comparison import Comparison
from mlstead_toolkit.review.report import Difference, ResourceChange

# Options of a resource that the engine keeps to itself, and a reviewer has to see.
_OPTIONS: Final = (("protect", "protect"), ("retain_on_delete", "retainOnDelete"), ("ignore_changes", "ignoreChanges"))
_TOLD: Final = (Operation.CREATE, Operation.UPDATE, Operation.REPLACE, Operation.DELETE, Operation.IMPORT)


def changes_of(comparison: Comparison) -> tuple[ResourceChange, ...]:
    """Give what happens to the resources of one environment, by component, type and name.

    Components, the stack and providers are told by what is in them; a provider by itself only where nothing else
    changes. A resource whose options alone change (protect) is told as updated.
    """
    states = States(comparison)
    renewal = Renewal(comparison, states)

    def change(step: Step) -> Iterator[ResourceChange]:
        options = tuple(_options(*states.pair(step)))
        if step.operation not in _TOLD and not options:
            return
        old_name = urns.name_of(comparison.renamed.get(step.urn, step.urn))
        yield ResourceChange(
            operation=step.operation if step.operation in _TOLD else Operation.UPDATE,
            type=step.type,
            name=step.name,
            component=states.component(step),
            differences=(*(found for each in _properties(step) for found in differences_of(renewal.told(each))),
                         *options),
            place=comparison.places.get(step.urn, ""),
            old_name="" if old_name == step.name else old_name,
            delete_before_replace=step.delete_before_replace,
        )

    found = [one for step in comparison.steps if step.custom and not step.type.startswith("pulumi:")
             for one in change(step)]
    if not found:
        found = [one for step in comparison.steps if urns.is_provider(step.type) for one in change(step)
                 if any(each.path != "version" for each in one.differences)]
    return tuple(sorted(found, key=lambda one: (one.component, one.type, one.name, one.operation)))


def _properties(step: Step) -> tuple[PropertyChange, ...]:
    """Give the properties that differ; of what is new or goes, all would."""
    return step.changes if step.operation not in (Operation.CREATE, Operation.DELETE) else ()


def _options(before: ResourceState | None, after: ResourceState | None) -> Iterator[Difference]:
    if before is not None and after is not None:
        for name, option in _OPTIONS:
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                yield from differences_of(PropertyChange(f"option {option}", "update", old, new))
