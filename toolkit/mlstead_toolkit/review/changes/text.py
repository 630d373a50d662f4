"""Two long texts, compared line by line."""

from __future__ import annotations

import difflib
import itertools
import textwrap
from collections.abc import Iterator
from typing import Any, Final

_LONG: Final = 200
_MOST: Final = 200
_WIDEST: Final = 240
"""Characters of a line that a comment shows without cutting it."""
_HEADER: Final = 2  # lines of a unified diff before the first hunk


def is_long(*values: Any) -> bool:
    """Tell whether all are texts, one of them too long for one line."""
    return all(isinstance(value, str) for value in values) and any(
        len(value) > _LONG or "\n" in value.strip() for value in values)


def text_lines(before: str, after: str) -> tuple[str, ...]:
    """Give the lines that differ, with one around them."""
    compared = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    found = [f"{line[:1]} {line[1:]}" for line in itertools.islice(compared, _HEADER, None)
             if not line.startswith("@@")]
    return tuple(found) if len(found) <= _MOST else (*found[:_MOST], f"  … {len(found) - _MOST} more lines")


def wrapped(start: str, text: str) -> Iterator[str]:
    """Break a long line between words, never within one; the sign stands before each part."""
    parts = textwrap.wrap(text, _WIDEST, break_long_words=False, break_on_hyphens=False) or [""]
    yield f"{start}{parts[0]}"
    yield from (f"{start[:1]}     {part}" for part in parts[1:])
