"""How many rows of a batch have a counterpart in another table's curated batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mlstead_jobs.quality.digests import Digests, digests


class Counterparts:
    """The rows of the other batch, 8 bytes each, and how many rows found theirs.

    Args:
        columns: the columns that are equal in counterparts.
        others: the chunks of the other batch.
    """

    def __init__(self, columns: Sequence[str], others: Iterable[pa.RecordBatch]) -> None:
        self._columns = columns
        self._others = np.unique(np.concatenate([np.zeros(0, dtype=np.uint64), *map(self._complete, others)]))
        self.matched = 0

    def add(self, chunk: pa.RecordBatch) -> None:
        """Count a chunk's rows."""
        self.matched += int(np.isin(self._complete(chunk), self._others).sum())

    def _complete(self, chunk: pa.RecordBatch) -> Digests:
        """Give the digests of the rows of which no column is missing."""
        columns = [chunk.column(name) for name in self._columns]
        complete = np.ones(chunk.num_rows, dtype=bool)
        for cells in columns:
            complete &= pc.is_valid(cells).to_numpy(zero_copy_only=False)
        return digests(columns, chunk.num_rows)[complete]
