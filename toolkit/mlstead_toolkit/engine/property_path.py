"""Paths into values as options and diffs write them: `tags.owner`, `rules[0].id`, `tags["a.b"]`, `rules[*]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mlstead_toolkit.engine.values import Properties, PropertyValue, Secret

_TOKEN = re.compile(r'\.?([^.\[\]"]+)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]')
MISSING: Final = object()


def parse(path: str) -> list[str | int]:
    """Split a path into keys, indices and "*". Raises ValueError where it cannot be read."""
    parts: list[str | int] = []
    position = 0
    while position < len(path):
        match = _TOKEN.match(path, position)
        if match is None:
            raise ValueError(f"{path!r} is not a property path")
        name, index, quoted = match.groups()
        if name is not None:
            parts.append(name)
        elif index is not None:
            parts.append("*" if index == "*" else int(index))
        else:
            parts.append(quoted.replace('\\"', '"'))
        position = match.end()
    return parts


def get(value: PropertyValue, parts: Sequence[str | int]) -> PropertyValue:
    """Look a path up; MISSING where there is nothing. Inside a Secret everything found is secret."""
    secret = False
    for part in parts:
        if isinstance(value, Secret):
            secret, value = True, value.value
        if isinstance(value, dict):
            if part not in value:
                return MISSING
            value = value[part]
        elif isinstance(value, list) and isinstance(part, int):
            if part >= len(value):
                return MISSING
            value = value[part]
        else:
            return MISSING
    return Secret(value) if secret and not isinstance(value, Secret) else value


def matches(pattern: Sequence[str | int], parts: Sequence[str | int]) -> bool:
    """Tell whether a path lies at or below a pattern; "*" stands for any one step."""
    if len(pattern) > len(parts):
        return False
    return all(wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=False))


def kept_from(old: Properties, new: Properties, paths: Sequence[str]) -> Properties:
    """Give the new inputs with what the old ones have at some paths: what `ignore_changes` means."""
    result = new
    for path in paths:
        result = _keep(old, result, parse(path))
    return result


def _keep(old: PropertyValue, new: PropertyValue, parts: Sequence[str | int]) -> PropertyValue:
    part, rest = parts[0], parts[1:]
    if isinstance(old, Secret):
        old = old.value
    if isinstance(new, Secret):
        return Secret(_keep(old, new.value, parts))
    if isinstance(new, dict):
        keys = list(dict.fromkeys([*new, *(old if isinstance(old, dict) else ())])) if part == "*" else [part]
        result = dict(new)
        for key in keys:
            before = old.get(key, MISSING) if isinstance(old, dict) else MISSING
            if rest and key in new and before is not MISSING:
                result[key] = _keep(before, new[key], rest)
            elif rest:
                continue  # a parent appeared or went away: that is a change of the parent, not of what is ignored
            elif before is MISSING:
                result.pop(key, None)
            else:
                result[key] = before
        return result
    if isinstance(new, list) and isinstance(old, list):
        items = list(new)
        for index in (range(min(len(new), len(old))) if part == "*" else [part] if isinstance(part, int) else []):
            if index < len(items) and index < len(old):
                items[index] = _keep(old[index], items[index], rest) if rest else old[index]
        return items
    return new
