"""What a file is while it is read: some rows at a time, whatever it was written as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from mlstead.errors import MlsteadError

ROWS = 16_384
"""Rows that are worked on at once, and of a row group."""


class Unreadable(MlsteadError):
    """A delivered file is no table that can be taken in; it is refused as a whole, and the job goes on."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file.

    Args:
        columns: name → cells as they were read; from CSV bytes, null where a cell is missing.
        rows: how many.
        lines: texts of lines that are no row of the table, by their place among these rows, where all cells are null.
    """

    columns: dict[str, pa.Array]
    rows: int
    lines: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenFile:
    """A file that is a table: its columns' names and types, and its rows as they come."""

    schema: pa.Schema
    chunks: Iterator[Chunk]
