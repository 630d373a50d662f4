"""Names of resources: urn:pulumi:<stack>::<project>::<types, outermost first>::<name>, and provider references."""

from __future__ import annotations

from typing import NamedTuple

STACK_TYPE = "pulumi:pulumi:Stack"
STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference"
PROVIDER_PREFIX = "pulumi:providers:"
UNKNOWN_ID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # the id of a provider that is yet to be made


class UrnParts(NamedTuple):
    """The four parts of a URN; `qualified_type` holds the parents' types, joined by "$"."""

    stack: str
    project: str
    qualified_type: str
    name: str


def parse(urn: str) -> UrnParts:
    """Split a URN. Raises ValueError where it is none."""
    pieces = urn.split("::", 3)
    if len(pieces) != 4 or not pieces[0].startswith("urn:pulumi:"):
        raise ValueError(f"{urn!r} is not a Pulumi URN")
    return UrnParts(pieces[0].removeprefix("urn:pulumi:"), pieces[1], pieces[2], pieces[3])


def make(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """Build the URN of a resource from its parent's URN ("" or the stack's count as no parent)."""
    qualified = type_
    if parent:
        above = parse(parent).qualified_type
        if above and above != STACK_TYPE:
            qualified = f"{above}${type_}"
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


def name_of(urn: str) -> str:
    """Give the logical name in a URN."""
    return urn.split("::", 3)[-1]


def type_of(urn: str) -> str:
    """Give the resource's own type in a URN."""
    return urn.split("::", 3)[2].rsplit("$", 1)[-1]


def is_provider(type_: str) -> bool:
    """Tell whether a type is that of a provider resource."""
    return type_.startswith(PROVIDER_PREFIX)


def is_default_provider(urn: str) -> bool:
    """Tell whether a provider's URN is that of a default provider, which no program made."""
    return is_provider(type_of(urn)) and (name_of(urn) == "default" or name_of(urn).startswith("default_"))


def package_of(type_: str) -> str:
    """Give the package of a type token or of a provider's type."""
    return type_.removeprefix(PROVIDER_PREFIX) if is_provider(type_) else type_.split(":", 1)[0]


def provider_reference(urn: str, resource_id: str) -> str:
    """Join a provider's URN and id as Pulumi does."""
    return f"{urn}::{resource_id or UNKNOWN_ID}"


def split_reference(reference: str) -> tuple[str, str]:
    """Split a provider reference into URN and id."""
    urn, _, resource_id = reference.rpartition("::")
    return urn, resource_id
