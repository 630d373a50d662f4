"""Rows from everywhere in a file or a folder of files, few enough to look at all at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from mlstead_jobs.ingestion.chunk import Chunk, Unreadable
from mlstead_jobs.ingestion.files import open_table
from mlstead_jobs.ingestion.reading import OWN

MOST = 200_000
"""Rows of a sample; of more, it is every second, fourth, …"""


def sample(path: Path) -> tuple[pa.Table, int, int]:
    """Read a CSV or Parquet file, or all of those in a folder; give rows from everywhere in it, and how many it has.

    Returns:
        The rows that are looked at, how many there are, and how many lines are no rows.

    Raises:
        Unreadable: it is no table, its files have different columns, or there are no rows.
    """
    files = sorted(file for file in path.rglob("*") if _is_table(file)) if path.is_dir() else [path]
    if not files:
        raise Unreadable("There is no .csv, .csv.gz or .parquet in it.", where=str(path))
    kept: list[pa.Table] = []
    rows, lines, step = 0, 0, 1
    for file in files:
        for chunk, malformed in _chunks(file):
            lines += malformed
            kept.append(chunk.slice(0).take(np.arange(-rows % step, chunk.num_rows, step)))
            rows += chunk.num_rows
            while sum(each.num_rows for each in kept) > MOST:
                table = pa.concat_tables(kept, promote_options="permissive")
                kept, step = [table.take(np.arange(0, table.num_rows, 2))], step * 2
    if not rows:
        raise Unreadable("It has no rows.", where=str(path))
    try:
        return pa.concat_tables(kept, promote_options="permissive").combine_chunks(), rows, lines
    except pa.ArrowTypeError as error:
        raise Unreadable(f"Its files differ in a column: {error}.", where=str(path)) from None


def _is_table(file: Path) -> bool:
    return file.is_file() and not file.name.startswith((".", "_")) and file.name.lower().endswith(
        (".csv", ".csv.gz", ".parquet")
    )


def _chunks(file: Path) -> Iterator[tuple[pa.Table, int]]:
    with open_table(file) as table:
        if own := [name for name in table.schema.names if name in OWN]:
            raise Unreadable(f"It has {', '.join(own)}, which mlstead gives its own meaning.", where=str(file),
                             fix="name a file as it is delivered, not one of quarantined rows")
        for chunk in table.chunks:
            if chunk.rows:
                yield _whole(chunk), len(chunk.lines)


def _whole(chunk: Chunk) -> pa.Table:
    """Leave out lines that are no rows."""
    rows = pa.table(chunk.columns)
    if not chunk.lines:
        return rows
    return rows.take(np.delete(np.arange(chunk.rows), list(chunk.lines)))
