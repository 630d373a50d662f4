"""The resources that a change adds, changes, replaces or deletes, each with what differs in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
_SIGN_IN: Final = frozenset({
    "accessKey", "allowedAccountIds", "assumeRoleWithWebIdentity", "assumeRoles", "endpoints", "forbiddenAccountIds",
    "profile", "secretKey", "sharedConfigFiles", "sharedCredentialsFiles", "token",
})
_TOLD: Final = (Operation.CREATE, Operation.UPDATE, Operation.REPLACE, Operation.DELETE, Operation.IMPORT)


def changes_of(comparison: Comparison) -> tuple[ResourceChange, ...]:
    """Give what happens to the resources of one environment, by component, type and name.

    Components, the stack and providers are told by what is in them; a provider by itself only where nothing else
    changes, or where it signs in otherwise. A resource whose options alone change (protect) is told as updated.
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
    found += [one for step in comparison.steps if urns.is_provider(step.type) for one in change(step)
              if signs_in_otherwise(step) or (not found and any(each.path != "version" for each in one.differences))]
    return in_order(found)


def signs_in_otherwise(step: Step) -> bool:
    """Tell whether a provider goes to AWS as somebody else, or a new one as somebody who is named."""
    if not urns.is_provider(step.type):
        return False
    if step.operation is Operation.CREATE:
        return not urns.is_default_provider(step.urn) and not _SIGN_IN.isdisjoint(step.inputs)
    return any(re.split(r"[.\[]", one.path)[0] in _SIGN_IN for one in step.changes)


def in_order(changes: Iterable[ResourceChange]) -> tuple[ResourceChange, ...]:
    """Put changes into the order of a review: by component, type and name."""
    return tuple(sorted(changes, key=lambda one: (one.component, one.type, one.name, one.operation)))


def _properties(step: Step) -> tuple[PropertyChange, ...]:
    """Give the properties that differ; of what is new or goes, all would."""
    return step.changes if step.operation not in (Operation.CREATE, Operation.DELETE) else ()


def _options(before: ResourceState | None, after: ResourceState | None) -> Iterator[Difference]:
    if before is not None and after is not None:
        for name, option in _OPTIONS:
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                yield from differences_of(PropertyChange(f"option {option}", "update", old, new))
