"""A delivered file's rows, typed as tables.toml says, with what did not fit beside them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from mlstead_jobs.ingestion.arrow_types import arrow_type
from mlstead_jobs.ingestion.batch_file import UNPARSED
from mlstead_jobs.ingestion.cells import plain, typed, unparsed
from mlstead_jobs.ingestion.chunk import Chunk, Unreadable

ROW, BATCH, RULES, CONTENT = "_row", "_batch", "_rules", "_content"
"""Columns of rows that are given out: number in raw's file, batch, the rules that they failed, Manifest.origin."""

LINE = "line"
"""Stands in `_unparsed` for the column, where a whole line was no row."""

OWN = (UNPARSED, ROW, BATCH, RULES, CONTENT)


def typed_rows(chunk: Chunk, types: Mapping[str, str], extra: Mapping[str, pa.DataType]) -> pa.Table:
    """Type some rows: the described columns in their order, then the others, then `_unparsed`."""
    columns, texts = {}, {}
    for name, type_ in {**{name: arrow_type(type_) for name, type_ in types.items()}, **extra}.items():
        if name in chunk.columns:
            columns[name], texts[name] = typed(chunk.columns[name], type_)
    texts[LINE] = {**texts.get(LINE, {}), **chunk.lines}
    return pa.table({**columns, UNPARSED: unparsed(chunk.rows, texts)})


def extra_types(schema: pa.Schema, types: Mapping[str, str]) -> dict[str, pa.DataType]:
    """Give the columns that tables.toml does not describe, as they come; from CSV, which is read as bytes, as texts."""
    return {
        field.name: pa.string() if pa.types.is_binary(field.type) else plain(pa.nulls(0, field.type)).type
        for field in schema if field.name not in types and field.name not in OWN
    }


def is_mended(names: list[str]) -> bool:
    """Say whether the rows of these columns are quarantined ones that come back.

    Raises:
        Unreadable: it has some of the columns that only such rows have, not all that they need.
    """
    if {ROW, BATCH, CONTENT} <= {*names}:
        return True
    if own := [name for name in names if name in OWN]:
        raise Unreadable(
            f"It has {' and '.join(own)}: mended rows have {ROW}, {BATCH} and {CONTENT}, as `mlstead data rows` gives "
            "them out, and other deliveries have none of them."
        )
    return False
