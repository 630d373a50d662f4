"""What a batch's columns hold, in numbers: how much is missing, the least, the mean and the greatest."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


class ColumnStatistics:
    """Running statistics of a column."""

    def __init__(self, type_: pa.DataType) -> None:
        self.rows = self.missing = 0
        self.least: Any = None
        self.greatest: Any = None
        self._total = 0.0
        self._is_float = pa.types.is_floating(type_)
        self.is_number = self._is_float or pa.types.is_integer(type_) or pa.types.is_decimal(type_)
        self._is_ordered = self.is_number or pa.types.is_timestamp(type_) or pa.types.is_date(type_)

    def add(self, cells: pa.Array) -> None:
        """Take in the cells of a chunk."""
        if self._is_float:
            cells = pc.if_else(pc.is_nan(cells), pa.scalar(None, cells.type), cells)
        self.rows += len(cells)
        self.missing += cells.null_count
        if not self._is_ordered or cells.null_count == len(cells):
            return
        try:
            ends = pc.min_max(cells).as_py()
        except (pa.ArrowException, ValueError, OverflowError):  # of an undeclared column: what Python has no value for
            self._is_ordered = False
            self.least = self.greatest = None
            return
        self.least = ends["min"] if self.least is None else min(self.least, ends["min"])
        self.greatest = ends["max"] if self.greatest is None else max(self.greatest, ends["max"])
        if self.is_number:
            self._total += float(pc.sum(cells.cast(pa.float64(), safe=False)).as_py())

    @property
    def mean(self) -> float | None:
        """Give the mean; None: no numbers."""
        held = self.rows - self.missing
        return self._total / held if self.is_number and held else None

    @property
    def missing_share(self) -> float:
        """Give the share of rows without a value."""
        return self.missing / self.rows if self.rows else 0.0

    @property
    def newest(self) -> datetime | None:
        """Give the greatest time; of a date, its beginning; None: there is none."""
        if isinstance(self.greatest, datetime):
            return self.greatest if self.greatest.tzinfo else self.greatest.replace(tzinfo=UTC)
        if isinstance(self.greatest, date):
            return datetime(self.greatest.year, self.greatest.month, self.greatest.day, tzinfo=UTC)
        return None


class BatchStatistics:
    """Running statistics of a batch."""

    def __init__(self, schema: pa.Schema) -> None:
        self.rows = 0
        self.columns = {field.name: ColumnStatistics(field.type) for field in schema}

    def add(self, chunk: pa.RecordBatch) -> None:
        """Take in a chunk."""
        self.rows += chunk.num_rows
        for name, cells in zip(chunk.schema.names, chunk.columns, strict=True):
            self.columns[name].add(cells)


def plain(value: Any) -> Any:
    """Give a value as JSON holds it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
