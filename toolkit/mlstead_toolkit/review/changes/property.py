"""One changed property as lines of a review: documents by what they say, everything else by its parts."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from mlstead_toolkit.engine.plan import PropertyChange
from mlstead_toolkit.policies.block import Malformed, NotDecided
from mlstead_toolkit.review.changes.pipeline import is_pipeline, pipeline_lines, step_count
from mlstead_toolkit.review.changes.policy import is_policy, policy_lines, statement_count
from mlstead_toolkit.review.changes.structure import Part, differences, document
from mlstead_toolkit.review.changes.text import is_long, text_lines
from mlstead_toolkit.review.changes.values import LONGEST, told_apart, written
from mlstead_toolkit.review.quantity import counted
from mlstead_toolkit.review.report import Difference

ONLY_WORDING: Final = ("  only its wording differs",)
REASONS: Final = {
    "dependencies": "what it depends on is replaced, and it cannot stand without it",
    "provider": "its provider is another, or has another configuration",
    "replaceWith": "what it is to be replaced with is replaced",
    "deletedWith": "what it goes with is replaced",
    "taint": "it was marked to be made anew",
    "replacementTrigger": "what triggers its replacement has another value",
}
"""What the engine gives for a property where the reason lies in none."""


def differences_of(change: PropertyChange) -> tuple[Difference, ...]:
    """Give the differences that one change of a property makes; several where it has parts."""
    return tuple(dataclasses.replace(found, replaces=change.replaces) for found in _found(change))


def _found(change: PropertyChange) -> Iterator[Difference]:
    if change.before is None and change.after is None:
        yield Difference(change.path, "", "", lines=(f"  {REASONS.get(change.path, 'it differs')}",))
        return
    one, other = document(change.before), document(change.after)
    texts = isinstance(change.before, str) or isinstance(change.after, str)
    if texts and _documents(one, other):
        yield _document(change.path, one, other)
    elif is_long(change.before, change.after):
        yield Difference(change.path, _lines(change.before), _lines(change.after),
                         lines=text_lines(change.before, change.after))
    elif isinstance(one, (dict, list)) and isinstance(other, (dict, list)):
        for part in differences(one, other):
            inner = PropertyChange(change.path + part.path, part.kind, part.before, part.after)
            # Where the order alone differs, the part is the whole.
            yield from [_plain(inner)] if not part.path and part.kind == "update" else _found(inner)
    else:
        yield _plain(change)


def _documents(*sides: Any) -> bool:
    """Tell whether there is a document on every side that has anything."""
    return all(side is None or isinstance(side, (dict, list)) for side in sides)


def _document(path: str, before: Any, after: Any) -> Difference:
    lines: tuple[str, ...]
    try:
        if _both(is_policy, before, after):
            lines = policy_lines(before, after)
            return Difference(path, _counted("statements", statement_count, before),
                              _counted("statements", statement_count, after), lines=lines or ONLY_WORDING)
    except (Malformed, NotDecided):  # then it is a document like any other
        pass
    if _both(is_pipeline, before, after):
        lines = pipeline_lines(before, after)
        return Difference(path, _counted("steps", step_count, before), _counted("steps", step_count, after),
                          lines=lines or ONLY_WORDING)
    lines = tuple(_parts(before, after))
    return Difference(path, "" if before is None else written(before), "" if after is None else written(after),
                      lines=lines or ONLY_WORDING)


def _both(is_one: Callable[[Any], bool], *sides: Any) -> bool:
    return all(side is None or is_one(side) for side in sides)


def _counted(nouns: str, count: Callable[[Any], int], side: Any) -> str:
    return "" if side is None else counted(count(side), nouns)


def _parts(before: Any, after: Any) -> Iterator[str]:
    if before is None or after is None:
        sign, whole = ("+", after) if before is None else ("-", before)
        yield from (f"{sign} {path.removeprefix('.')}: {written(value)}" for path, value in _leaves(whole))
        return
    for part in differences(before, after):
        yield _line(part)


def _line(part: Part) -> str:
    path = part.path.removeprefix(".") or "all of it"
    match part.kind:
        case "add":
            return f"+ {path}: {written(part.after)}"
        case "delete":
            return f"- {path}: {written(part.before)}"
        case _:
            return f"~ {path}: {' → '.join(told_apart(part.before, part.after))}"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}")
    elif isinstance(value, list) and any(isinstance(inner, (dict, list)) for inner in value):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def _plain(change: PropertyChange) -> Difference:
    whole = change.before if change.after is None else change.after
    if None in (change.before, change.after) and isinstance(whole, (dict, list)) and _length(whole) > LONGEST:
        lines = tuple(_parts(change.before, change.after))
    else:
        lines = ()
    before, after = told_apart(change.before, change.after)
    return Difference(change.path, before, after, lines=lines)


def _length(value: Any) -> int:
    return len(json.dumps(value, default=repr))


def _lines(text: str) -> str:
    number = len(text.splitlines())
    return f"{number} lines" if number > 1 else f"{len(text)} characters"
