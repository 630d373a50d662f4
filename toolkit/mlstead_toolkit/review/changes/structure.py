"""What differs between two values that have parts: mappings by key, lists by what names their elements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mlstead_toolkit.engine.provider import ChangeKind

# What names an element of a list: policy statements have a Sid, rules an id, pipeline steps and parameters a Name.
ELEMENT_NAMES: Final = ("Sid", "id", "Id", "Name", "name", "Key")


@dataclass(frozen=True)
class Part:
    """One part that differs; `path` is "" or begins with "." or "[", and what is not there is None."""

    path: str
    kind: ChangeKind
    before: Any
    after: Any


def document(value: Any) -> Any:
    """Read a JSON document out of a string; anything else stays what it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def differences(before: Any, after: Any, path: str = "") -> Iterator[Part]:
    """Give the parts that differ, each with the shortest path that tells it."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _member(before, after, key, f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(before, after, path)
    else:
        yield Part(path, "update", before, after)


def _member(before: dict[Any, Any], after: dict[Any, Any], key: Any, path: str) -> Iterator[Part]:
    if key not in after:
        yield Part(path, "delete", before[key], None)
    elif key not in before:
        yield Part(path, "add", None, after[key])
    else:
        yield from differences(before[key], after[key], path)


def _in_lists(before: list[Any], after: list[Any], path: str) -> Iterator[Part]:
    for name in ELEMENT_NAMES:
        old, new = _by_name(before, name), _by_name(after, name)
        if old is not None and new is not None:
            for key in [*old, *(key for key in new if key not in old)]:
                yield from _member(old, new, key, f"{path}[{key}]")
            return
    if any(isinstance(element, (dict, list)) for element in [*before, *after]):
        old, new = dict(enumerate(before)), dict(enumerate(after))
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _member(old, new, key, f"{path}[{key}]")
        return
    gone = [element for element in before if element not in after]
    fresh = [element for element in after if element not in before]
    for element in gone:
        yield Part(path, "delete", element, None)
    for element in fresh:
        yield Part(path, "add", None, element)
    if not gone and not fresh:
        yield Part(path, "update", before, after)


def _by_name(elements: list[Any], name: str) -> dict[Any, Any] | None:
    """Index a list by what names its elements, where all have a name of their own."""
    if not elements or not all(isinstance(one, dict) and isinstance(one.get(name), str) for one in elements):
        return None
    index = {element[name]: element for element in elements}
    return index if len(index) == len(elements) else None
