"""Rows by ranges of a column, some at a time, whatever order their files have: for work that need not hold all rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mlstead_jobs.container import scratch

_Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

_MOST = 400  # ranges; each is an open file
_NONE = np.zeros(0, dtype=np.int64)
_MISSING = np.iinfo(np.int64).max


def in_ranges(files: Sequence[Path], by: str, columns: Sequence[str], rows: int) -> Iterator[pa.Table]:
    """Give the rows of Parquet files range after range of a column; rows with one value of it are in one range.

    What does not fit into memory at once waits on the job's volume, about as large as the columns are in memory.

    Args:
        files: the files.
        by: the column, of whole numbers or times; rows without a value are in the last range.
        columns: the columns to give.
        rows: how many rows a range has at most, where values are not shared by more.

    Returns:
        At least one table, which is empty if the files are.
    """
    bounds = _bounds(files, by, rows)
    read = list(dict.fromkeys([by, *columns]))
    schema = pa.unify_schemas([pa.schema([pq.read_schema(file).field(name) for name in read]).remove_metadata()
                               for file in files], promote_options="permissive")
    with tempfile.TemporaryDirectory(prefix="mlstead-", dir=scratch()) as folder:
        places = [Path(folder) / f"{number}.arrow" for number in range(len(bounds))]
        parts = (part for file in files for part in _parts(file, read, rows))
        _spread(parts, bounds, schema, places)
        for place in places:
            with pa.ipc.open_stream(place) as stored:
                yield stored.read_all().select(list(columns))
            place.unlink()


def _bounds(files: Sequence[Path], by: str, rows: int) -> _Numbers:
    """Give the least number of each range."""
    read = [_numbers(part) for file in files for part in _parts(file, [by], rows)]
    ordered = np.sort(np.concatenate(read or [_NONE]))
    bounds: _Numbers = np.unique(ordered[:: max(rows, -(-len(ordered) // _MOST))])
    return bounds if len(bounds) else np.zeros(1, dtype=np.int64)


def _parts(file: Path, columns: list[str], rows: int) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(file) as parquet:
        yield from parquet.iter_batches(batch_size=rows, columns=columns)


def _numbers(part: pa.RecordBatch) -> _Numbers:
    """Give the column that ranges are of, which is read first, as numbers that are in its order."""
    numbers: _Numbers = part.column(0).cast(pa.int64()).fill_null(_MISSING).to_numpy(zero_copy_only=False)
    return numbers


def _spread(
    parts: Iterable[pa.RecordBatch], bounds: _Numbers, schema: pa.Schema, places: Sequence[Path],
) -> None:
    """Write each row to the place of its range, in the order of its file."""
    with ExitStack() as stack:
        writers = [stack.enter_context(pa.ipc.new_stream(place, schema)) for place in places]
        for part in parts:
            within = np.searchsorted(bounds, _numbers(part), side="right") - 1
            rows = pa.Table.from_batches([part]).select(schema.names).cast(schema)
            for number in np.unique(within):
                writers[number].write_table(rows.take(np.flatnonzero(within == number)))
