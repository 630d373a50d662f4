"""A batch's file on this machine, read in chunks as often as it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mlstead_jobs.ingestion.chunk import ROWS


class RawFile:
    """A Parquet file; one of a single chunk is read once.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._parquet = pq.ParquetFile(path)
        self._kept: list[pa.RecordBatch] = []
        self.schema: pa.Schema = self._parquet.schema_arrow.remove_metadata()
        self.rows: int = self._parquet.metadata.num_rows

    def chunks(self, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Give its rows in order, a chunk at a time."""
        if self.rows > ROWS or columns is not None:
            yield from self._parquet.iter_batches(batch_size=ROWS, columns=columns)
            return
        if not self._kept:
            self._kept = list(self._parquet.iter_batches(batch_size=ROWS))
        yield from self._kept

    def close(self) -> None:
        """Let go of the file."""
        self._parquet.close()
