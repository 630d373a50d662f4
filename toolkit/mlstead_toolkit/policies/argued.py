"""Guards that a component was told to switch off, and why."""

from __future__ import annotations

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack


def argued(resource: Resource, stack: Stack, argument: str) -> bool:
    """Tell whether a component above was given Weakened("reason") for an argument; previews and reviews list those."""
    by_urn = {one.urn: one for one in stack.resources}
    above = by_urn.get(resource.parent)
    while above is not None:
        if above.type.startswith("mlstead:") and above.has(f"weakenings.{argument}"):
            return True
        above = by_urn.get(above.parent)
    return False
