"""Files that a manifest delivers together: parts of one batch, or of none where one of them is broken."""

from __future__ import annotations

import json
import signal

import pytest
from ingest_job import HEADER, JANUARY, KILLED, job


def test_several_files_are_one_delivery_where_a_manifest_lists_them(lake):
    first = lake.land("flights-01.csv", JANUARY, at="incoming/x1")
    second = lake.land("flights-02.csv", JANUARY.replace("\n1,", "\n2,"), at="incoming/x1")
    assert lake.run().files == 0  # nobody said that they are complete
    listed = [{"table": "flights", "key": key} for key in (first, second, "incoming/x1/flights/lost.csv")]
    lake.raw.write("landing/x1.manifest.json", json.dumps({"files": listed}).encode())
    done = lake.run()
    assert (done.files, done.refused, dict(done.batches)) == (2, 1, {"new": 2})
    (manifest,) = lake.raw.entries("landing/x1")
    assert lake.manifest("month=02").delivered_at == manifest.modified
    assert "not there" in lake.delivery("incoming/x1/flights/lost.csv").reason
    assert lake.run().files == 0


def test_a_manifest_that_lists_nothing_is_refused(lake):
    lake.raw.write("landing/x1.manifest.json", b'{"flies": []}')
    assert lake.run().refused == 1
    assert 'write {"files"' in lake.delivery("x1.manifest.json", "-").reason


def together(lake, *contents: str, id_: str = "x1") -> list[str]:
    keys = [lake.land(f"part-{number}.csv", content, at=f"incoming/{id_}")
            for number, content in enumerate(contents, start=1)]
    listed = [{"table": "flights", "key": key} for key in keys]
    lake.raw.write(f"landing/{id_}.manifest.json", json.dumps({"files": listed}).encode())
    return keys


def test_files_that_come_together_may_hold_parts_of_one_batch(lake):
    together(lake, HEADER + "1,UA,1,1,2013-01-01\n2,UA,2,2,2013-02-01\n", "month,carrier,seats\n1,AA,180\n")
    done = lake.run()
    assert (done.files, done.rows, dict(done.batches)) == (2, 3, {"new": 2})
    assert [(row["carrier"], row["delay"], row["seats"]) for row in lake.rows("month=01")] == [
        ("UA", 1.0, None), ("AA", None, "180"),
    ]
    assert lake.manifest("month=01").source == "incoming/x1/flights/part-1.csv, incoming/x1/flights/part-2.csv"
    assert lake.run().files == 0


def test_a_column_that_one_of_them_lacks_is_not_taken_for_empty(lake):
    together(lake, JANUARY, "month,carrier,distance,at\n1,DL,far,2013-01-01\n")
    lake.run()
    assert [json.loads(row["_unparsed"] or "null") for row in lake.rows("month=01")] == [
        None, None, {"delay": "", "distance": "far"}]


@pytest.mark.parametrize("listed", [0, 2])
def test_a_manifest_that_lists_nothing_or_a_file_twice_is_refused(lake, listed):
    key = lake.land("part.csv", JANUARY, at="incoming/x1")
    files = [{"table": "flights", "key": key}] * listed
    lake.raw.write("landing/x1.manifest.json", json.dumps({"files": files}).encode())
    assert lake.run().refused == 1
    assert "It is no manifest" in lake.delivery("x1.manifest.json", "-").reason
    assert lake.batches() == {} and lake.run().refused == 0


def test_a_broken_one_among_them_is_refused_alone(lake):
    together(lake, JANUARY, "", JANUARY.replace("UA", "DL"))
    done = lake.run()
    assert (done.files, done.refused, done.rows) == (2, 1, 4)
    assert [row["carrier"] for row in lake.rows("month=01")] == ["UA", "AA", "DL", "AA"]


def test_a_broken_one_among_them_replaces_no_month_by_half_of_it(lake):
    lake.land("january.csv", JANUARY)
    lake.run()
    together(lake, JANUARY.replace("UA", "DL") + "2,B6,1,1,2013-02-01\n", "")
    done = lake.run()
    assert (done.files, done.refused, dict(done.batches)) == (1, 1, {"incomplete": 1, "new": 1})
    assert [row["carrier"] for row in lake.rows("month=01")] == ["UA", "AA"] and len(lake.rows("month=02")) == 1
    assert lake.delivery("incoming/x1/flights/part-1.csv").batches == {"month=01": "incomplete", "month=02": "new"}
    assert any("month=01: incomplete" in said and "deliver all of them again" in said for said in lake.said)
    together(lake, JANUARY.replace("UA", "DL"), JANUARY.replace("UA", "B6"), id_="x2")
    assert dict(lake.run().batches) == {"replaced": 1}
    assert [row["carrier"] for row in lake.rows("month=01")] == ["DL", "AA", "B6", "AA"]


def test_killed_between_the_records_of_files_that_came_together_none_loses_its_rows(lake):
    together(lake, JANUARY, JANUARY.replace("UA", "DL"))
    killed = job(lake, before=KILLED.format(point="deliveries/flights/incoming/x1/flights/part-2"))
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    lake.raw.write("locks/ingest.json", b"{}")
    done = lake.run()
    assert (done.files, dict(done.batches)) == (2, {"unchanged": 1})
    assert len(lake.rows("month=01")) == 4
    assert lake.manifest("month=01").revision == 1
