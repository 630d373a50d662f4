"""Whatever comes in, under whatever rules: each row is curated or quarantined, once, in its order, for a reason."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlstead.ingestion.gate_definitions import Gate
from mlstead.ingestion.gate_rules import TableRules
from mlstead_jobs.gates import raw_file
from mlstead_jobs.gates.batch_check import BatchCheck
from mlstead_jobs.gates.raw_file import RawFile
from mlstead_jobs.gates.waivers import Waivers
from mlstead_jobs.ledger import Release
from mlstead_jobs.personal.detector import Detector
from mlstead_jobs.personal.treatment import Treatment

COLUMNS = {"id": "bigint", "place": "string", "miles": "double", "ok": "boolean"}
DETECTOR = Detector()
ROWS = st.lists(st.fixed_dictionaries({
    "id": st.none() | st.integers(0, 6) | st.integers(-(2**63), 2**63 - 1),
    "place": st.none() | st.sampled_from(["EWR", "JFK", "", "x", "ada@example.com"]),
    "miles": st.none() | st.floats() | st.integers(0, 20).map(float),
    "ok": st.none() | st.booleans(),
    "_unparsed": st.none() | st.none() | st.none() | st.sampled_from(['{"miles": "far"}', '{"line": "1,2"}']),
}), max_size=40)
RULES = st.fixed_dictionaries({
    "key": st.sampled_from([(), ("id",), ("id", "place", "ok")]),
    "rows": st.none() | st.just({"at_least": 5}),
    "columns": st.fixed_dictionaries({
        "id": st.fixed_dictionaries({"required": st.booleans(), "between": st.none() | st.just([0, 5])}),
        "place": st.fixed_dictionaries({
            "required": st.booleans(), "one_of": st.none() | st.just(["EWR", "JFK", "ada@example.com"]),
            "length": st.none() | st.just([1, 9]), "matches": st.none() | st.just("[A-Z]*"),
            "personal": st.sampled_from([None, "mask", "refuse"]),
        }),
        "miles": st.fixed_dictionaries({
            "between": st.none() | st.just([0, 10.5]), "missing_at_most": st.none() | st.just(0.3),
            "mean_between": st.none() | st.just([0, 8]),
        }),
    }),
})
WAIVED = st.none() | st.just([]) | st.sampled_from([["key"], ["between:miles", "rows"], ["personal", "type"]])


def checked(
    folder: Path, rows: pa.Table, rules: TableRules, waived: list[str] | None,
) -> tuple[BatchCheck, pa.Table, pa.Table]:
    pq.write_table(rows, folder / "raw.parquet", row_group_size=11 if len(rows) < 1000 else None)
    release = None if waived is None else Release("t", "b", "x", waived, "why", "who", "when")
    treatment = Treatment({}, None, DETECTOR)
    check = BatchCheck(Gate("t", COLUMNS, rules), RawFile(folder / "raw.parquet"), "2026-01-01T00:00:00+00:00", 0, {},
                       treatment, Waivers(release, "x"), lambda _: None)
    check.run(folder / "curated.parquet", folder / "quarantined.parquet")
    return check, pq.read_table(folder / "curated.parquet"), pq.read_table(folder / "quarantined.parquet")


def written(rows: list[dict[str, object]]) -> pa.Table:
    types = {"id": pa.int64(), "place": pa.string(), "miles": pa.float64(), "ok": pa.bool_(), "_unparsed": pa.string()}
    return pa.table({name: pa.array([row[name] for row in rows], type_, from_pandas=False)
                     for name, type_ in types.items()})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, rules=RULES, waived=WAIVED)
def test_each_row_is_in_one_place_in_its_order_with_its_reason(tmp_path, monkeypatch, rows, rules, waived):
    monkeypatch.setattr(raw_file, "ROWS", 7)
    raw = written(rows)
    check, curated, quarantined = checked(tmp_path, raw, TableRules.model_validate(rules), waived)
    numbers = quarantined["_row"].to_pylist()
    assert numbers == sorted(set(numbers)) and set(numbers) <= set(range(1, len(rows) + 1))
    assert check.curated + check.quarantined == len(rows) == len(curated) + len(quarantined)
    bad = np.isin(np.arange(1, len(rows) + 1), numbers)
    failed = raw.filter(pa.array(bad, pa.bool_()))
    assert repr(quarantined.drop_columns(["_row", "_rules"]).to_pylist()) == repr(failed.to_pylist())
    passed = raw.filter(pa.array(~bad, pa.bool_())).drop_columns(["_unparsed"])
    if rules["columns"]["place"]["personal"] is None:
        assert repr(curated.to_pylist()) == repr(passed.to_pylist())
    assert all(quarantined["_rules"].to_pylist())
    assert pc.is_null(raw["_unparsed"]).to_numpy()[~bad].all()
    told = {each["rule"] + (f":{each['column']}" if each["column"] else ""): each["rows"] for each in check.listed()}
    said: dict[str, int] = {}
    for each in quarantined["_rules"].to_pylist():
        for rule in each.split("; "):
            said[rule] = said.get(rule, 0) + 1
    assert said == {rule: count for rule, count in told.items() if count}
    json.dumps([check.listed(), check.findings(), check.statistics], allow_nan=False)


def test_two_million_rows_with_one_bad_one_lose_that_one_alone_in_bounded_memory(tmp_path):
    count = 2_000_000
    chunk = pa.table({
        "id": pa.array(np.arange(count)), "place": pa.array(["EWR", "JFK"] * (count // 2)),
        "miles": pa.array(np.where(np.arange(count) == 1_234_567, 1e9, 5.0)),
        "ok": pa.array(np.ones(count, dtype=bool)),
        "_unparsed": pa.nulls(count, pa.string()),
    })
    rules = TableRules.model_validate({"key": ["id"], "columns": {
        "id": {"required": True}, "place": {"required": True, "one_of": ["EWR", "JFK"]}, "miles": {"between": [0, 100]},
    }})
    began = time.monotonic()
    check, curated, quarantined = checked(tmp_path, chunk, rules, None)
    assert (check.curated, check.quarantined) == (1_999_999, 1)
    assert quarantined["_row"].to_pylist() == [1_234_568] and quarantined["_rules"].to_pylist() == ["between:miles"]
    assert curated.num_rows == 1_999_999 and pc.max(curated["miles"]).as_py() == 5.0
    assert time.monotonic() - began < 60
