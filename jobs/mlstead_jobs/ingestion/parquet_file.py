"""A Parquet file as a stream of chunks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from mlstead_jobs.ingestion.chunk import ROWS, Chunk, OpenFile


@contextmanager
def open_parquet(file: Path) -> Iterator[OpenFile]:
    """Open a Parquet file; what is wrong with it is raised as Arrow says it."""
    # Spark writes times as INT96; in nanoseconds, as Arrow would read them, the year 9999 becomes 1816.
    with pq.ParquetFile(file, coerce_int96_timestamp_unit="us") as parquet:
        yield OpenFile(parquet.schema_arrow, _chunks(parquet))


def _chunks(parquet: pq.ParquetFile) -> Iterator[Chunk]:
    for batch in parquet.iter_batches(batch_size=ROWS):
        yield Chunk(dict(zip(batch.schema.names, batch.columns, strict=True)), batch.num_rows)
