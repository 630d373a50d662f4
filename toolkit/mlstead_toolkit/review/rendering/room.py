"""How much of a review is told: a comment has a limit, a page has none."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Each = TypeVar("Each")

WHOLE = "mlstead review --format html"


@dataclass(frozen=True)
class Room:
    """How long things may be.

    Args:
        value: characters of one value or name.
        text: characters of one sentence.
        items: items of one list, rows of one table, and groups of environments.
        lines: lines of one policy or document.
        diagram: characters of the diagram.
        folded: whether what is folded away is written at all.
        open_rows: rows of a list that is shown unfolded.
    """

    value: int = sys.maxsize
    text: int = sys.maxsize
    items: int = sys.maxsize
    lines: int = sys.maxsize
    diagram: int = sys.maxsize
    folded: bool = True
    open_rows: int = sys.maxsize

    def cut(self, found: Sequence[Each]) -> tuple[tuple[Each, ...], int]:
        """Give the items that there is room for, and the number of the rest."""
        return tuple(found[: self.items]), max(len(found) - self.items, 0)


EVERYTHING = Room()
# Tried in this order, until the comment is short enough.
COMMENT = (
    Room(value=120, text=600, items=100, lines=80, diagram=12_000, open_rows=30),
    Room(value=100, text=500, items=40, lines=40, diagram=8_000, open_rows=20),
    Room(value=80, text=300, items=15, lines=15, diagram=4_000, open_rows=15),
    Room(value=60, text=200, items=8, lines=0, diagram=0, folded=False, open_rows=15),
    Room(value=40, text=120, items=3, lines=0, diagram=0, folded=False, open_rows=10),
)


def shortened(text: str, longest: int) -> str:
    """Cut a text that is too long, and say so by an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
