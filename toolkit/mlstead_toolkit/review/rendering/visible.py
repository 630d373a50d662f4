"""Text as it may be shown: on one line, and nothing in it that hides or turns what a reader sees."""

from __future__ import annotations

import unicodedata

# Controls, formats (among them those that turn the direction of writing), lone surrogates, separators of lines.
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
WRITTEN = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """Write out whatever cannot be seen: a line's end is \\n, a mark that turns the writing \\u202e."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_written(each) if unicodedata.category(each) in HIDDEN else each for each in text)


def _written(character: str) -> str:
    return WRITTEN.get(character) or (f"\\u{ord(character):04x}" if ord(character) < 0x10000
                                      else f"\\U{ord(character):08x}")
