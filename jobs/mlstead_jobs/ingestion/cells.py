"""Cells become what tables.toml says of their column; the text of one that does not fit is kept beside its row.

A whole column is converted at once. Only one with cells that do not fit is gone through cell by cell.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

MISSING = ("", "NA", "NaN", "nan", "null", "NULL")
"""How a missing cell is spelled. In a text that stands in quotes, only the empty one is missing."""

_TRUTH = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}
_EXACT_FLOAT = 2**53
_WIDE = Context(prec=80)  # more digits than any decimal column has; Python's own context has 28
_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
"""What Python, pandas and Athena hold; Arrow's times go on to the year 294247."""


class _Unfit(Exception):
    """A text is no value of the type."""


def typed(cells: pa.Array, type_: pa.DataType) -> tuple[pa.Array, dict[int, str]]:
    """Convert a column.

    Args:
        cells: as they were read: texts from CSV, anything from Parquet.
        type_: what they should be.

    Returns:
        The column, null where a cell does not fit, and the texts of those cells by row.
    """
    cells = plain(cells)
    if type_ in (pa.timestamp("us", "UTC"), pa.date32()):
        return _in_calendar(*_typed(cells, type_))
    return _typed(cells, type_)


def _typed(cells: pa.Array, type_: pa.DataType) -> tuple[pa.Array, dict[int, str]]:
    if cells.type == type_:
        return cells if type_ != pa.string() else _without_empty(cells), {}
    if pa.types.is_binary(cells.type):
        return _decoded(cells, type_)
    if pa.types.is_string(cells.type):
        return _parsed(cells, type_)
    if (directly := _converted(cells, type_)) is not None:
        return directly, {}
    if pa.types.is_timestamp(cells.type) or pa.types.is_date(cells.type):
        return _parsed(cells.cast(pa.string()), type_)
    return _parsed(pa.array([None if cell is None or cell != cell else _text(cell) for cell in cells.to_pylist()],
                            pa.string()), type_)


def _in_calendar(values: pa.Array, unfit: dict[int, str]) -> tuple[pa.Array, dict[int, str]]:
    """Take out times that no calendar has; they would stop whoever reads them."""
    numbers = values.cast(pa.int32() if values.type.bit_width == 32 else pa.int64())
    ends = pa.array([_FIRST, _LAST], pa.timestamp("us", "UTC")).cast(values.type).cast(numbers.type)
    outside = pc.or_(pc.less(numbers, ends[0]), pc.greater(numbers, ends[1]))
    if not pc.any(outside).as_py():
        return values, unfit
    kind = "days" if pa.types.is_date(values.type) else "microseconds"
    found = {row: f"{numbers[row]} {kind} since 1970" for row in pc.indices_nonzero(outside).to_pylist()}
    return pc.if_else(outside, pa.scalar(None, values.type), values), {**unfit, **found}


def plain(cells: pa.Array) -> pa.Array:
    """Give a column without the ways of writing it that make two files of the same content differ."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if pa.types.is_large_string(cells.type) or pa.types.is_string_view(cells.type):
        return cells.cast(pa.string())
    if pa.types.is_large_binary(cells.type) or pa.types.is_binary_view(cells.type):
        return cells.cast(pa.binary())
    return cells


def _without_empty(texts: pa.Array) -> pa.Array:
    empty = pc.equal(pc.binary_length(texts), 0)
    return pc.if_else(empty, pa.scalar(None, pa.string()), texts) if pc.any(empty).as_py() else texts


def _decoded(cells: pa.Array, type_: pa.DataType) -> tuple[pa.Array, dict[int, str]]:
    """Read bytes as UTF-8; a cell that is not keeps its row, and its text as Latin-1 reads it, which reads anything."""
    try:
        return typed(cells.cast(pa.string()), type_)
    except pa.ArrowInvalid:
        pass
    texts: list[str | None] = []
    unfit = {}
    for row, cell in enumerate(cells.to_pylist()):
        try:
            texts.append(None if cell is None else cell.decode())
        except UnicodeDecodeError:
            texts.append(None)
            unfit[row] = cell.decode("latin-1")
    values, others = typed(pa.array(texts, pa.string()), type_)
    return values, {**others, **unfit}


def _converted(cells: pa.Array, type_: pa.DataType) -> pa.Array | None:
    """Convert between types of the same family, exactly; None where that is not so, or a value is lost."""
    is_moment = pa.types.is_timestamp(cells.type) or pa.types.is_date(cells.type)
    is_number = _is_number(cells.type)
    if pa.types.is_null(cells.type):
        return pa.nulls(len(cells), type_)
    try:
        if pa.types.is_string(type_) and (is_number or pa.types.is_boolean(cells.type)):
            # A number of an order may come as 123456789012.0, which Arrow writes as 1.23456789012e+11.
            return None if pa.types.is_floating(cells.type) else cells.cast(type_)
        if pa.types.is_timestamp(type_) and is_moment:
            zone, unit = (cells.type.tz, cells.type.unit) if pa.types.is_timestamp(cells.type) else (None, "")
            # Nanoseconds are cut off: Athena has none.
            return cells.cast(pa.timestamp("us", zone), safe=unit != "ns").cast(type_)
        if is_number and _is_number(type_):
            # Arrow rounds what does not fit into a decimal.
            by_text = pa.types.is_decimal(type_) and pa.types.is_floating(cells.type)
            return None if by_text else cells.cast(type_)
        if (pa.types.is_date(type_) and is_moment) or (type_.num_fields and cells.type.num_fields):
            # Arrow drops the hours of a time, and members of a struct that are not asked for.
            converted = cells.cast(type_)
            return converted if converted.cast(cells.type).equals(cells) else None
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        pass
    return None


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def _parsed(texts: pa.Array, type_: pa.DataType) -> tuple[pa.Array, dict[int, str]]:
    if pa.types.is_string(type_):
        return _without_empty(texts), {}
    trimmed = pc.utf8_trim_whitespace(texts)
    missing = pc.is_in(trimmed, pa.array(MISSING))
    if pc.any(missing).as_py():
        trimmed = pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)
    for attempt in _attempts(type_):
        try:
            return attempt(trimmed), {}
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            continue
    parse, values, unfit = _parser(type_), [], {}
    for row, text in enumerate(trimmed.to_pylist()):
        value = None
        if text is not None:
            try:
                value = parse(text)
            except (_Unfit, ValueError, ArithmeticError, RecursionError):
                unfit[row] = text
        values.append(value)
    try:
        if not pa.types.is_nested(type_):
            return pa.array(values, type_), unfit
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        pass
    return _one_by_one(values, trimmed, type_, unfit)


def _one_by_one(
    values: list[Any], texts: pa.Array, type_: pa.DataType, unfit: dict[int, str],
) -> tuple[pa.Array, dict[int, str]]:
    """Keep the values that the type holds: numbers in its range, members that it has."""
    fitting = []
    for row, value in enumerate(values):
        try:
            fitting.append(pa.scalar(value, type_).as_py())
            if not _is_all(value, fitting[-1]):
                fitting[-1], unfit[row] = None, texts[row].as_py()
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            fitting.append(None)
            unfit[row] = texts[row].as_py()
    return pa.array(fitting, type_), unfit


def _is_all(value: Any, kept: Any) -> bool:
    """Say whether a list or struct was kept whole: Arrow passes over members it does not know, and digits."""
    if isinstance(value, dict) and isinstance(kept, dict):
        return all(name in kept and _is_all(each, kept[name]) for name, each in value.items())
    if isinstance(value, list) and isinstance(kept, list):
        return len(value) == len(kept) and all(_is_all(*pair) for pair in zip(value, kept, strict=True))
    return value == kept if isinstance(kept, int) else True


def _attempts(type_: pa.DataType) -> list[Callable[[pa.Array], pa.Array]]:
    """Give ways to convert a whole column of texts, each of which fails on the first cell that does not fit."""
    if pa.types.is_integer(type_):
        return [lambda texts: _plain_digits(texts).cast(type_), lambda texts: _whole(texts).cast(type_)]
    if pa.types.is_timestamp(type_):
        return [lambda texts: texts.cast(type_), lambda texts: texts.cast(pa.timestamp("us")).cast(type_)]
    if pa.types.is_nested(type_):
        return []
    if pa.types.is_decimal(type_):
        return [lambda texts: _that_fit(texts, type_).cast(type_)]
    if pa.types.is_floating(type_):
        return [lambda texts: _finite(texts.cast(type_))]
    return [lambda texts: texts.cast(type_)]


def _plain_digits(texts: pa.Array) -> pa.Array:
    data = texts.buffers()[2]
    if data is not None and any(letter in data.to_pybytes() for letter in (b"x", b"X")):  # an x anywhere: in no digits
        raise pa.ArrowInvalid("Arrow reads 0x1f as 31")
    return texts


def _that_fit(texts: pa.Array, type_: Any) -> pa.Array:
    """Let pass what a decimal holds as it stands: Arrow makes another number of one with too many digits."""
    digits = rf"^[+-]?\d{{1,{max(type_.precision - type_.scale, 1)}}}(\.\d{{0,{type_.scale}}})?$"
    if not pc.all(pc.match_substring_regex(texts, digits)).as_py():
        raise pa.ArrowInvalid("read cell by cell")
    return texts


def _whole(texts: pa.Array) -> pa.Array:
    """Read 12.0 as 12; a number that a float does not hold exactly is read cell by cell."""
    numbers = texts.cast(pa.float64())
    if pc.any(pc.greater_equal(pc.abs(numbers), _EXACT_FLOAT)).as_py():
        raise pa.ArrowInvalid("beyond what a float holds exactly")
    return numbers.cast(pa.int64())


def _parser(type_: pa.DataType) -> Callable[[str], Any]:
    """Give what reads one text as a value, raising on what is none."""
    if pa.types.is_integer(type_):
        return _integer
    if pa.types.is_boolean(type_):
        return lambda text: _known(_TRUTH, text.lower())
    if pa.types.is_timestamp(type_):
        return _moment
    if pa.types.is_date(type_):
        return _day
    if pa.types.is_decimal(type_):
        return lambda text: _exact(Decimal(text), type_)
    if pa.types.is_floating(type_):
        return _float
    if pa.types.is_binary(type_):
        return str.encode
    return json.loads


def _known(values: Mapping[str, bool], text: str) -> bool:
    if text not in values:
        raise _Unfit
    return values[text]


def _integer(text: str) -> int:
    number = Decimal(_plain_number(text))
    if not number.is_finite() or number != number.to_integral_value() or abs(number) >= 2**63:
        raise _Unfit
    return int(number)


def _finite(numbers: pa.Array) -> pa.Array:
    if pc.any(pc.is_inf(numbers)).as_py():
        raise pa.ArrowInvalid("read cell by cell: 1e400 is not infinite")
    return numbers


def _float(text: str) -> float:
    number = float(_plain_number(text))
    if math.isinf(number) and "inf" not in text.lower():
        raise _Unfit
    return number


def _plain_number(text: str) -> str:
    if "_" in text:  # which Python reads over
        raise _Unfit
    return text


def _exact(number: Decimal, type_: Any) -> Decimal:
    rounded = number.quantize(Decimal(1).scaleb(-type_.scale), context=_WIDE)
    if rounded != number:
        raise _Unfit
    return rounded


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(text: str) -> date:
    moment = datetime.fromisoformat(text)
    if (moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0):
        raise _Unfit
    return moment.date()


def _text(cell: Any) -> str:
    if isinstance(cell, bytes):
        return cell.decode("latin-1")
    if isinstance(cell, float) and cell.is_integer():
        return repr(int(cell)) if abs(cell) < _EXACT_FLOAT else repr(cell)
    return json.dumps(cell, default=str) if isinstance(cell, list | dict) else str(cell)


def unparsed(rows: int, texts: Mapping[str, Mapping[int, str]]) -> pa.Array:
    """Give the column `_unparsed`: for rows with cells that do not fit, JSON {column: text}."""
    by_row: dict[int, dict[str, str]] = {}
    for column, found in texts.items():
        for row, text in found.items():
            by_row.setdefault(row, {})[column] = text
    if not by_row:
        return pa.nulls(rows, pa.string())
    said: list[str | None] = [None] * rows
    for row, cells in by_row.items():
        said[row] = json.dumps(cells, ensure_ascii=False, sort_keys=True)
    return pa.array(said, pa.string())
