"""Keys of a batch: told by numbers of 8 bytes, and yet as exact as comparing the rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlstead_jobs.quality import uniqueness
from mlstead_jobs.quality.digests import FIRST, SECOND, digests
from mlstead_jobs.quality.uniqueness import Uniqueness


def failed(rows: list[tuple[object, object, object]], size: int) -> list[bool]:
    types = (pa.int64(), pa.string(), pa.float64())
    whole = pa.record_batch({name: pa.array([row[each] for row in rows], type_)
                             for each, (name, type_) in enumerate(zip("abc", types, strict=True))})
    chunks = [whole.slice(at, size) for at in range(0, len(rows), size)]
    keys = Uniqueness(["a", "b"])
    for chunk in chunks:
        keys.add(chunk)
    return list(keys.failed(lambda: chunks))


def by_comparing(rows: list[tuple[object, object, object]]) -> list[bool]:
    said = []
    for at, row in enumerate(rows):
        same = [other for other in rows if other[:2] == row[:2]]
        keyless = row[:2] == (None, None)
        said.append(not keyless and len(same) > 1 and (any(each != row for each in same) or row in rows[:at]))
    return said


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.integers(0, 3), st.none() | st.sampled_from(["x", "y", ""]),
                          st.none() | st.integers(0, 1).map(float)), max_size=25), st.integers(1, 9))
def test_it_is_as_if_every_row_were_compared_with_every_other(rows, size):
    assert failed(rows, size) == by_comparing(rows)


def test_keys_whose_first_digests_meet_by_chance_are_told_apart(monkeypatch):
    monkeypatch.setattr(uniqueness, "digests", lambda columns, rows, seed=FIRST:
                        digests(columns, rows, seed) % np.uint64(2) if seed == FIRST else digests(columns, rows, seed))
    rows = [(each, "x", 0.0) for each in range(20)] + [(3, "x", 0.0)]
    assert failed(rows, 4) == [False] * 20 + [True]


@pytest.mark.parametrize(("values", "type_"), [
    ([1, 2, None], pa.int32()), (["a", "b", None], pa.string()), ([True, False, None], pa.bool_()),
    ([0.5, float("nan"), -1.0], pa.float64()), ([date(2013, 1, 1), date(2013, 1, 2), None], pa.date32()),
    ([datetime(2013, 1, 1, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
    ([Decimal("1.10"), Decimal("1.20"), None], pa.decimal128(5, 2)), ([[1], [2], None], pa.list_(pa.int64())),
    ([b"a", b"b", None], pa.binary()),
])
def test_different_values_of_any_type_differ_and_equal_ones_do_not(values, type_):
    column = pa.array(values + values, type_)
    for seed in (FIRST, SECOND):
        numbers = digests([column], len(column), seed)
        assert len(set(numbers)) == len(values) and list(numbers[: len(values)]) == list(numbers[len(values):])


def test_the_order_of_columns_matters_and_their_width_does_not():
    left, right = pa.array([1, 2]), pa.array([2, 1])
    assert not set(digests([left, right], 2)) & set(digests([right, right], 2))
    assert list(digests([left, right], 2)) != list(digests([right, left], 2))
    assert list(digests([left.cast(pa.int16())], 2)) == list(digests([left], 2))
    assert list(digests([pa.array([0.0, -0.0])], 2)) == [digests([pa.array([0.0])], 1)[0]] * 2
