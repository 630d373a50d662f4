"""The components around a resource, as a review names them."""

from __future__ import annotations

from collections.abc import Callable

from mlstead_toolkit.engine import urn as urns


def components_around(parent: str, known: Callable[[str], tuple[bool, str]]) -> tuple[str, ...]:
    """Name the components around a resource, outermost first: `DataPipeline flight-delays-data`.

    Args:
        parent: URN of the resource's parent; "" where it has none.
        known: gives of a URN whether it is a resource of a provider, which is not named, and its parent's URN.
    """
    names: list[str] = []
    seen: set[str] = set()
    while parent and parent not in seen and urns.type_of(parent) != urns.STACK_TYPE:
        seen.add(parent)
        custom, above = known(parent)
        if not custom:
            names.append(f"{urns.type_of(parent).rpartition(':')[2]} {urns.name_of(parent)}")
        parent = above
    return tuple(reversed(names))
