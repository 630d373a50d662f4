"""Properties as the cost section reads them: a symbol stands for no number."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from mlstead_toolkit.policies.block import Block, NotDecided


def number(block: Block, path: str, default: int) -> Decimal:
    """Give a number, or what AWS takes where there is none. Raises NotDecided where it is not known."""
    value = block.get(path, default)
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise NotDecided(path) from None


def text(block: Block, path: str, default: str = "") -> str:
    """Give a text, or what AWS takes where there is none. Raises NotDecided where it is not known."""
    value = str(block.get(path, default))
    if not value or "⟨" in value:
        raise NotDecided(path)
    return value
