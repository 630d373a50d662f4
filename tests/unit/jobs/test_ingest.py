"""What becomes of a delivery: batches in raw, every row of it, or a refusal with its reason."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_job import HEADER, JANUARY, KILLED, job


def test_a_file_becomes_batches_with_manifests(lake):
    lake.land("all.csv", JANUARY + "2,DL,-3,762,2013-02-01 05:00:00\n")
    done = lake.run()
    assert (done.files, done.refused, done.rows, dict(done.batches)) == (1, 0, 3, {"new": 2})
    assert {batch: len(rows) for batch, rows in lake.batches().items()} == {"month=01": 2, "month=02": 1}
    assert [(row["carrier"], row["delay"], row["distance"]) for row in lake.rows("month=01")] == [
        ("UA", 2.5, 1400), ("AA", None, 1089),
    ]
    manifest = lake.manifest("month=01")
    assert (manifest.revision, manifest.rows, manifest.unparsed, manifest.source) == (1, 2, 0, "all.csv")
    assert manifest.columns == {
        "month": "int64", "carrier": "string", "delay": "double", "distance": "int32",
        "at": "timestamp[us, tz=UTC]", "_unparsed": "string",
    }
    assert list(manifest.columns)[-1] == "_unparsed"
    assert manifest.file_sha256 == lake.raw.sha256("flights/month=01/part-0.parquet")
    record = lake.delivery("all.csv")
    assert (record.outcome, record.rows, record.batches) == ("ingested", 3, {"month=01": "new", "month=02": "new"})


def test_it_is_the_same_in_buckets(bucket_lake):
    lake = bucket_lake
    lake.land("all.csv", JANUARY)
    lake.land("broken.parquet", b"PAR1")
    done = lake.run()
    assert (done.files, done.refused, done.rows) == (1, 1, 2)
    assert len(lake.rows("month=01")) == 2
    assert [entry.key for entry in lake.quarantine.entries("files/")] == ["files/flights/broken.parquet"]
    before = lake.objects()
    lake.land("again.csv", JANUARY)
    assert dict(lake.run().batches) == {"unchanged": 1}
    assert lake.objects().items() >= before.items()


def test_the_same_month_twice_changes_nothing(lake):
    lake.land("january.csv", JANUARY)
    lake.run()
    before = lake.objects()
    assert (lake.run().files, lake.objects()) == (0, before)
    lake.land("january-again.csv", JANUARY)
    assert dict(lake.run().batches) == {"unchanged": 1}
    changed = {key for key, version in lake.objects().items() if before.get(key) != version}
    assert {Path(key).name for key in changed} == {"january-again.csv", "january-again.csv.json"}


def test_a_corrected_month_replaces_itself_visibly(lake):
    lake.land("january.csv", JANUARY)
    lake.run()
    old = lake.manifest("month=01")
    lake.land("january.csv", JANUARY.replace("2.5", "3.5") + "1,B6,0,200,2013-01-03\n")
    assert dict(lake.run().batches) == {"replaced": 1}
    new = lake.manifest("month=01")
    assert (new.revision, new.rows) == (2, 3)
    assert new.replaces == {"revision": 1, "rows": 2, "content_sha256": old.content_sha256}
    assert [row["delay"] for row in lake.rows("month=01")] == [3.5, None, 0.0]
    assert lake.delivery("january.csv").batches == {"month=01": "replaced"}


def test_older_content_never_replaces_newer(lake):
    lake.land("correction.csv", JANUARY.replace("2.5", "3.5"))
    lake.run()
    late = lake.land("original.csv", JANUARY)
    os.utime(lake.raw.uri(late), (0, 0))  # delivered long before, and seen only now
    before = lake.manifest("month=01")
    assert dict(lake.run().batches) == {"older": 1}
    assert lake.manifest("month=01") == before
    assert [row["delay"] for row in lake.rows("month=01")] == [3.5, None]
    assert lake.delivery("original.csv").batches == {"month=01": "older"}


def test_the_oldest_delivery_comes_first(lake):
    newer = lake.land("a.csv", JANUARY.replace("2.5", "3.5"))
    older = lake.land("b.csv", JANUARY)
    os.utime(lake.raw.uri(newer), (2_000, 2_000))
    os.utime(lake.raw.uri(older), (1_000, 1_000))
    assert dict(lake.run().batches) == {"new": 1, "replaced": 1}
    assert lake.rows("month=01")[0]["delay"] == 3.5


def table(rows: str = JANUARY) -> pa.Table:
    import pandas as pd

    frame = pd.read_csv(io.StringIO(rows))
    frame["at"] = pd.to_datetime(frame["at"], utc=True, format="ISO8601")
    return pa.Table.from_pandas(frame, preserve_index=False)


def test_the_same_content_is_the_same_from_csv_gzip_and_parquet_whatever_its_chunks_and_order_of_columns(lake):
    rows = HEADER + "".join(f"{1 + n % 2},UA,{n / 4},{n},2013-01-01T10:00:00Z\n" for n in range(1_000))
    lake.land("a.csv", rows)
    lake.run()
    content = {batch: lake.manifest(batch).content_sha256 for batch in ("month=01", "month=02")}
    bytes_ = {batch: lake.file(batch).read_bytes() for batch in content}
    lake.land("b.csv.gz", gzip.compress(rows.encode()))
    parquet = io.BytesIO()
    pq.write_table(table(rows).select(["at", "month", "distance", "delay", "carrier"]), parquet, row_group_size=7)
    lake.land("c.parquet", parquet.getvalue())
    assert dict(lake.run().batches) == {"unchanged": 4}
    assert {batch: lake.file(batch).read_bytes() for batch in content} == bytes_


REFUSED = {
    "empty.csv": (b"", "The file is empty"),
    "header.csv": (HEADER.encode(), "no rows"),
    "truncated.parquet": (None, "The file is broken"),
    "truncated.csv.gz": (gzip.compress(JANUARY.encode() * 100)[:-20], "Truncated"),
    "cut-off.csv": (JANUARY.encode() + b'1,"UA,1,2', "A quote is opened and never closed"),
    "no-month.csv": (b"carrier,delay\nUA,1\n", "no column month"),
    "twice.csv": (b"month,carrier,carrier\n1,UA,UA\n", "More than one column is called carrier"),
    "words.txt": (b"hello", "neither .csv, .csv.gz nor .parquet"),
    "utf-16.csv": (JANUARY.encode("utf-16"), "not UTF-8"),
    "reserved.csv": (b"month,_row\n1,1\n", "mended rows have _row, _batch and _content"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_table_is_refused_whole_set_aside_and_no_reason_to_fail(lake, name):
    content, reason = REFUSED[name]
    if content is None:
        whole = io.BytesIO()
        pq.write_table(table(), whole)
        content = whole.getvalue()[:-30]
    lake.land(name, content)
    lake.land("good.csv", JANUARY)
    done = lake.run()
    assert (done.files, done.refused, done.rows) == (1, 1, 2)
    record = lake.delivery(name)
    assert record.outcome == "refused" and reason in record.reason and record.rows is None
    lake.quarantine.fetch(f"files/flights/{name}", lake.folder / "copy")
    assert (lake.folder / "copy").read_bytes() == content
    assert set(lake.batches()) == {"month=01"} and len(lake.rows("month=01")) == 2
    assert lake.run().refused == 0  # nobody looks at it again


def test_a_broken_end_leaves_nothing_of_the_good_beginning(lake):
    rows = HEADER + "".join(f"1,UA,{n},{n},2013-01-01T10:00:00Z\n" for n in range(200_000))
    lake.land("long.csv.gz", gzip.compress(rows.encode())[:-50])
    assert lake.run().refused == 1
    assert lake.batches() == {}


def test_a_table_that_nobody_described_is_refused(lake):
    lake.land("a.csv", JANUARY, table="fligths")
    lake.raw.write("landing/stray.csv", b"a\n1\n")
    assert lake.run().refused == 2
    assert "describes no [raw.fligths]" in lake.delivery("a.csv", "fligths").reason
    assert "in no table's folder" in lake.delivery("stray.csv", "-").reason


def test_marks_of_folders_and_of_other_writers_are_no_deliveries(lake):
    lake.land("_SUCCESS", b"")
    lake.land(".part.crc", b"x")
    assert (lake.run().refused, list(lake.raw.entries("deliveries/"))) == (0, [])


def test_no_row_is_dropped_and_what_did_not_fit_stays_beside_its_row(lake):
    lake.land("a.csv", HEADER + "1,UA,2.5,1400,2013-01-01T10:00:00Z\n"
                                "1,AA,late,1089.0,02/01/2013\n"
                                "1,AA,1\n"
                                "?,DL,1,1,2013-01-01\n"
                                ",DL,1,1,2013-01-01\n"
                                "1,B6,1,12.5,2013-01-03,extra\n")
    done = lake.run()
    assert done.rows == 6
    found = {batch: [(row["carrier"], json.loads(row["_unparsed"] or "null")) for row in rows]
             for batch, rows in lake.batches().items()}
    assert found == {
        "month=01": [("UA", None), ("AA", {"delay": "late", "at": "02/01/2013"})],
        "month=none-a.csv": [(None, {"line": "1,AA,1"}), ("DL", {"month": "?"}), ("DL", None),
                       (None, {"line": "1,B6,1,12.5,2013-01-03,extra"})],
    }
    assert lake.manifest("month=none-a.csv").unparsed == 3
    assert lake.rows("month=01")[1]["distance"] == 1089


def test_dates_in_two_formats_are_read_where_they_are_iso_and_kept_as_text_where_not(lake):
    lake.land("a.csv", HEADER + "".join(
        f"1,UA,0,1,{'2013-01-04 12:00' if n % 2 else '04/01/2013 12:00'}\n" for n in range(100)
    ))
    lake.run()
    rows = lake.rows("month=01")
    assert sum(row["at"] is None for row in rows) == 50 == lake.manifest("month=01").unparsed
    assert all(json.loads(row["_unparsed"]) == {"at": "04/01/2013 12:00"} for row in rows if row["at"] is None)


def test_a_malformed_line_keeps_its_place_among_the_rows(lake):
    lake.gates = "[flights]\n"
    lines = [f"{n},UA,{n},{n},2013-01-01" if n % 7 else f"{n};UA" for n in range(1, 2_000)]
    lake.land("a.csv", HEADER + "\n\n".join(lines) + "\n")
    lake.run()
    rows = lake.rows("batch=all")
    assert len(rows) == len(lines)
    for line, row in zip(lines, rows, strict=True):
        if ";" in line:
            assert json.loads(row["_unparsed"]) == {"line": line}
        else:
            assert row["_unparsed"] is None and row["month"] == int(line.split(",")[0])


def test_a_parquet_column_of_another_type_is_converted_or_kept_as_text(lake):
    lake.land("a.parquet", pa.table({
        "month": pa.array([1.0, 1.0]), "carrier": pa.array(["UA", "AA"]).dictionary_encode(),
        "delay": pa.array(["1.5", "soon"]), "distance": pa.array([1, 2**40]),
        "at": pa.array([1357300800, 1357300801]),
    }))
    lake.run()
    first, second = lake.rows("month=01")
    assert (first["month"], first["carrier"], first["delay"], first["distance"]) == (1, "UA", 1.5, 1)
    assert json.loads(first["_unparsed"]) == {"at": "1357300800"}
    assert json.loads(second["_unparsed"]) == {"at": "1357300801", "delay": "soon", "distance": str(2**40)}


def test_columns_that_nobody_described_are_kept_as_they_come_and_missing_ones_are_missing(lake):
    lake.land("a.csv", "month,gate,carrier\n1,007,UA\n")
    lake.land("b.parquet", pa.table({"month": [2], "seats": pa.array([180], pa.int16())}))
    lake.run()
    assert lake.rows("month=01") == [{"month": 1, "carrier": "UA", "gate": "007", "_unparsed": None}]
    assert lake.manifest("month=02").columns == {"month": "int64", "seats": "int16", "_unparsed": "string"}


@pytest.mark.parametrize(("gates", "batches"), [
    ("", {"batch=all": 4}),
    ('batch = "carrier"', {"carrier=A%2FB": 1, "carrier=UA": 2, "carrier=none-a.csv": 1}),
    ('batch = { column = "at", every = "month" }', {"month=2013-01": 2, "month=2013-02": 1, "month=none-a.csv": 1}),
    ('batch = { column = "at", every = "day" }', {"day=2013-01-31": 2, "day=2013-02-01": 1, "day=none-a.csv": 1}),
    ('batch = { column = "at", every = "year" }', {"year=2013": 3, "year=none-a.csv": 1}),
])
def test_rows_are_split_as_the_rules_say(lake, gates, batches):
    lake.gates = f"[flights]\n{gates}\n"
    lake.land("a.csv", HEADER + "1,UA,1,1,2013-01-31 23:59:59\n1,UA,1,1,2013-02-01T01:00:00+02:00\n"
                                "2,A/B,1,1,2013-02-01\n3,,1,1,\n")
    lake.run()
    assert {batch: len(rows) for batch, rows in lake.batches().items()} == batches
    assert {entry.key for entry in lake.raw.entries("manifests/")} == {
        f"manifests/flights/{batch}.json" for batch in batches
    }


def test_rows_whose_batch_cannot_be_told_are_replaced_by_no_other_file(lake):
    for name in ("january.csv", "february.csv"):
        lake.land(name, HEADER + f"?,{name[:2]},1,1,2013-01-01\n")
        lake.run()
    lake.land("january.csv", HEADER + "?,JA,1,1,2013-01-01\n")
    assert dict(lake.run().batches) == {"replaced": 1}
    assert {batch: [row["carrier"] for row in rows] for batch, rows in lake.batches().items()} == {
        "month=none-january.csv": ["JA"], "month=none-february.csv": ["fe"]}


def test_too_fine_a_batch_is_refused_with_what_to_do(lake):
    lake.gates = '[flights]\nbatch = "distance"\n'
    lake.land("a.csv", HEADER + "".join(f"1,UA,1,{n},2013-01-01\n" for n in range(600)))
    assert lake.run().refused == 1
    assert "choose a coarser batch" in lake.delivery("a.csv").reason


def test_long_work_says_how_far_it_is(lake, monkeypatch):
    from mlstead_jobs.ingestion import run

    monkeypatch.setattr(run, "_SAY_EVERY", 0)
    lake.land("a.csv", JANUARY)
    lake.run()
    assert any("2 rows read" in line for line in lake.said)
    assert any("flights/a.csv" in line for line in lake.said)
    assert any("flights/month=01: new, 2 rows" in line for line in lake.said)


@pytest.mark.parametrize("point", ["manifests/flights/month=01", "manifests/flights/month=02", "deliveries/"])
def test_killed_before_a_record_is_written_the_next_run_gives_the_same_bytes(lake, tmp_path, point):
    rows = JANUARY + "2,DL,-3,762,2013-02-01 05:00:00\n"
    lake.land("all.csv", rows)
    killed = job(lake, before=KILLED.format(point=point))
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    half = {batch: lake.file(batch).read_bytes() for batch in lake.batches()}
    again = job(lake, "--lease-seconds", "1")
    said, _ = again.communicate(timeout=60)
    assert again.returncode == 0, said
    whole = {batch: lake.file(batch).read_bytes() for batch in lake.batches()}
    assert whole.items() >= half.items() and half
    assert {batch: lake.manifest(batch).rows for batch in whole} == {"month=01": 2, "month=02": 1}
    assert {lake.manifest(batch).revision for batch in whole} == {1}
    assert all(lake.manifest(batch).file_sha256 == lake.raw.sha256(f"flights/{batch}/part-0.parquet")
               for batch in whole)


def test_killed_while_a_month_was_replaced_what_was_there_can_be_delivered_again(lake):
    lake.land("january.csv", JANUARY)
    lake.run()
    lake.land("january.csv", JANUARY.replace("2.5", "3.5"))
    killed = job(lake, before=KILLED.format(point="manifests/"))
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    lake.raw.write("locks/ingest.json", b"{}")
    lake.land("january.csv", JANUARY)  # instead: the correction was none
    lake.run()
    assert lake.rows("month=01")[0]["delay"] == 2.5
    assert lake.manifest("month=01").file_sha256 == lake.raw.sha256("flights/month=01/part-0.parquet")


def test_two_runs_at_once_end_with_one_result(lake):
    rows = HEADER + "".join(f"{1 + n % 12},UA,{n},{n},2013-01-01T10:00:00Z\n" for n in range(50_000))
    lake.land("all.csv", rows)
    slow = "import mlstead_jobs.ingestion.run as r, time\nc = r.commit\n" \
           "def slow(*a, **k):\n    time.sleep(0.1)\n    return c(*a, **k)\nr.commit = slow"
    runs = [job(lake, before=slow) for _ in range(2)]
    said = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert sorted("1 files taken in: 50,000 rows, batches: 12 new" in each for each in said) == [False, True]
    assert sorted("0 files taken in" in each for each in said) == [False, True]
    assert sum(len(rows) for rows in lake.batches().values()) == 50_000
    assert {lake.manifest(batch).revision for batch in lake.batches()} == {1}


def test_wrong_definitions_end_the_job_with_the_reason_where_sagemaker_looks(lake):
    lake.gates = '[flights]\nbatch = "mnoth"\n'
    failed = job(lake)
    failed.communicate(timeout=60)
    assert failed.returncode == 1
    reason = (lake.folder / "opt/output/message").read_text()
    assert "mnoth" in reason and "Did you mean month?" in reason


def test_a_year_9999_that_spark_wrote_stays_one(lake):
    rows = pa.table({"month": [1], "carrier": ["UA"], "delay": [1.0], "distance": [1],
                     "at": pa.array([datetime(9999, 12, 31)], pa.timestamp("us"))})
    file = lake.folder / "spark.parquet"
    pq.write_table(rows, file, use_deprecated_int96_timestamps=True)
    lake.land("spark.parquet", file.read_bytes())
    lake.run()
    assert lake.rows("month=01")[0]["at"] == datetime(9999, 12, 31, tzinfo=UTC)


def test_a_text_too_long_for_a_folder_refuses_its_file_and_keeps_no_other_out(lake):
    lake.gates = '[flights]\nbatch = "carrier"\n'
    lake.land("long.csv", HEADER + f"1,{'x' * 2000},1,1,2013-01-01\n")
    lake.land("good.csv", JANUARY)
    done = lake.run()
    assert (done.files, done.refused) == (1, 1)
    assert "2000 characters" in lake.delivery("long.csv").reason


def test_a_full_disk_is_no_reason_to_refuse_a_file(lake, monkeypatch):
    def full(self, rows):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("mlstead_jobs.ingestion.batch_file.BatchFile.add", full)
    lake.land("january.csv", JANUARY)
    with pytest.raises(OSError, match="No space left"):
        lake.run()
    monkeypatch.undo()
    assert lake.run().files == 1


def test_what_was_replaced_comes_back_by_the_same_name_and_bytes(bucket_lake):
    lake = bucket_lake
    for carrier in ("UA", "DL", "UA"):
        lake.land("january.csv", JANUARY.replace("UA", carrier))
        assert lake.run().files == 1
        time.sleep(1.1)  # a listing tells seconds
    assert lake.run().files == 0
    assert lake.manifest("month=01").revision == 3 and lake.rows("month=01")[0]["carrier"] == "UA"


def test_names_of_columns_are_as_athena_takes_them(lake):
    lake.land("a.csv", "Month,CARRIER, Air  Time (min) ,1st,,_note\n1,UA,30,x,y,z\n")
    lake.run()
    assert list(lake.rows("month=01")[0]) == ["month", "carrier", "air_time_min", "column_1st", "column", "_note",
                                             "_unparsed"]
    lake.land("b.csv", "month,Carrier,carrier\n1,UA,UA\n")
    lake.run()
    assert "More than one column is called carrier" in lake.delivery("b.csv").reason
