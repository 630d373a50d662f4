"""Row rules by themselves: bounds of every type, and that a batch's statistics settle nothing that its rows do not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from mlstead.ingestion.gate_definitions import Gate
from mlstead.ingestion.gate_rules import TableRules
from mlstead_jobs.ingestion.arrow_types import arrow_type
from mlstead_jobs.quality.frames import frame
from mlstead_jobs.quality.row_rules import row_rules
from mlstead_jobs.quality.statistics import ColumnStatistics


def rule_of(type_: str, **about):
    (rule,) = row_rules(Gate("t", {"c": type_}, TableRules.model_validate({"columns": {"c": about}})))
    return rule


def cells(type_: str, values: list[object]) -> pa.RecordBatch:
    return pa.record_batch({"c": pa.array(values, arrow_type(type_))})


@pytest.mark.parametrize(("type_", "about", "values", "broken"), [
    ("date", {"between": [date(2013, 1, 1), date(2013, 1, 31)]},
     [date(2013, 1, 1), None, date(2013, 2, 1), date(2013, 1, 31)], [2]),
    ("decimal(10,2)", {"between": [0, 1.5]}, [Decimal("1.50"), Decimal("1.51"), None], [1]),
    ("bigint", {"between": [0, 2**62]}, [2**62, 2**62 + 1, None], [1]),
    ("bigint", {"one_of": [2**62]}, [2**62, 2**62 + 1, None], [1]),
    ("double", {"between": [0, 1]}, [float("nan"), float("inf"), -0.0, None], [1]),
    ("double", {"required": True}, [float("nan"), 1.0, None], [0, 2]),
    ("tinyint", {"required": True}, [1, None], [1]),
    ("boolean", {"required": True}, [False, None], [1]),
    ("string", {"matches": r"\d+"}, ["1", "1\n", "x1", "\u0661", None, ""], [1, 2, 5]),
    ("varchar(9)", {"length": [1, 2]}, ["é", "", "abc", None], [1, 2]),
])
def test_a_rule_breaks_at_its_bounds_and_a_missing_value_breaks_none_but_required(type_, about, values, broken):
    rule, chunk = rule_of(type_, **about), cells(type_, values)
    failed = rule.failed(frame(chunk))
    assert ([] if failed is None else list(failed.nonzero()[0])) == broken
    statistics = ColumnStatistics(chunk.schema.field("c").type)
    statistics.add(chunk.column("c"))
    assert not (broken and rule.is_kept_by(statistics))


@pytest.mark.parametrize(("type_", "about", "values"), [
    ("date", {"between": [date(2013, 1, 1), date(2013, 1, 31)]}, [date(2013, 1, 1), None]),
    ("bigint", {"between": [0, 5]}, [0, 5]), ("string", {"required": True}, ["x"]),
])
def test_statistics_settle_what_every_row_keeps(type_, about, values):
    chunk = cells(type_, values)
    statistics = ColumnStatistics(chunk.schema.field("c").type)
    statistics.add(chunk.column("c"))
    assert rule_of(type_, **about).is_kept_by(statistics)
