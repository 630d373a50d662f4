"""Which batch a row belongs to: the value of a column, or the day, month or year of a time."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mlstead.ingestion.gate_rules import Batch
from mlstead_jobs.ingestion.chunk import Unreadable

WHOLE = "all"
"""The one batch of a table whose rows are not split: `batch=all`."""

_NONE = "none"
_LONGEST = 200  # characters of a folder's name: keys of S3 have 1,024, files 255
_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def split(rows: pa.Table, by: Batch | None) -> Iterator[tuple[str, pa.Table]]:
    """Give the rows of each batch, in their order.

    Args:
        rows: some rows, their columns typed.
        by: what splits them; None: nothing.

    Raises:
        Unreadable: a value is too long for a folder's name.
    """
    if by is None:
        yield f"batch={WHOLE}", rows
        return
    values = _values(rows[by.column], by).combine_chunks().dictionary_encode()
    codes = values.indices.fill_null(len(values.dictionary)).to_numpy()
    names = [_folder(value) for value in values.dictionary.to_pylist()] + [_NONE]
    present = np.unique(codes)
    for code in present:
        # Rows are copied: a slice would keep the memory of all others.
        yield f"{by.label}={names[code]}", rows if len(present) == 1 else rows.take(np.flatnonzero(codes == code))


def named(batch: str, file: str) -> str:
    """Give a batch's name; rows whose batch cannot be told are a batch of their file, so that no other replaces them.

    Args:
        batch: as `split` gives it.
        file: the name of the delivered file.
    """
    if not batch.endswith(f"={_NONE}"):
        return batch
    return f"{batch}-{quote(file.rpartition('/')[2], safe='')[:_LONGEST]}"


def _values(cells: pa.ChunkedArray, by: Batch) -> pa.ChunkedArray:
    if by.every:
        return pc.strftime(cells.cast(pa.timestamp("us", "UTC")), _FORMATS[by.every])
    return cells


def _folder(value: object) -> str:
    """Write a value as a folder's name; what would be none is written as %XX, as Hive does."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:02d}"
    name = quote(str(value), safe="") or _NONE
    if len(name) > _LONGEST:
        raise Unreadable(f"A row's batch would be called by a text of {len(name)} characters; {_LONGEST} are allowed.")
    return name
