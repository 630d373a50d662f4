"""What becomes of a cell: a value of its column's type, or its text beside its row."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlstead_jobs.ingestion.arrow_types import arrow_type
from mlstead_jobs.ingestion.cells import typed, unparsed

NOON = datetime(2013, 1, 4, 12, tzinfo=UTC)


def read(type_: str, *cells: Any, of: pa.DataType | None = None) -> tuple[list[Any], dict[int, str]]:
    column, unfit = typed(pa.array(cells, of or pa.string()), arrow_type(type_))
    assert column.type == arrow_type(type_)
    return column.to_pylist(), unfit


@pytest.mark.parametrize(("type_", "texts", "values"), [
    ("bigint", ["1", " 2 ", "-3", "+4", "12.0", "1e3"], [1, 2, -3, 4, 12, 1000]),
    ("bigint", ["9007199254740993.0", "9223372036854775807"], [9007199254740993, 9223372036854775807]),
    ("double", ["1", "2.5", "1e3", "-0.5"], [1.0, 2.5, 1000.0, -0.5]),
    ("boolean", ["true", "False", "1", "0", "TRUE"], [True, False, True, False, True]),
    ("date", ["2013-01-04", "2013-01-04 00:00:00", "20130104"], [date(2013, 1, 4)] * 3),
    ("timestamp", ["2013-01-04T12:00:00Z", "2013-01-04 12:00:00", "2013-01-04T14:00:00+02:00", "2013-01-04T12:00"],
     [NOON] * 4),
    ("timestamp", ["2013-01-04 12:00:00", "2013-01-04"], [NOON, NOON.replace(hour=0)]),
    ("timestamp", ["2013-01-04T12:00:00.123456789Z"], [NOON.replace(microsecond=123456)]),
    ("decimal(10,2)", ["1.5", "2"], [Decimal("1.50"), Decimal("2.00")]),
    ("array<int>", ["[1, 2]"], [[1, 2]]),
    ("struct<a:int,b:array<string>>", ['{"a": 1, "b": ["x"]}'], [{"a": 1, "b": ["x"]}]),
    ("map<string,int>", ['{"a": 1}'], [[("a", 1)]]),
    ("varchar(5)", ["NA", " x "], ["NA", " x "]),
])
def test_what_a_column_can_hold_is_held(type_, texts, values):
    assert read(type_, *texts) == (values, {})


@pytest.mark.parametrize("type_", ["bigint", "double", "boolean", "date", "timestamp", "decimal(10,2)"])
def test_a_missing_cell_is_missing_however_it_is_spelled(type_):
    assert read(type_, "", "NA", "NaN", "null", " ", None) == ([None] * 6, {})
    assert read("string", "", None) == ([None] * 2, {})


@pytest.mark.parametrize(("type_", "good", "bad"), [
    ("bigint", "1", ["12.5", "x", "1_000", "9223372036854775808", "1,000"]),
    ("tinyint", "1", ["300", "-129"]),
    ("double", "1", ["1,5", "abc", "1_0"]),
    ("boolean", "true", ["yes", "2"]),
    ("date", "2013-01-04", ["04/01/2013", "2013-01-04 12:00:00", "2013-02-30"]),
    ("timestamp", "2013-01-04 12:00:00", ["04/01/2013 12:00", "noon", "2013-01-04 25:00:00", "1357300800"]),
    ("decimal(4,2)", "1.5", ["1.234", "1000", "x"]),
    ("array<int>", "[1]", ["[1", '["x"]', "1"]),
])
def test_a_cell_that_does_not_fit_is_empty_and_its_text_is_kept(type_, good, bad):
    values, unfit = read(type_, good, *bad, good)
    assert values[0] is not None and values[0] == values[-1]
    assert values[1:-1] == [None] * len(bad)
    assert unfit == dict(enumerate(bad, start=1))


def test_bytes_that_are_no_text_are_kept_as_far_as_they_can_be_read():
    assert read("string", b"Zoe", b"Zo\xeb", of=pa.binary()) == (["Zoe", None], {1: "Zoë"})
    assert read("bigint", b"1", b"\xff", of=pa.binary()) == ([1, None], {1: "ÿ"})


@pytest.mark.parametrize(("type_", "of", "cells", "values", "unfit"), [
    ("bigint", pa.float64(), [1.0, None, 2.5], [1, None, None], {2: "2.5"}),
    ("int", pa.int64(), [1, 2**40], [1, None], {1: str(2**40)}),
    ("double", pa.int32(), [1, 2], [1.0, 2.0], {}),
    ("string", pa.int64(), [1, 2], ["1", "2"], {}),
    ("timestamp", pa.int64(), [1357300800], [None], {0: "1357300800"}),  # seconds, or milliseconds? Nobody said
    ("timestamp", pa.timestamp("ns"), [datetime(2013, 1, 4, 12)], [NOON], {}),
    ("timestamp", pa.timestamp("ms", "America/New_York"), [NOON], [NOON], {}),
    ("timestamp", pa.date32(), [date(2013, 1, 4)], [NOON.replace(hour=0)], {}),
    ("date", pa.timestamp("us"), [datetime(2013, 1, 4)], [date(2013, 1, 4)], {}),
    ("boolean", pa.int64(), [1, 0, 2], [True, False, None], {2: "2"}),
    ("bigint", pa.large_string(), ["1", "x"], [1, None], {1: "x"}),
    ("string", pa.dictionary(pa.int8(), pa.string()), ["a", "b", "a"], ["a", "b", "a"], {}),
    ("bigint", pa.null(), [None], [None], {}),
    ("bigint", pa.list_(pa.int64()), [[1]], [None], {0: "[1]"}),
])
def test_a_parquet_column_of_another_type_is_taken_where_no_value_changes(type_, of, cells, values, unfit):
    assert read(type_, *cells, of=of) == (values, unfit)


@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1).map(str), st.text(max_size=6))))
def test_every_text_is_a_number_missing_or_kept(cells):
    values, unfit = read("bigint", *cells)
    for row, (cell, value) in enumerate(zip(cells, values, strict=True)):
        if row in unfit:
            assert value is None and unfit[row] == (cell or "").strip()
        elif value is None:
            assert cell is None or cell.strip() in ("", "NA", "NaN", "nan", "null", "NULL")
        else:
            assert float(cell.strip()) == float(value)


def test_the_texts_of_a_row_are_json_by_column():
    column = unparsed(3, {"delay": {1: "x"}, "at": {1: "noön", 2: "y"}})
    assert column[0].as_py() is None
    assert json.loads(column[1].as_py()) == {"delay": "x", "at": "noön"}
    assert json.loads(column[2].as_py()) == {"at": "y"}
    assert unparsed(2, {}).null_count == 2


@pytest.mark.parametrize(("type_", "cells", "of"), [
    ("decimal(5,2)", ["9" * 60], None),  # Arrow makes -1.00 of it
    ("decimal(38,10)", ["1" * 30], None),
    ("decimal(5,2)", [1.239], pa.float64()),
    ("array<decimal(5,2)>", [[1.239]], pa.list_(pa.float64())),
    ("array<bigint>", ["[1.5]"], None),
    ("struct<a:int>", ['{"a": 1, "b": 2}'], None),
    ("struct<a:int>", [{"a": 1, "b": 2}], pa.struct([("a", pa.int64()), ("b", pa.int64())])),
    ("date", [datetime(2013, 1, 4, 23, 30)], pa.timestamp("us")),
    ("timestamp", [2**62], pa.timestamp("s")),
    ("timestamp", [2**62], pa.timestamp("us", "UTC")),
    ("timestamp", ["9999-12-31T23:59:59-10:00"], None),
    ("date", [2**31 - 1], pa.date32()),
    ("bigint", ["0x1f"], None),
    ("double", ["1e400"], None),
    ("bigint", ["1e9999999"], None),
    ("array<int>", ["[" * 100_000], None),
])
def test_no_cell_becomes_another_value_without_a_word(type_, cells, of):
    column, unfit = typed(pa.array(cells, of or pa.string()), arrow_type(type_))
    assert column.to_pylist() == [None] and list(unfit) == [0]


@pytest.mark.parametrize(("type_", "cells", "of", "values"), [
    ("decimal(38,10)", ["1234567890123456789012345678.0123456789"], None,
     [Decimal("1234567890123456789012345678.0123456789")]),
    ("decimal(5,2)", [0.1, None], pa.float64(), [Decimal("0.10"), None]),
    ("string", [4111111111111111.0, float("nan"), 0.5], pa.float64(), ["4111111111111111", None, "0.5"]),
    ("date", [datetime(2013, 1, 4)], pa.timestamp("us"), [date(2013, 1, 4)]),
])
def test_a_value_that_fits_keeps_every_digit(type_, cells, of, values):
    assert read(type_, *cells, of=of) == (values, {})
