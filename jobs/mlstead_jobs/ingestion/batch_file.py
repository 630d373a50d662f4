"""The one Parquet file of a batch, written as its rows come in; and those of all batches of a file."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mlstead_jobs.ingestion.chunk import ROWS, Unreadable
from mlstead_jobs.ingestion.content import ContentDigest

UNPARSED = "_unparsed"
"""The column with the texts of cells that do not fit, JSON {column: text}."""

_MOST_BATCHES = 500  # of one file; each is an open file
_MOST_WAITING = 4 * ROWS  # rows of all batches that are not written yet
_MOST_PIECES = 64


class BatchFile:
    """A batch that is being written: row groups of 16,384 rows, and a digest of what they hold."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema = path, schema
        self.rows = self.unparsed = self.waiting = 0
        self._pieces: list[pa.Table] = []
        self._digest = ContentDigest(schema)
        self._writer = pq.ParquetWriter(path, schema)

    def add(self, rows: pa.Table) -> None:
        """Add rows."""
        self._pieces.append(rows)
        self.rows += rows.num_rows
        self.waiting += rows.num_rows
        self.unparsed += rows.num_rows - rows[UNPARSED].null_count
        if len(self._pieces) > _MOST_PIECES:
            self._pieces = [pa.concat_tables(self._pieces).combine_chunks()]
        if self.waiting >= ROWS:
            self._write(self.waiting // ROWS * ROWS)

    def flush(self) -> None:
        """Write what is waiting, as a row group."""
        if self.waiting:
            self._write(self.waiting)

    def close(self) -> None:
        """Write what is left, and end the file."""
        self.flush()
        self._writer.close()

    @property
    def content_sha256(self) -> str:
        """Give the digest of all rows that are written."""
        return self._digest.hexdigest()

    @property
    def columns(self) -> dict[str, str]:
        """Give names and types of the columns, in order."""
        return {field.name: str(field.type) for field in self.schema}

    def _write(self, count: int) -> None:
        rows = pa.concat_tables(self._pieces)
        ready = rows.slice(0, count).combine_chunks()
        self._digest.update(ready)
        self._writer.write_table(ready, row_group_size=ROWS)
        self.waiting -= count
        left = rows.slice(count)
        # A copy: a slice would keep the memory of what is written.
        self._pieces = [left.take(pa.array(range(left.num_rows), pa.int64()))] if left.num_rows else []


class BatchFiles:
    """The batches of a delivered file, in a folder of this machine until the whole file is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, BatchFile] = {}

    def add(self, batch: str, rows: pa.Table) -> None:
        """Add rows to a batch.

        Raises:
            Unreadable: there are too many batches for one file.
        """
        if batch not in self._files:
            if len(self._files) == _MOST_BATCHES:
                raise Unreadable(
                    f"Its rows belong to more than {_MOST_BATCHES} batches: deliver it in parts, or choose a coarser "
                    "batch in gates.toml."
                )
            self._files[batch] = BatchFile(self._folder / f"{len(self._files)}.parquet", rows.schema)
        self._files[batch].add(rows)
        while sum(file.waiting for file in self._files.values()) > _MOST_WAITING:
            max(self._files.values(), key=lambda file: file.waiting).flush()

    def close(self) -> dict[str, BatchFile]:
        """End every file; give them by their batches' names, sorted."""
        for file in self._files.values():
            file.close()
        return dict(sorted(self._files.items()))
