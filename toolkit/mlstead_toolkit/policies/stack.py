"""The resources of a stack, and how they refer to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlstead_toolkit.policies.block import NotDecided
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.type_pattern import is_one_of

# Where a resource tells the name by which others call it.
_NAMES = ("bucket", "name", "arn", "id")


@dataclass(frozen=True)
class Stack:
    """A stack as the rules see it.

    Args:
        project: Pulumi's name of the project.
        environment: the stack's short name: dev, prod, local.
        resources: in the order in which the program made them.
        complete: whether all are there; False while the program still runs.
    """

    project: str
    environment: str
    resources: tuple[Resource, ...]
    complete: bool = True

    def of(self, *types: str) -> Iterator[Resource]:
        """Give the resources of some types; `aws:sagemaker/*` is one way to say it.

        Raises:
            NotDecided: more may come.
        """
        if not self.complete:
            raise NotDecided(f"what else the stack has of {', '.join(types)}")
        yield from (found for found in self.resources if is_one_of(found.type, types))

    def related(self, resource: Resource, *types: str, via: str) -> list[Resource]:
        """Give those that point at a resource: a bucket's public access blocks are related to it via `bucket`.

        Args:
            resource: what they point at.
            types: their types.
            via: the property, at the top level, that points.

        Raises:
            NotDecided: one may or may not point at it, or more may come.
        """
        links = [(found, _links(found, via, resource)) for found in self.of(*types)]
        if any(link is None for _, link in links):
            doubtful = next(found.name for found, link in links if link is None)
            raise NotDecided(f"whether {via} of {doubtful} is {resource.name}")
        return [found for found, link in links if link]

    def referred(self, resource: Resource, *types: str, via: str) -> Resource | None:
        """Give the one that a resource points at: an endpoint's configuration, via `endpointConfigName`.

        None where it points at nothing, or at something that is not of this stack.

        Raises:
            NotDecided: it may be one of this stack.
        """
        candidates = [found for found in self.resources if is_one_of(found.type, types)]
        links = [(found, _links(resource, via, found)) for found in candidates]
        for found, link in links:
            if link:
                return found
        if resource.has(via) and (not self.complete or any(link is None for _, link in links)):
            raise NotDecided(f"what {via} is")
        return None


def _links(one: Resource, via: str, other: Resource) -> bool | None:
    """Tell whether a property points at another resource; None where that is not known."""
    sources = one.property_dependencies.get(via.split(".", 1)[0].split("[", 1)[0], ())
    if other.urn in sources:
        return True
    if sources:
        return False  # what came from others alone is not this one's name
    called = _calls(one, via, other)
    return called if one.linked or called else None


def _calls(one: Resource, via: str, other: Resource) -> bool | None:
    """Tell whether a property has the name of another resource, as something known."""
    unknown = False
    try:
        value = one.value(via)
    except NotDecided:
        return None
    for name in _NAMES:
        try:
            if _names(value, other.value(name)):
                return True
        except NotDecided:
            unknown = True
    return None if unknown and value is not None else False


def _names(value: Any, name: Any) -> bool:
    if isinstance(value, list):
        return any(_names(inner, name) for inner in value)
    if not (isinstance(value, str) and isinstance(name, str)):
        return False
    return value == name or (value.startswith("arn:") and value.endswith((f":{name}", f"/{name}")))
