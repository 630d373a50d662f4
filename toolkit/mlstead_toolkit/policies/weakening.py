"""The guards that a stack's components have switched off, each with its reason: what a reviewer judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mlstead_toolkit.engine import urn as urns

_COMPONENTS: Final = "mlstead:index:"


@dataclass(frozen=True)
class Weakening:
    """One guard that is off.

    Args:
        urn: the component.
        argument: its argument.
        reason: why.
    """

    urn: str
    argument: str
    reason: str

    @property
    def component(self) -> str:
        """The component's name in the program."""
        return urns.name_of(self.urn)

    @property
    def type(self) -> str:
        """What kind of component it is: DataLake."""
        return urns.type_of(self.urn).rpartition(":")[2]


@dataclass(frozen=True)
class Registered:
    """A resource as far as weakenings go: its parent, and the inputs of which they are part."""

    parent: str
    inputs: Mapping[str, Any]


def weakenings(resources: Mapping[str, Registered]) -> Iterator[Weakening]:
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
                yield Weakening(urn, argument, reason)
