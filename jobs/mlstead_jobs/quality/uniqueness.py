"""Which rows of a batch share their key: a copy of a row adds nothing, and two that differ cannot both be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mlstead_jobs.quality.digests import FIRST, SECOND, Digests, digests
from mlstead_jobs.quality.row_rules import Mask


class Uniqueness:
    """Keys of a batch, 8 bytes a row.

    Args:
        key: the columns that are unique together.
    """

    def __init__(self, key: Sequence[str]) -> None:
        self._key = key
        self._digests: list[Digests] = []
        self._keyless: list[Mask] = []

    def add(self, chunk: pa.RecordBatch) -> None:
        """Take in a chunk, in the batch's order."""
        columns = [chunk.column(name) for name in self._key]
        self._digests.append(digests(columns, chunk.num_rows))
        keyless = np.ones(chunk.num_rows, dtype=bool)
        for cells in columns:
            keyless &= pc.is_null(cells).to_numpy(zero_copy_only=False)
        self._keyless.append(keyless)

    def failed(self, chunks: Callable[[], Iterable[pa.RecordBatch]]) -> Mask:
        """Say which rows fail: of identical rows all but the first; of rows that differ, all.

        A row with no key at all is nobody's copy: whether it may be is for other rules to say.

        Args:
            chunks: gives the batch again; read only where some keys are shared.
        """
        keys = np.concatenate(self._digests) if self._digests else np.zeros(0, dtype=np.uint64)
        keyless = np.concatenate(self._keyless) if self._keyless else np.zeros(0, dtype=bool)
        ordered = np.argsort(keys, kind="stable")
        same = keys[ordered][1:] == keys[ordered][:-1]
        shared = np.zeros(len(keys), dtype=bool)
        shared[ordered[1:][same]] = shared[ordered[:-1][same]] = True
        shared &= ~keyless
        failed = np.zeros(len(keys), dtype=bool)
        if shared.any():
            failed[np.flatnonzero(shared)] = self._broken(chunks(), shared)
        return failed

    def _broken(self, chunks: Iterable[pa.RecordBatch], shared: Mask) -> Mask:
        """Compare the rows whose keys are shared, by 128 bits of the key and 128 of all columns."""
        parts, at = [], 0
        for chunk in chunks:
            rows = np.flatnonzero(shared[at : at + chunk.num_rows])
            at += chunk.num_rows
            if len(rows):
                some = chunk.take(pa.array(rows))
                key = [some.column(name) for name in self._key]
                parts.append(pd.DataFrame({
                    f"{name}{seed}": digests(columns, len(rows), seed)
                    for name, columns in (("key", key), ("row", some.columns)) for seed in (FIRST, SECOND)
                }))
        rows_of = pd.concat(parts, ignore_index=True)
        key1, key2, row1, row2 = rows_of.columns
        groups = rows_of.groupby([key1, key2], sort=False)
        first = groups[[row1, row2]].transform("first")
        identical = (rows_of[row1] == first[row1]) & (rows_of[row2] == first[row2])
        all_identical = identical.groupby([rows_of[key1], rows_of[key2]], sort=False).transform("all")
        broken = (groups[row1].transform("size") > 1) & ~(all_identical & (groups.cumcount() == 0))
        return broken.to_numpy(dtype=bool)
