"""Which folders a table's batches have as gates.toml splits it now; those of an earlier split lie beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlstead.ingestion.gate_definitions import Gate
    from mlstead_toolkit.cli.data_books import BatchBook

Folders = Mapping[str, str]
"""By table, the regular expression of its batches' names."""

_PERIODS = {"day": r"\d{4}-\d\d-\d\d", "month": r"\d{4}-\d\d", "year": r"\d{4}"}


def folders(gate: Gate) -> str:
    """Give the regular expression of the names that a table's batches get, month=2024-03."""
    from mlstead.ingestion.gate_checks import is_whole

    batch = gate.rules.batch
    if batch is None:
        return "batch=all"
    type_ = gate.columns[batch.column]
    value = _PERIODS[batch.every] if batch.every else _PERIODS["day"] if type_ == "date" else (
        r"-?\d{2,}|-\d" if is_whole(type_) else ".*")
    return f"{batch.label}=({value}|none(-.*)?)"


def is_former(table: str, batch: str, now: Folders) -> bool:
    """Say whether a batch was made by another `batch` than gates.toml has now; of a table that is gone nobody knows."""
    return table in now and re.fullmatch(now[table], batch) is None


def problems(books: Iterable[BatchBook]) -> list[str]:
    """Say of each table which of its batches were split otherwise, and how that is put right."""
    told, books = [], list(books)
    for table in sorted({book.table for book in books if book.former}):
        former = [book for book in books if book.table == table and book.former]
        several = f"{len(former)} batches, {former[0].batch} to {former[-1].batch}, were"
        which = several if len(former) > 1 else f"{former[0].batch} was"
        way = ("; rows of both count twice in curated. Take those of one of the two" if doubled(books, table)
               else ". Write the earlier one there again, or take these")
        told.append(f"{table}: {which} made by another `batch` than gates.toml has now{way} out of all zones: "
                    "docs/data.md, Another batch")
    return told


def doubled(books: Iterable[BatchBook], table: str) -> bool:
    """Say whether curated holds batches of a table of both forms."""
    return {book.former for book in books if book.table == table and book.holds_curated} == {True, False}
