"""Symbols: what stands for a value that only a cloud chooses, such as ⟨artifacts-key⟩ or ⟨account⟩."""

from __future__ import annotations

import re
from typing import Final

from mlstead_toolkit.engine.values import UNKNOWN, PropertyValue

OPEN, CLOSE = "⟨", "⟩"
ACCOUNT: Final = "⟨account⟩"
REGION: Final = "⟨region⟩"
_SYMBOL: Final = re.compile(r"⟨([^⟨⟩]*)⟩")
_PLAIN: Final = {"account": "123456789012", "region": "eu-west-1"}


def symbol(*parts: str) -> str:
    """Write a symbol: the resource's name, and the output's where it is not the id."""
    return f"{OPEN}{'.'.join(parts)}{CLOSE}"


def spelled(text: str) -> str:
    """Write the brackets of symbols plainly, where a JSON document has them as escapes."""
    return text.replace("\\u27e8", OPEN).replace("\\u27e9", CLOSE) if "\\u27e" in text else text


def opaque(value: PropertyValue) -> PropertyValue:
    """Make every text that holds a symbol unknown, as it is to a check before anything exists."""
    if isinstance(value, str):
        return UNKNOWN if OPEN in value else value
    if isinstance(value, dict):
        return {key: opaque(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [opaque(inner) for inner in value]
    return value


def in_plain_words(text: str) -> str:
    """Put a word of AWS's form in the place of each symbol, so that a document's own form can be checked."""
    return _SYMBOL.sub(lambda found: _PLAIN.get(found[1]) or re.sub(r"[^\w-]", "-", found[1]), text)


def differing(value: PropertyValue) -> PropertyValue:
    """Put a symbol for what is still unknown, so that two sides on which it is compare equal."""
    if value is UNKNOWN:
        return symbol("unknown")
    if isinstance(value, dict):
        return {key: differing(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [differing(inner) for inner in value]
    return value
