"""Types of columns: as Athena names them in tables.toml, as Arrow writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa

from mlstead.catalog.column_type import split_type

# Athena reads timestamps in microseconds: https://docs.aws.amazon.com/athena/latest/ug/data-types-timestamps.html
TIMESTAMP = pa.timestamp("us", "UTC")
_PLAIN: Mapping[str, pa.DataType] = {
    "boolean": pa.bool_(), "tinyint": pa.int8(), "smallint": pa.int16(), "int": pa.int32(), "bigint": pa.int64(),
    "float": pa.float32(), "double": pa.float64(), "string": pa.string(), "binary": pa.binary(), "date": pa.date32(),
    "timestamp": TIMESTAMP,
}
_DECIMAL = re.compile(r"decimal\((\d+)(?:, ?(\d+))?\)")


def arrow_type(text: str) -> pa.DataType:
    """Give the Arrow type of a type as tables.toml writes it, which `check_column_type` has passed."""
    if text in _PLAIN:
        return _PLAIN[text]
    if decimal := _DECIMAL.fullmatch(text):
        return pa.decimal128(int(decimal[1]), int(decimal[2] or 0))
    outer, parts = split_type(text)
    match outer:
        case "array":
            return pa.list_(arrow_type(parts[0]))
        case "map":
            return pa.map_(arrow_type(parts[0]), arrow_type(parts[1]))
        case "struct":
            fields = [part.partition(":") for part in parts]
            return pa.struct([pa.field(name, arrow_type(type_)) for name, _, type_ in fields])
    return pa.string()  # char and varchar
