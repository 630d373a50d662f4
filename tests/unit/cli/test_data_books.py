"""Every row that came in is accounted for, or the books say what does not add up."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from data_records import Lake

from mlstead_jobs.ledger import data_key
from mlstead_toolkit.cli.data_books import HALF_WRITTEN, UNCHECKED, UNRELEASED, BatchBook, Books, read_books
from mlstead_toolkit.cli.data_declarations import declarations
from mlstead_toolkit.cli.data_folders import problems
from mlstead_toolkit.project import Project

LATER = "2099-11-21T10:00:00.000+00:00"
RELATIONS = {"flights": {"weather": True}}


def books(lake: Lake, relations: dict[str, dict[str, bool]] | None = None, **rules: str) -> Books:
    return read_books(lake.zones, relations or {}, rules)


def only(lake: Lake, **rules: str) -> BatchBook:
    [book] = books(lake, **rules).batches
    return book


def test_rows_in_are_rows_curated_and_rows_quarantined(lake: Lake) -> None:
    lake.manifest(rows=10)
    lake.report(curated=8, quarantined=2)
    read = books(lake)
    assert read.adds_up and read.totals() == {
        "batches": 1, "rows_in": 10, "rows_curated": 8, "rows_quarantined": 2, "rows_unchecked": 0}
    assert read.batches[0].state == "partly quarantined"


def test_nothing_in_the_lake_adds_up_to_nothing(lake: Lake) -> None:
    assert books(lake).adds_up and books(lake).totals()["rows_in"] == 0


def test_a_batch_that_no_gate_has_looked_at_is_counted_as_such(lake: Lake) -> None:
    lake.manifest(rows=10)
    assert only(lake).state == UNCHECKED and books(lake).adds_up and books(lake).totals()["rows_unchecked"] == 10


def test_a_new_revision_is_not_checked_by_the_report_of_the_old_one(lake: Lake) -> None:
    lake.report(curated=10)
    lake.manifest(rows=12, revision=2, content_sha256="c2")
    book = only(lake)
    assert book.state == UNCHECKED and (book.curated, book.quarantined) == (0, 0) and not book.amiss


def test_a_batch_waits_for_the_tables_that_it_relates_to(lake: Lake) -> None:
    lake.manifest()
    assert only_flights(books(lake, RELATIONS)).state == "waiting for weather month=04"
    lake.manifest(table="weather")
    lake.report(table="weather", curated=0, quarantined=10)
    assert only_flights(books(lake, RELATIONS)).state == "waiting for weather month=04"
    lake.report(table="weather", curated=10)
    assert only_flights(books(lake, RELATIONS)).state == UNCHECKED


def only_flights(read: Books) -> BatchBook:
    return next(book for book in read.batches if book.table == "flights")


def test_a_batch_that_other_rules_checked_says_so(lake: Lake) -> None:
    lake.manifest()
    lake.report()
    assert only(lake, flights="r1").state == "passed"
    assert only(lake, flights="r2").state == "passed, by earlier rules"


def test_a_release_counts_once_the_gate_has_applied_it(lake: Lake) -> None:
    lake.manifest()
    lake.report(curated=0, quarantined=10)
    lake.release(raw_sha256="of other content")
    assert only(lake).state == "quarantined"
    word = lake.release()
    assert only(lake).state == UNRELEASED
    lake.report(curated=10, released={"at": word.at, "by": word.by, "reason": word.reason, "rules": []})
    assert only(lake).state == "passed, released"


@pytest.mark.parametrize(("changed", "says"), [
    ({"rows_in": 11}, "11 rows in, 10 curated, 0 quarantined"),
    ({"rows_in": 9, "rows_curated": 9}, "the manifest counts 10 rows, the report 9"),
    ({"curated_sha256": "other"}, "what lies in curated is not what its report names"),
    ({"quarantine_sha256": "other"}, "what lies in quarantine is not what its report names"),
])
def test_a_report_that_does_not_add_up_is_told(lake: Lake, changed: dict[str, Any], says: str) -> None:
    lake.manifest(rows=10)
    lake.report(curated=10, **changed)
    book = only(lake)
    assert any(says in problem for problem in book.amiss) and book.state == HALF_WRITTEN and not books(lake).adds_up


def test_data_that_a_kill_left_without_its_record_is_half_written(lake: Lake) -> None:
    lake.manifest(file_sha256="of the revision before")
    assert only(lake).state == HALF_WRITTEN
    lake.manifest()
    lake.put("curated", "month=04", "good")
    assert only(lake).amiss == ("it lies in curated, and no report says that it may",)


def test_what_lies_in_curated_and_is_no_batchs_is_told(lake: Lake) -> None:
    lake.put("curated", "month=05", "from nowhere")
    assert books(lake).stray == (data_key("flights", "month=05"),) and not books(lake).adds_up


def test_a_batch_waits_for_a_table_without_batches_as_a_whole_and_rows_of_no_batch_for_none(lake: Lake) -> None:
    lake.manifest()
    assert books(lake, {"flights": {"airports": False}}).batches[0].state == "waiting for airports batch=all"
    lake.manifest("month=none-a.csv")
    assert [book.state for book in books(lake, RELATIONS).batches] == ["waiting for weather month=04", UNCHECKED]


def test_what_an_earlier_revision_left_in_curated_is_named_and_held_to_its_hash(lake: Lake) -> None:
    lake.manifest()
    kept = {"revision": 1, "sha256": lake.put("curated", "month=04", "of the revision before")}
    lake.report(curated=0, quarantined=10, revision=2, kept=kept)
    assert books(lake).adds_up and only(lake).state == "quarantined, curated keeps revision 1"
    lake.put("curated", "month=04", "of nobody")
    assert only(lake).amiss == ("what lies in curated is not what its report names",)


def test_files_without_a_record_wait_and_refused_ones_keep_their_reason(lake: Lake) -> None:
    lake.delivery("good.csv")
    lake.delivery("cut.parquet", outcome="refused", reason="it is cut short", rows=None, batches={})
    lake.zones.raw.write("landing/flights/late.csv", b"new")
    lake.zones.raw.write("incoming/one/flights/a.csv", b"new")
    assert books(lake).waiting == ("landing/flights/late.csv",)
    lake.zones.raw.write("landing/one.manifest.json", b'{"files": []}')
    assert books(lake).waiting == ("landing/flights/late.csv", "incoming/one/flights/a.csv")
    assert [one.reason for one in books(lake).refused] == ["it is cut short"]


def test_a_refused_file_that_came_again_and_was_read_is_refused_no_more(lake: Lake) -> None:
    lake.delivery("cut.csv", outcome="refused", reason="it is cut short", rows=None, batches={})
    other = lake.delivery("cut.csv", "weather", at=LATER)
    assert len(books(lake).refused) == 1
    again = replace(other, table="flights", file="incoming/one/flights/cut.csv")
    lake.zones.raw.write("deliveries/flights/again.json", again.to_json())
    assert books(lake).refused == []


def test_a_file_that_was_delivered_anew_waits_again(lake: Lake) -> None:
    lake.delivery("flights-04.csv")
    assert books(lake).waiting == ()
    lake.zones.raw.write("landing/flights/flights-04.csv", b"corrected")
    assert books(lake).waiting == ("landing/flights/flights-04.csv",)


@pytest.mark.parametrize(("rule", "type_", "fit", "other"), [
    ('{ column = "at", every = "month" }', "date", "month=2024-03", "at=2024-03-01"),
    ('{ column = "at", every = "month" }', "date", "month=none-a.csv", "month=04"),
    ('{ column = "at", every = "day" }', "timestamp", "day=2024-03-01", "day=2024-03"),
    ('"at"', "date", "at=2024-03-01", "month=2024-03"), ('"at"', "int", "at=04", "at=2024-03"),
    (None, "int", "batch=all", "at=04"),
])
def test_a_batch_that_was_split_by_another_rule_is_told_and_does_not_add_up_where_its_rows_count_twice(
    lake: Lake, tmp_path: Path, rule: str | None, type_: str, fit: str, other: str,
) -> None:
    lines = [f'[{zone}.flights]\ncomment = "x"\npath = "flights"\ncolumns = {{ at = "{type_}" }}\n'
             for zone in ("raw", "curated")]
    (tmp_path / "tables.toml").write_text("".join(lines))
    (tmp_path / "gates.toml").write_text("[flights]\n" + (f"batch = {rule}\n" if rule else ""))
    now = declarations(Project(tmp_path, "shop")).folders
    for batch in (fit, other):
        lake.manifest(batch, rows=10)
    lake.report(other, curated=10)
    lake.report(fit, curated=0, quarantined=10)
    read = read_books(lake.zones, {}, folders=now)
    assert {book.batch for book in read.batches if book.former} == {other} and read.adds_up
    (told,) = problems(read.batches)
    assert f"flights: {other} was made by another `batch`" in told and "Write the earlier one there again" in told
    lake.report(fit, curated=10)
    read = read_books(lake.zones, {}, folders=now)
    assert not read.adds_up and "count twice" in problems(read.batches)[0]


@pytest.mark.parametrize("typed", ["month=04", "04", "4"])
def test_a_batch_is_found_by_its_folder_or_its_value(lake: Lake, typed: str) -> None:
    lake.manifest("month=04")
    lake.manifest("month=14")
    found = books(lake).find("flights", typed)
    assert found is not None and found.batch == "month=04"
    assert books(lake).find("weather", typed) is None


def test_hundreds_of_batches_are_read_in_seconds(lake: Lake) -> None:
    for number in range(300):
        lake.manifest(f"day={number:03}")
        lake.report(f"day={number:03}", curated=10)
    begun = time.monotonic()
    assert books(lake).totals()["rows_in"] == 3000
    assert time.monotonic() - begun < 10
