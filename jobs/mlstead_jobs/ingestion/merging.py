"""Files that were delivered together may hold parts of one batch: they become one, in the order that was said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mlstead_jobs.ingestion.batch_file import UNPARSED, BatchFile
from mlstead_jobs.ingestion.cells import unparsed
from mlstead_jobs.ingestion.chunk import ROWS, Unreadable


def merged(parts: Sequence[dict[str, BatchFile]], folder: Path) -> dict[str, BatchFile]:
    """Give every batch as one file.

    Args:
        parts: of each delivered file, its batches.
        folder: where batches of several files are written.

    Raises:
        Unreadable: a column that nobody described cannot be the same in all of them.
    """
    found: dict[str, list[BatchFile]] = {}
    for part in parts:
        for batch, file in part.items():
            found.setdefault(batch, []).append(file)
    return {
        batch: files[0] if len(files) == 1 else _one(files, folder / f"merged-{number}.parquet")
        for number, (batch, files) in enumerate(sorted(found.items()))
    }


def _one(files: list[BatchFile], to: Path) -> BatchFile:
    schema = _schema(file.schema for file in files)
    one = BatchFile(to, schema)
    for file in files:
        with pq.ParquetFile(file.path) as parquet:
            for rows in parquet.iter_batches(batch_size=ROWS):
                one.add(_fitted(pa.Table.from_batches([rows]), schema))
    one.close()
    return one


def _schema(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Give all columns; one that is not everywhere of the same type holds texts."""
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            known = types.setdefault(field.name, field.type)
            if known != field.type:
                types[field.name] = pa.string()
    types[UNPARSED] = types.pop(UNPARSED)  # is the last
    return pa.schema(types)


def _fitted(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give rows all columns; one that their file did not have is told in `_unparsed`: nobody said it was empty."""
    if absent := {name: dict.fromkeys(range(rows.num_rows), "") for name in schema.names
                  if name not in rows.column_names}:
        known = {row: json.loads(said) for row, said in enumerate(rows[UNPARSED].to_pylist()) if said}
        for row, cells in known.items():
            for name, text in cells.items():
                absent.setdefault(name, {})[row] = text
        rows = rows.set_column(rows.schema.get_field_index(UNPARSED), UNPARSED, unparsed(rows.num_rows, absent))
    columns = {}
    for field in schema:
        cells = rows[field.name] if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
        try:
            columns[field.name] = cells.cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise Unreadable(f"{field.name} is {cells.type} in one of the files that came together, and "
                             "of another type in others.") from None
    return pa.table(columns, schema=schema)
