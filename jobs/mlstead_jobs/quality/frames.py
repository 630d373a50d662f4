"""Chunks of a batch as pandas sees them, without losing a digit: whole numbers stay whole where some are missing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

_WHOLE: dict[pa.DataType, Any] = {
    pa.int8(): pd.Int8Dtype(), pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}
_TEXT: dict[pa.DataType, Any] = {pa.string(): pd.StringDtype(na_value=float("nan"))}


def frame(chunk: pa.RecordBatch) -> pd.DataFrame:
    """Give a chunk as a frame whose index counts its rows from 0."""
    columns = {name: _column(cells) for name, cells in zip(chunk.schema.names, chunk.columns, strict=True)}
    return pd.DataFrame(columns, index=pd.RangeIndex(chunk.num_rows), copy=False)


def _column(cells: pa.Array) -> pd.Series[Any]:
    if pa.types.is_decimal(cells.type):
        cells = cells.cast(pa.float64(), safe=False)
    mapper = _TEXT if pa.types.is_string(cells.type) else _WHOLE if cells.null_count else {}
    column: pd.Series[Any] = cells.to_pandas(types_mapper=mapper.get, date_as_object=False)
    return column
