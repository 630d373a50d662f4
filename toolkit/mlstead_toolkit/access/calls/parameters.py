"""Reading a call's parameters by the place where something stands: names with dots between, lists entered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def values_at(parameters: Mapping[str, Any], place: str) -> list[str]:
    """Give every value at a place, as policies write it; none where nothing stands there."""
    return [_text(value) for value in _found(parameters, place)]


def tags_at(parameters: Mapping[str, Any], place: str) -> dict[str, str]:
    """Read tags in any of the forms that services take: a map, or lists of pairs under several names."""
    tags: dict[str, str] = {}
    for found in _found(parameters, place):
        names = {name.lower().removeprefix("tag"): str(value) for name, value in found.items()}
        if isinstance(found, Mapping) and {*names} <= {"key", "value"} and "key" in names:
            tags[names["key"]] = names.get("value", "")
        else:
            tags |= {str(name): str(value) for name, value in found.items()}
    return tags


def _found(parameters: Mapping[str, Any], place: str) -> list[Any]:
    found: list[Any] = [parameters]
    for name in place.split("."):
        found = [*_flat(one[name] for one in found if isinstance(one, Mapping) and one.get(name) is not None)]
    return found


def _flat(found: Any) -> Iterator[Any]:
    for value in found:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        else:
            yield value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
