"""One changed property as a reader wants it: documents compared by meaning, the unknown and the secret named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlstead_toolkit.engine.plan import PropertyChange
from mlstead_toolkit.engine.provider import ChangeKind
from mlstead_toolkit.engine.values import UNKNOWN, Archive, Asset

LONGEST = 100
# What names an element of a list: policy statements have a Sid, rules an id, pipeline steps and parameters a Name.
ELEMENT_NAMES = ("Sid", "id", "Id", "Name", "name", "Key")


@dataclass(frozen=True)
class Line:
    """One line below a resource: `kind` gives its sign."""

    kind: ChangeKind
    text: str
    replaces: bool = False

    @property
    def sign(self) -> str:
        """The sign in front of it."""
        return {"add": "+", "delete": "-", "update": "~"}[self.kind]


def describe(change: PropertyChange) -> list[Line]:
    """Give the lines that show one changed property."""
    before, after = _document(change.before), _document(change.after)
    if isinstance(before, (dict, list)) and isinstance(after, (dict, list)):
        found = [Line(kind, f"{change.path}{path}: {text}", change.replaces)
                 for path, kind, text in _differences(before, after)]
        if found:
            return found
    match change.kind:
        case "add":
            return [Line("add", f"{change.path}: {show(change.after)}", change.replaces)]
        case "delete":
            return [Line("delete", f"{change.path}: {show(change.before)}", change.replaces)]
        case _:
            return [Line("update", f"{change.path}: {show(change.before)} => {show(change.after)}", change.replaces)]


def show(value: Any) -> str:
    """Give a value on one line, shortened where it is long."""
    if value is UNKNOWN:
        return "output<string>"
    if isinstance(value, Asset):
        return f"asset({value.path or value.uri or 'text'})"
    if isinstance(value, Archive):
        return f"archive({value.path or value.uri or 'assets'})"
    if isinstance(value, str) and value == "[secret]":
        return value
    text = json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


def plain(value: Any) -> Any:
    """Give a value as plain JSON: what is unknown becomes the text that the plan shows."""
    if value is UNKNOWN:
        return "output<string>"
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (Asset, Archive)):
        return show(value)
    return value


def _document(value: Any) -> Any:
    """Read a JSON document out of a string; anything else stays what it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, ChangeKind, str]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _member(before, after, key, f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(before, after, path)
    else:
        yield path, "update", f"{show(before)} => {show(after)}"


def _member(before: dict[Any, Any], after: dict[Any, Any], key: Any, path: str
            ) -> Iterator[tuple[str, ChangeKind, str]]:
    if key not in after:
        yield path, "delete", show(before[key])
    elif key not in before:
        yield path, "add", show(after[key])
    else:
        yield from _differences(before[key], after[key], path)


def _in_lists(before: list[Any], after: list[Any], path: str) -> Iterator[tuple[str, ChangeKind, str]]:
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
        yield path, "delete", show(element)
    for element in fresh:
        yield path, "add", show(element)
    if not gone and not fresh:
        yield path, "update", f"{show(before)} => {show(after)}"


def _by_name(elements: list[Any], name: str) -> dict[Any, Any] | None:
    """Index a list by what names its elements, where all have a name of their own."""
    if not elements or not all(isinstance(one, dict) and isinstance(one.get(name), str) for one in elements):
        return None
    index = {element[name]: element for element in elements}
    return index if len(index) == len(elements) else None
