"""Numbers that stand for rows, so that a batch's rows are compared in 8 bytes each: equal rows have equal ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Digests: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]

FIRST, SECOND = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
"""Seeds; the digests of both together are 128 bits, in which different rows do not meet."""

_MISSING = 0x2545F4914F6CDD1D


def digests(columns: Sequence[pa.Array], rows: int, seed: int = FIRST) -> Digests:
    """Give a number for each row of some columns; integers of any width, and texts of any type, compare by value.

    Args:
        columns: the columns, in an order that matters.
        rows: how many rows.
        seed: FIRST or SECOND.
    """
    total = np.full(rows, seed, dtype=np.uint64)
    for cells in columns:
        total = _mixed((total << np.uint64(1)) ^ (total >> np.uint64(63)) ^ _values(cells, seed))
    return total


def _values(cells: pa.Array, seed: int) -> Digests:
    if isinstance(cells, pa.ExtensionArray):
        cells = cells.storage
    type_ = cells.type
    if pa.types.is_floating(type_):
        numbers = cells.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False) + 0.0  # -0.0 is 0.0
        values = _mixed(numbers.view(np.uint64) ^ np.uint64(seed))
        values[np.isnan(numbers)] = _MISSING
        return values
    if pa.types.is_integer(type_) or pa.types.is_boolean(type_):
        values = _mixed(cells.cast(pa.int64(), safe=False).fill_null(0).to_numpy(zero_copy_only=False).view(np.uint64)
                        ^ np.uint64(seed))
    elif pa.types.is_temporal(type_):
        return _values(cells.cast(pa.int32() if type_.bit_width == 32 else pa.int64()), seed)
    elif pa.types.is_nested(type_) or pa.types.is_decimal(type_):
        texts = [None if cell is None else repr(cell) for cell in cells.to_pylist()]
        return _values(pa.array(texts, pa.string()), seed)
    else:
        encoded = cells.dictionary_encode()
        distinct = np.array(encoded.dictionary.to_pylist(), dtype=object)
        key = f"{seed:016x}"
        of_distinct = pd.util.hash_array(distinct, hash_key=key, categorize=False)
        codes = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
        values = of_distinct[codes] if len(distinct) else np.zeros(len(cells), dtype=np.uint64)
    if cells.null_count:
        values[pc.is_null(cells).to_numpy(zero_copy_only=False)] = _MISSING
    return values


def _mixed(values: Digests) -> Digests:
    """Spread every bit over all of them. Source: SplitMix64, https://prng.di.unimi.it/splitmix64.c."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
