"""What is the same in several environments is told once, with the environments that have it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")

# Stands for an environment's name where items differ by it alone.
ENVIRONMENT = "⟨environment⟩"


@dataclass(frozen=True)
class Told(Generic[Item]):
    """One item, and the environments that have it, in the review's order."""

    item: Item
    environments: tuple[str, ...]


def told(items: Mapping[str, Sequence[Item]]) -> tuple[Told[Item], ...]:
    """Group equal items by the environments that have them; what differs by the environment's name alone is equal too.

    Args:
        items: by environment, in the review's order; the order of the items is kept, the first environment's first.
    """
    exact: dict[Item, list[str]] = {}
    for environment, found in items.items():
        for item in found:
            having = exact.setdefault(item, [])
            if environment not in having:
                having.append(environment)
    alike: dict[Item, list[tuple[Item, str]]] = {}
    for item, having in exact.items():
        if len(having) == 1:
            alike.setdefault(_neutral(item, having[0]), []).append((item, having[0]))
    found_alike = {item: (neutral, tuple(dict.fromkeys(environment for _, environment in group)))
                   for neutral, group in alike.items() for item, _ in group[:1]
                   if len({environment for _, environment in group}) > 1}
    absorbed = {item for neutral, group in alike.items() if group[0][0] in found_alike for item, _ in group}
    result = []
    for item, having in exact.items():
        if item in found_alike:
            result.append(Told(*found_alike[item]))
        elif item not in absorbed:
            result.append(Told(item, tuple(having)))
    return tuple(result)


def by_environments(items: Iterable[Told[Item]]) -> dict[tuple[str, ...], tuple[Item, ...]]:
    """Put together what the same environments have; what most of them have comes first."""
    grouped: dict[tuple[str, ...], list[Item]] = {}
    for each in items:
        grouped.setdefault(each.environments, []).append(each.item)
    return {environments: tuple(grouped[environments]) for environments in sorted(grouped, key=lambda key: -len(key))}


def _neutral(value: Any, environment: str) -> Any:
    """Put a placeholder wherever the environment's name stands as a word of its own."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return re.sub(rf"(?<![A-Za-z0-9]){re.escape(environment)}(?![A-Za-z0-9])", ENVIRONMENT, value)
    if isinstance(value, tuple):
        return tuple(_neutral(each, environment) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _neutral(getattr(value, field.name), environment)
                                 for field in fields(value) if field.init})
    return value
