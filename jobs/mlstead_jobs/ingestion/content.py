"""What identifies a batch: a digest of its values, whatever file, chunks or compression they came in."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class ContentDigest:
    """A running SHA-256 of a table's columns: which cells are missing, how long they are, and what they hold."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._columns = [[hashlib.sha256() for _ in range(3)] for _ in schema]

    def update(self, rows: pa.Table) -> None:
        """Add rows, in their order."""
        for column, (missing, lengths, values) in zip(rows.columns, self._columns, strict=True):
            for cells in column.chunks:
                missing.update(_bytes(pc.is_null(cells).cast(pa.uint8())))
                _add(cells, lengths, values)

    def hexdigest(self) -> str:
        """Give the digest of all rows until now."""
        about = [
            [field.name, str(field.type), *(each.hexdigest() for each in digests)]
            for field, digests in zip(self._schema, self._columns, strict=True)
        ]
        return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def _add(cells: Any, lengths: Any, values: Any) -> None:
    type_ = cells.type
    if pa.types.is_boolean(type_):
        values.update(_bytes(cells.fill_null(False).cast(pa.uint8())))
    elif pa.types.is_string(type_) or pa.types.is_binary(type_):
        filled = cells.fill_null("" if pa.types.is_string(type_) else b"")
        _, offsets, data = filled.buffers()
        where = np.frombuffer(offsets, np.int32)[filled.offset : filled.offset + len(filled) + 1]
        lengths.update(np.diff(where).tobytes())
        if data is not None:
            values.update(memoryview(data)[int(where[0]) : int(where[-1])])
    elif pa.types.is_integer(type_) or pa.types.is_floating(type_):
        values.update(_bytes(cells.fill_null(0)))
    elif pa.types.is_timestamp(type_) or pa.types.is_date(type_) or pa.types.is_time(type_):
        values.update(_bytes(cells.cast(pa.int32() if type_.bit_width == 32 else pa.int64()).fill_null(0)))
    else:
        for cell in cells.to_pylist():
            said = repr(cell).encode()
            lengths.update(len(said).to_bytes(4, "little"))
            values.update(said)


def _bytes(cells: Any) -> bytes:
    return bytes(cells.to_numpy(zero_copy_only=False).tobytes())
