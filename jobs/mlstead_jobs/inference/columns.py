"""What a column of a sample is: its type as Glue writes it, and what its values are like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mlstead.ingestion.gate_rules import Kind
from mlstead_jobs.ingestion.arrow_types import arrow_type
from mlstead_jobs.ingestion.cells import MISSING, plain, typed

# Of the cells: a type that a few do not fit is still the column's; those are quarantined. No text is a date by chance.
_FIT = {"date": 0.9, "timestamp": 0.9}
_FIT_ELSE = 0.99
_NUMBER = r"^([+-]?[0-9]|[+.-])"
_LEADING_ZERO = r"^[+-]?0\d"
_PLAIN_TYPES = {
    pa.bool_(): "boolean", pa.int8(): "tinyint", pa.int16(): "smallint", pa.int32(): "int", pa.int64(): "bigint",
    pa.uint8(): "smallint", pa.uint16(): "int", pa.uint32(): "bigint", pa.uint64(): "decimal(20,0)",
    pa.float16(): "float", pa.float32(): "float", pa.float64(): "double", pa.string(): "string",
    pa.binary(): "binary", pa.date32(): "date", pa.date64(): "date", pa.null(): "string",
}


@dataclass(frozen=True)
class ColumnSample:
    """A column of a sample.

    Args:
        name: its name.
        type: as Glue writes it.
        cells: its values, of that type.
        unfit: how many cells are not of it.
        personal: the kind of personal data that it seems to be; None: it does not look like any.
        holds: the kinds of personal data that some of its cells hold; its values are written nowhere.
        names: whether most of its texts are single words that are names of persons; neither are those.
    """

    name: str
    type: str
    cells: pa.Array
    unfit: int
    personal: Kind | None = None
    holds: tuple[Kind, ...] = ()
    names: bool = False

    @property
    def is_told(self) -> bool:
        """Say whether its values may be written where anybody reads them."""
        return not (self.personal or self.holds or self.names)

    @property
    def missing(self) -> float:
        """Give the share of cells without a value."""
        return float(self.cells.null_count / len(self.cells))

    @property
    def is_whole(self) -> bool:
        """Say whether it holds whole numbers."""
        return self.type in ("tinyint", "smallint", "int", "bigint")

    @property
    def is_number(self) -> bool:
        """Say whether it holds numbers."""
        return self.is_whole or self.type in ("float", "double")

    @property
    def is_moment(self) -> bool:
        """Say whether it holds dates or times."""
        return self.type in ("date", "timestamp")

    def distinct(self) -> list[Any]:
        """Give its different values, sorted."""
        return sorted(pc.unique(self.cells.drop_null()).to_pylist())


def column_sample(name: str, cells: pa.Array) -> ColumnSample:
    """Find a column's type: of texts the narrowest that nearly all fit, of others what it is already."""
    cells = plain(cells)
    if pa.types.is_binary(cells.type):
        cells, _ = typed(cells, pa.string())
    if not pa.types.is_string(cells.type):
        type_ = glue_type(cells.type)
        values, unfit = typed(cells, arrow_type(type_))
        return ColumnSample(name, type_, values, len(unfit))
    present = pc.utf8_trim_whitespace(cells.drop_null())
    present = present.filter(pc.invert(pc.is_in(present, pa.array(MISSING))))
    fitting = []
    for type_ in _candidates(present):
        values, unfit = typed(cells, arrow_type(type_))
        if len(unfit) <= (1 - _FIT.get(type_, _FIT_ELSE)) * len(present) + 1e-9:
            fitting.append(ColumnSample(name, type_, values, len(unfit)))
        if not unfit:
            break
    if fitting:
        return min(fitting, key=lambda column: column.unfit)
    values, _ = typed(cells, pa.string())
    return ColumnSample(name, "string", values, 0)


def _candidates(texts: pa.Array) -> list[str]:
    """Give the types that texts may be of, the narrowest first; 007 is no number, and 1 is no truth value."""
    if not len(texts):
        return []
    if pc.any(pc.match_substring_regex(texts, _LEADING_ZERO + r"[0-9]*$")).as_py():
        return ["date", "timestamp"]
    if 2 * pc.sum(pc.match_substring_regex(texts, _NUMBER)).as_py() > len(texts):
        whole = not pc.any(pc.match_substring_regex(texts, r"^[+-]?[0-9]+[.eE]")).as_py()
        return [*(["bigint"] if whole else []), "double", "date", "timestamp"]
    return ["boolean"] if pc.any(pc.is_in(pc.utf8_lower(texts), pa.array(["true", "false"]))).as_py() else []


def glue_type(type_: pa.DataType) -> str:
    """Give the type of Glue's that holds what an Arrow type holds."""
    if type_ in _PLAIN_TYPES:
        return _PLAIN_TYPES[type_]
    if pa.types.is_timestamp(type_):
        return "timestamp"
    if pa.types.is_decimal(type_) and type_.precision <= 38:
        return f"decimal({type_.precision},{type_.scale})"
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return f"array<{glue_type(type_.value_type)}>"
    if pa.types.is_map(type_):
        return f"map<{glue_type(type_.key_type)},{glue_type(type_.item_type)}>"
    if pa.types.is_struct(type_):
        return f"struct<{','.join(f'{field.name}:{glue_type(field.type)}' for field in type_)}>"
    return "string"
