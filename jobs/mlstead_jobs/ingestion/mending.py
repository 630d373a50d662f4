"""Quarantined rows that come back mended: they take their old place in their batch, and every other row stays.

A row is known by its batch and its number there. The number stays right while the batch only changes by mending; a
batch that was delivered anew meanwhile has other rows, and is told by its content.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mlstead.ingestion.gate_rules import Batch
from mlstead_jobs.ingestion.batch_file import UNPARSED, BatchFile
from mlstead_jobs.ingestion.batches import split
from mlstead_jobs.ingestion.cells import typed
from mlstead_jobs.ingestion.chunk import ROWS, Chunk, Unreadable
from mlstead_jobs.ingestion.reading import BATCH, CONTENT, LINE, OWN, ROW, typed_rows
from mlstead_jobs.ledger import FIRST_ROW, Manifest, is_unknown


def mended_rows(chunk: Chunk, types: Mapping[str, str], extra: Mapping[str, pa.DataType]) -> pa.Table:
    """Type some mended rows; they keep `_row`, `_batch` and `_content`.

    What did not fit before still does not where its cell is still empty and `_unparsed` still has its text.

    Raises:
        Unreadable: a row does not say where it belongs.
    """
    numbers, unfit = typed(chunk.columns[ROW], pa.int64())
    names, contents = (typed(chunk.columns[name], pa.string())[0] for name in (BATCH, CONTENT))
    if unfit or chunk.lines or numbers.null_count or names.null_count or contents.null_count:
        raise Unreadable(f"A row does not say in {ROW}, {BATCH} and {CONTENT} where it belongs.")
    rows = typed_rows(chunk, types, extra)
    if UNPARSED in chunk.columns:
        before, _ = typed(chunk.columns[UNPARSED], pa.string())
        rows = rows.set_column(rows.schema.get_field_index(UNPARSED), UNPARSED, _still_unparsed(rows, before))
    return rows.append_column(ROW, numbers).append_column(BATCH, names).append_column(CONTENT, contents)


def _still_unparsed(rows: pa.Table, before: pa.Array) -> pa.Array:
    if before.null_count == len(before):
        return rows[UNPARSED]
    said = rows[UNPARSED].to_pylist()
    for row in pc.indices_nonzero(pc.is_valid(before)).to_pylist():
        try:
            old: dict[str, Any] = json.loads(before[row].as_py())
        except ValueError:
            continue  # somebody's own words in it
        cells = {column: text for column, text in old.items() if _empty(rows, column, row)}
        now = json.loads(said[row]) if said[row] else {}
        if cells := {**cells, **now}:
            said[row] = json.dumps(cells, ensure_ascii=False, sort_keys=True)
    return pa.array(said, pa.string())


def _empty(rows: pa.Table, column: str, row: int) -> bool:
    """Say whether a cell is still empty; of a line that was no row, whether all are."""
    if column in rows.column_names:
        return not rows[column][row].is_valid
    return column != LINE or not any(rows[name][row].is_valid for name in rows.column_names if name not in OWN)


def by_batch(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Give the mended rows of each batch, in the order of their numbers.

    Raises:
        Unreadable: two rows are for the same place.
    """
    for name in sorted(pc.unique(rows[BATCH]).to_pylist()):
        own = rows.filter(pc.equal(rows[BATCH], name)).drop_columns([BATCH]).sort_by(ROW)
        numbers = own[ROW].to_numpy()
        if twice := sorted(set(numbers[1:][np.diff(numbers) == 0].tolist())):
            raise Unreadable(f"{name} has more than one row {twice[0]}.")
        yield name, own


def mend(
    before: Path, manifest: Manifest, mended: pa.Table, by: Batch | None, to: Path, *, says_unparsed: bool,
) -> BatchFile:
    """Write a batch again, with some of its rows mended.

    Args:
        before: the batch's file.
        manifest: the batch's.
        mended: rows in the order of their numbers.
        by: what splits the table into batches.
        to: the file to write.
        says_unparsed: whether the mended rows say themselves what still does not fit.

    Raises:
        Unreadable: a row is not of this batch as it is now, or a column not of this table.
    """
    name = manifest.batch
    if pc.unique(mended[CONTENT]).to_pylist() != [manifest.origin]:
        raise Unreadable(f"{name} was delivered anew since these rows were given out: they are no longer its rows. "
                         "Take them out again with `mlstead data rows`.")
    with pq.ParquetFile(before) as parquet:
        schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
        numbers = mended[ROW].to_numpy() - FIRST_ROW
        if len(numbers) and not 0 <= numbers[0] <= numbers[-1] < rows:
            outside = next(number for number in (numbers[0], numbers[-1]) if not 0 <= number < rows)
            raise Unreadable(f"{name} has {rows} rows, and none with the number {outside + FIRST_ROW}.")
        mended = mended.drop_columns([ROW, CONTENT])
        if unknown := [each for each in mended.column_names if each not in schema.names and each not in OWN]:
            raise Unreadable(f"{name} has no column {', '.join(unknown)}.")
        _refuse_moved(mended, name, by)
        result = BatchFile(to, schema)
        first = 0
        for read in parquet.iter_batches(batch_size=ROWS):
            chunk = pa.Table.from_batches([read])
            start, end = np.searchsorted(numbers, [first, first + chunk.num_rows])
            some, places = mended.slice(start, end - start), numbers[start:end] - first
            if len(places) and not says_unparsed:
                unfit = chunk[UNPARSED].take(pa.array(places)).combine_chunks()
                some = some.set_column(some.schema.get_field_index(UNPARSED), UNPARSED, _still_unparsed(some, unfit))
            result.add(_replaced(chunk, some, places, name))
            first += chunk.num_rows
        result.close()
        return result


def _refuse_moved(mended: pa.Table, name: str, by: Batch | None) -> None:
    if by and by.column in mended.column_names:
        for other, _ in split(mended, by):
            if other != name and not (is_unknown(other) and is_unknown(name)):
                raise Unreadable(f"A row of {name} would belong to {other} now; deliver {other} anew, with that row.")


def _replaced(chunk: pa.Table, mended: pa.Table, places: Any, name: str) -> pa.Table:
    """Put mended rows into their places; columns that they do not have keep their values."""
    if not len(places):
        return chunk
    take = np.arange(chunk.num_rows)
    take[places] = chunk.num_rows + np.arange(len(places))
    columns = {}
    for field in chunk.schema:
        cells = chunk[field.name]
        if field.name in mended.column_names:
            try:
                new = mended[field.name].cast(field.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                raise Unreadable(f"{field.name} is no longer of the type that {name} has, {field.type}.") from None
            cells = pa.chunked_array([*cells.chunks, *new.chunks], field.type).take(pa.array(take))
        columns[field.name] = cells
    return pa.table(columns, schema=chunk.schema)
