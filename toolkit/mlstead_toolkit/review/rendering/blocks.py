"""What a review is written with: paragraphs, lists, tables, fences and folds, before they are Markdown or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Code:
    """A name or a value, as it stands in the code."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Words that stand out."""

    text: str


Line: TypeAlias = tuple[str | Code | Strong, ...]


@dataclass(frozen=True)
class Heading:
    """The beginning of a section; level 2 is the review's own."""

    level: int
    line: Line


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    line: Line


@dataclass(frozen=True)
class Item:
    """One item of a list, and what stands below it."""

    line: Line
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table; its first column names the rows.

    Args:
        head: the columns' names.
        rows: as many cells each.
        numbers: columns that are set right, by index.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fence:
    """Lines of another language: diff, mermaid, text."""

    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Details:
    """What is folded away below a summary."""

    summary: Line
    blocks: tuple[Block, ...]


Block: TypeAlias = Heading | Paragraph | Items | Table | Fence | Details
