"""Every rule of gates.toml, through ingestion and gates: what keeps it passes, what breaks it does not."""

from __future__ import annotations

import pandas as pd
import pytest


def moments(*texts: str) -> list[pd.Timestamp]:
    return [pd.Timestamp(text, tz="UTC") for text in texts]


ROW_RULES = [
    ("required:place", "place = { required = true }", {"place": ["EWR", "JFK"]}, {"place": ["EWR", None]}),
    ("matches:place", 'place = { matches = "[A-Z]{3}" }', {"place": ["EWR", None]}, {"place": ["EWR", "EWRX"]}),
    ("one_of:place", 'place = { one_of = ["EWR", "JFK"] }', {"place": ["JFK", None]}, {"place": ["JFK", "ewr"]}),
    ("one_of:id", "id = { one_of = [1, 2] }", {"id": [1, 2]}, {"id": [1, 3]}),
    ("between:miles", "miles = { between = [0, 100] }", {"miles": [0, 100]}, {"miles": [0, 100.5]}),
    ("between:id", "id = { between = [1, 2] }", {"id": [1, None]}, {"id": [1, 3]}),
    ("between:left", "left = { between = [2013-01-01, 2013-01-31] }",
     {"left": moments("2013-01-01", "2013-01-31T23:59:59.999999")},
     {"left": moments("2013-01-01", "2013-02-01")}),
    ("between:left", "left = { between = [2013-01-01T02:00:00+02:00, 2013-01-02T00:00:00Z] }",
     {"left": moments("2013-01-01", "2013-01-02")},
     {"left": moments("2013-01-01", "2012-12-31T23:59")}),
    ("length:place", "place = { length = [2, 3] }", {"place": ["ÄÖ", "ABC"]}, {"place": ["ÄÖ", "ABCD"]}),
    ("personal:note", "", {"note": ["flight UA 1545 to ORD", "fine"]}, {"note": ["fine", "write to ada@example.com"]}),
]
BATCH_RULES = [
    ("missing_at_most:miles", "miles = { missing_at_most = 0.5 }", {"miles": [1.0, None]}, {"miles": [None, None]}),
    ("mean_between:miles", "miles = { mean_between = [10, 20] }", {"miles": [5.0, 25.0]}, {"miles": [16.1, 32.2]}),
    ("mean_between:miles", "miles = { mean_between = [10, 20] }", {"miles": [15.0, None]}, {"miles": [None, None]}),
]


@pytest.mark.parametrize(("rule", "text", "keeps", "breaks"), ROW_RULES, ids=[each[0] for each in ROW_RULES])
def test_a_row_rule_quarantines_the_row_that_breaks_it_and_no_other(lake, trips, rule, text, keeps, breaks):
    lake.rules += f"[trips.columns]\n{text}\n"
    lake.deliver("trips", trips(2, **keeps))
    assert str(lake.gate()).endswith("2 rows in = 2 curated + 0 quarantined")
    lake.deliver("trips", trips(2, **breaks), "second")
    lake.gate()
    assert lake.report().outcome == "partly quarantined"
    assert lake.failed() == {rule: 1}
    assert list(lake.rows("quarantine")["_row"]) == [2] and list(lake.rows("quarantine")["_rules"]) == [rule]
    assert len(lake.rows("curated")) == 1


@pytest.mark.parametrize(("rule", "text", "keeps", "breaks"), BATCH_RULES, ids=[each[0] for each in BATCH_RULES])
def test_a_batch_rule_that_is_broken_lets_nothing_through(lake, trips, rule, text, keeps, breaks):
    lake.rules += f"[trips.columns]\n{text}\n"
    lake.deliver("trips", trips(2, **breaks))
    lake.gate()
    assert (lake.report().outcome, lake.failed()) == ("quarantined", {rule: 2})
    assert lake.rows("curated").empty and list(lake.rows("quarantine")["_rules"]) == [rule, rule]
    lake.deliver("trips", trips(2, **keeps), "second")
    lake.gate()
    assert (lake.report().outcome, lake.failed()) == ("passed", {})
    assert len(lake.rows("curated")) == 2 and lake.rows("quarantine").empty


@pytest.mark.parametrize(("text", "count", "outcome"), [
    ("rows = { at_least = 3, at_most = 4 }", 4, "passed"), ("rows = { at_least = 3, at_most = 4 }", 5, "quarantined"),
    ("rows = { at_least = 3 }", 2, "quarantined"),
    ('fresh = { column = "left", within_days = 9 }', 2, "quarantined"),
    ('fresh = { column = "left", within_days = 9000 }', 2, "passed"),
])
def test_a_batch_has_so_many_rows_and_is_so_fresh(lake, trips, text, count, outcome):
    lake.rules += text
    lake.deliver("trips", trips(count))
    lake.gate()
    assert lake.report().outcome == outcome


def test_of_identical_rows_the_first_stays_and_of_rows_that_differ_none(lake, trips):
    lake.rules += 'key = ["id", "place"]'
    lake.deliver("trips", trips(6, id=[1, 2, 1, 3, 3, None], miles=[1, 1, 1, 1, 2, 1]))
    lake.gate()
    assert lake.failed() == {"key": 3}
    assert list(lake.rows("quarantine")["_row"]) == [3, 4, 5]
    assert sorted(lake.rows("curated")["id"].dropna()) == [1, 2]


def test_a_row_says_every_rule_that_it_failed(lake, trips):
    lake.rules += 'key = ["id"]\n[trips.columns]\nplace = { required = true }\nmiles = { between = [0, 1] }\n'
    lake.deliver("trips", trips(2, id=[7, 7], place=["EWR", None], miles=[1, 2], note=[None, "a@example.com"]))
    lake.gate()
    assert list(lake.rows("quarantine")["_rules"]) == [
        "key", "key; required:place; between:miles; personal:note",
    ]


def test_a_cell_that_is_not_of_its_type_fails_as_such_and_is_not_called_missing(lake):
    lake.rules += "[trips.columns]\nmiles = { required = true }\nleft = { required = true }\n"
    lake.deliver("trips", "id,month,place,miles,left,note\n1,1,EWR,far,2013-01-05T10:00:00Z,\n"
                          "2,1,EWR,,05/01/2013,\n3,1,EWR,5,2013-01-05T10:00:00Z,\n")
    lake.gate()
    assert lake.failed() == {"type:miles": 1, "type:left": 1, "required:miles": 1}
    assert [each["sample"] for each in lake.report().failures if each["column"] == "left"] == [
        [{"_row": 2, "left": "05/01/2013"}],
    ]
    assert list(lake.rows("curated")["id"]) == [3]


def test_a_line_that_is_no_row_is_quarantined_for_that_alone(lake):
    lake.rules = '[trips]\nkey = ["id"]\n[trips.columns]\nmiles = { required = true }\n'
    lake.deliver("trips", "id,month,place,miles,left,note\n1,1,EWR,5,2013-01-05T10:00:00Z,\n2,1\n3,1,a,b,c,d,e,f\n")
    lake.gate()
    assert lake.failed(batch="batch=all") == {"type": 2}
    assert lake.report(batch="batch=all").failures[0]["sample"][0] == {"_row": 2, "id": None, "line": "2,1"}


def test_a_missing_and_an_undeclared_column_quarantine_the_batch(lake, trips):
    lake.deliver("trips", trips(2).drop(columns="miles").assign(extra=1))
    lake.gate()
    (failure,) = lake.report().failures
    assert (failure["rule"], failure["scope"], failure["rows"]) == ("columns", "batch", 2)
    assert failure["found"] == "miles is missing; extra is not declared"
    assert list(lake.rows("quarantine")["extra"]) == [1, 1]


def test_a_column_whose_type_was_declared_anew_quarantines_what_was_written_before(lake, trips):
    lake.deliver("trips", trips(2))
    lake.tables = lake.tables.replace('miles = "double"', 'miles = "bigint"')
    lake.gate()
    assert lake.report().failures[0]["found"] == "miles was written as double, and is declared bigint now"


def test_personal_data_is_masked_and_tokenised_in_curated_and_in_every_report(lake, trips):
    lake.rules += ('key = ["id"]\n[trips.columns]\nnote = { personal = "mask" }\n'
                   'place = { personal = "tokenise", kind = "identifier", one_of = ["N123", "N124"] }\n')
    lake.deliver("trips", trips(3, place=["N123", "N124", "N125"], note=["call 212-555-0187 or ada@example.com"] * 3))
    lake.gate()
    curated = lake.rows("curated")
    assert list(curated["note"]) == ["call <phone> or <email>"] * 2
    assert curated["place"].str.fullmatch(r"identifier:[a-z2-7]{16}").all() and curated["place"].nunique() == 2
    assert list(lake.rows("quarantine")["place"]) == ["N125"]
    report = lake.report()
    assert {"column": "note", "kind": "email", "action": "mask", "cells": 3} in report.personal
    assert report.failures[0]["sample"] == [{"_row": 3, "id": 3, "place": "<identifier>"}]
    for said in (report.to_json().decode(), *lake.said):
        assert "ada@example" not in said and "0187" not in said and "N125" not in said


def test_statistics_tell_what_a_column_holds_and_of_personal_data_nothing(lake, trips):
    lake.tables = lake.tables.replace('id = "bigint"', 'id = { type = "bigint", sensitivity = "pii" }')
    lake.rules += '[trips.columns]\nid = { personal = "refuse" }\n'
    lake.deliver("trips", trips(3, miles=[1.0, None, 4.0]))
    lake.gate()
    statistics = lake.report().statistics
    assert statistics["miles"] == {"missing": 1, "least": 1.0, "greatest": 4.0, "mean": 2.5}
    assert statistics["left"]["least"] == "2013-01-05T10:00:00+00:00"
    assert statistics["id"] == {"missing": 0}
