"""What is printed of data names the batch, the rule and the next thing to type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from data_records import Lake

from mlstead.errors import MlsteadError
from mlstead_jobs.ledger import Failure
from mlstead_toolkit.cli.commands.data import _after_report, _next
from mlstead_toolkit.cli.console import out
from mlstead_toolkit.cli.data_arrival import Arrival
from mlstead_toolkit.cli.data_books import BatchBook, Books, read_books
from mlstead_toolkit.cli.data_children import FileChange, write
from mlstead_toolkit.cli.data_view import in_a_line, print_arrivals, print_besides, print_books, print_report

UNIT = vars(Failure("mean_between", "distance", "batch", "the mean is between 900 and 1,200", 10, "1,703"))
RANGE = vars(Failure("between", "distance", "row", "between 10 and 6,000", 2, sample=[{"_row": 7, "distance": 90_000}]))


def read(lake: Lake) -> Books:
    return read_books(lake.zones, {"flights": {"weather": True}}, {"flights": "r1"})


def one(lake: Lake) -> BatchBook:
    return read(lake).batches[0]


def test_the_status_shows_every_batch_what_was_refused_and_the_sum(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    lake.manifest(rows=10)
    lake.report(curated=8, quarantined=2)
    lake.delivery("cut.parquet", outcome="refused", reason="it is cut short", rows=None, batches={})
    print_books(read(lake))
    shown = capsys.readouterr().out
    assert "month=04" in shown and "partly quarantined" in shown and "cut.parquet" in shown and "cut short" in shown
    assert "It adds up: 10 in = 8 curated + 2 quarantined." in shown


def test_a_narrow_terminal_breaks_lines_and_cuts_nothing_off(
    lake: Lake, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.manifest(rows=1_234_567)
    lake.report(curated=1_234_565, quarantined=2)
    monkeypatch.setattr(out(), "_width", 40)
    print_books(read(lake))
    shown = capsys.readouterr().out
    assert all(part in shown for part in ("month=04", "1,234,567", "1,234,565", "partly quarantined"))


def test_what_does_not_add_up_is_shown_and_the_sum_is_not_claimed(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    lake.manifest(rows=10)
    lake.report(curated=10, curated_sha256="other")
    print_books(read(lake))
    shown = capsys.readouterr().out
    assert "does not add up: flights month=04: what lies in curated" in shown and "It adds up" not in shown


def test_a_report_names_rule_reason_and_rows(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    lake.manifest(rows=10)
    report = lake.report(curated=0, quarantined=10, failures=[UNIT, RANGE], personal=[
        {"column": "remarks", "kind": "card", "action": "mask", "cells": 3}])
    print_report(one(lake), report)
    shown = capsys.readouterr().out
    assert "mean_between:distance" in shown and "found: 1,703" in shown
    assert "row 7: distance=90000" in shown and "remarks: card, 3 cells: mask" in shown


def test_the_next_thing_to_type_follows_the_state(lake: Lake) -> None:
    assert _next("local", []) == "mlstead data ingest local"
    lake.manifest(rows=10)
    assert _next("local", [one(lake)]) == "mlstead data ingest local with what it waits for: weather month=04"
    lake.report(curated=8, quarantined=2)
    assert _next("local", [one(lake)]) == "mlstead data report local flights month=04"
    lake.report(curated=10)
    assert _next("local", [one(lake)]) == "mlstead train local"
    lake.report(curated=10, rules_sha256="earlier")
    assert _next("local", [one(lake)]) == "mlstead data run local"


def test_a_line_says_how_much_is_in_and_where(lake: Lake) -> None:
    assert in_a_line(read(lake)) == "none has come in"
    lake.manifest(rows=10)
    lake.report(curated=8, quarantined=2)
    assert in_a_line(read(lake)) == "1 batch: 10 rows in, 8 curated, 2 quarantined"


def test_a_first_schema_is_appended_and_shown_as_a_change(tmp_path: Path) -> None:
    file = tmp_path / "gates.toml"
    file.write_text("[flights]\n")
    change = FileChange(file, "[flights]\n", "[flights]\n\n[orders]\n")
    assert "+[orders]" in change.diff() and "-[flights]" not in change.diff()
    write([change])
    assert file.read_text() == "[flights]\n\n[orders]\n" and [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_word_is_only_taken_for_rules_that_were_broken_and_can_be_waived(lake: Lake) -> None:
    from mlstead_toolkit.cli.data_release import release

    lake.manifest(rows=10)
    lake.report(curated=10)
    with pytest.raises(MlsteadError, match="kept every rule"):
        release(NOBODY, one(lake), [], "because")
    lake.report(curated=0, quarantined=10, failures=[UNIT])
    with pytest.raises(MlsteadError, match="did you mean 'mean_between:distance'"):
        release(NOBODY, one(lake), ["mean_betwen:distance"], "because")
    with pytest.raises(MlsteadError, match="cannot be waived"):
        release(NOBODY, one(lake), ["personal:remarks"], "because")
    lake.manifest(rows=10, content_sha256="c2", revision=2)
    with pytest.raises(MlsteadError, match="as it is now"):
        release(NOBODY, one(lake), [], "because")


def test_a_word_without_rules_is_on_those_that_failed_and_on_none_that_is_written_later(
    lake: Lake, monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mlstead_toolkit.cli import data_release

    monkeypatch.setattr(data_release, "data_zones", lambda deployed: lake.zones)
    lake.manifest(rows=10)
    lake.report(curated=0, quarantined=10, failures=[UNIT, UNIT | {"rule": "personal", "column": "remarks"}])
    assert data_release.release(NOBODY, one(lake), [], "because").rules == ["mean_between:distance"]


class _Nobody:
    environment = "local"

    def client(self, name: str) -> Any:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": "arn:aws:iam::123456789012:user/ann"}


NOBODY: Any = _Nobody()


def test_what_was_left_out_for_a_broken_file_beside_it_is_said_with_what_to_do(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    lake.manifest(rows=10)
    record = lake.delivery(batches={"month=04": "incomplete"})
    print_arrivals([Arrival("flights-04.csv", record, (one(lake),))])
    shown = " ".join(capsys.readouterr().out.split())
    assert "incomplete: left out" in shown and "deliver all of them again, together" in shown


def test_a_report_proposes_to_release_what_can_be_released_alone(lake: Lake) -> None:
    lake.manifest(rows=10)
    lake.report(curated=0, quarantined=10, failures=[UNIT, UNIT | {"rule": "personal", "column": "remarks"}])
    assert "--rule mean_between:distance --reason" in _after_report("local", one(lake))
    lake.report(curated=0, quarantined=10, failures=[UNIT])
    assert "release local flights month=04 --reason" in _after_report("local", one(lake))
    lake.report(curated=0, quarantined=10, failures=[UNIT | {"rule": "type"}])
    assert "release" not in _after_report("local", one(lake))


def test_a_batch_that_waits_cannot_be_released_and_what_it_waits_for_is_named(lake: Lake) -> None:
    from mlstead_toolkit.cli.data_release import release

    lake.manifest(rows=10)
    with pytest.raises(MlsteadError, match="waiting for weather month=04") as refused:
        release(NOBODY, one(lake), [], "because")
    assert "mlstead data ingest local with what it waits for: weather month=04" in str(refused.value)


def test_batches_that_had_waited_are_listed_with_what_arrived(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    print_besides([])
    assert capsys.readouterr().out == ""
    lake.manifest(rows=10)
    lake.report(curated=10)
    print_besides([one(lake)])
    assert "flights  month=04" in capsys.readouterr().out


def test_rows_that_are_given_out_are_for_nobody_else(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from mlstead_jobs.rows import write_rows

    pq.write_table(pa.table({"mail": ["ann@example.com"], "_row": [1], "_rules": ["type"]}), tmp_path / "q.parquet")
    for name in ("rows.csv", "rows.parquet"):
        (tmp_path / name).touch(0o644)
        assert write_rows(tmp_path / "q.parquet", "month=04", "sha256:1", tmp_path / name) == 1
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
