"""Quarantined rows come back mended: they take their old place, and nothing else changes."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlstead_jobs.rows import write_rows

HEADER = "month,carrier,delay,distance,at\n"
JANUARY = HEADER + "1,UA,2.5,1400,2013-01-01T10:00:00Z\n1,AA,late,1089,2013-01-02T11:00:00Z\n1,DL,-3,762,2013-01-03\n"
MENDED = "_batch,_row,_rules,month,carrier,delay,distance,at,_unparsed\n"


def land(lake, name: str, content: str, origin: str | None = None) -> None:
    """Land mended rows that say which delivery they are of: the one that is there."""
    header, *rows = content.splitlines()
    (batch,) = lake.batches()
    said = lake.manifest(batch).origin if origin is None else origin
    lake.land(name, "\n".join([f"_content,{header}", *(f"{said},{row}" for row in rows)]) + "\n")


@pytest.fixture
def broken(lake):
    lake.land("january.csv", JANUARY)
    lake.run()
    return lake


def test_a_mended_row_takes_its_old_place_and_the_others_stay(broken):
    before = broken.rows("month=01")
    old = broken.manifest("month=01")
    land(broken, "mended.csv", MENDED + 'month=01,2,type,1,AA,7.5,1089,2013-01-02T11:00:00Z,"{""delay"": ""late""}"\n')
    assert dict(broken.run().batches) == {"replaced": 1}
    after = broken.rows("month=01")
    assert (after[0], after[2]) == (before[0], before[2])
    assert (after[1]["delay"], after[1]["_unparsed"]) == (7.5, None)
    new = broken.manifest("month=01")
    assert (new.revision, new.rows, new.unparsed, new.source) == (2, 3, 0, "mended: mended.csv")
    assert new.replaces["content_sha256"] == old.content_sha256 == new.mended_from
    assert new.columns == old.columns
    assert broken.delivery("mended.csv").rows == 1


def test_a_row_that_is_not_mended_is_still_of_no_type(broken):
    land(broken, "mended.csv", MENDED + 'month=01,2,type,1,B6,,1089,2013-01-02T11:00:00Z,"{""delay"": ""late""}"\n')
    broken.run()
    assert broken.rows("month=01")[1]["carrier"] == "B6"
    assert json.loads(broken.rows("month=01")[1]["_unparsed"]) == {"delay": "late"}


def test_an_empty_unparsed_says_that_the_cell_is_missing(broken):
    land(broken, "mended.csv", MENDED + "month=01,2,type,1,AA,,1089,2013-01-02T11:00:00Z,\n")
    broken.run()
    assert (broken.rows("month=01")[1]["delay"], broken.rows("month=01")[1]["_unparsed"]) == (None, None)


def test_what_data_rows_gives_out_comes_back_without_a_change(broken, tmp_path):
    rows = pq.read_table(broken.file("month=01"))
    out = rows.append_column("_row", pa.array([1, 2, 3])).append_column("_rules", pa.array(["type"] * 3))
    pq.write_table(out, tmp_path / "quarantined.parquet")
    for name in ("rows.csv", "rows.parquet"):
        write_rows(tmp_path / "quarantined.parquet", "month=01", broken.manifest("month=01").origin, tmp_path / name)
        broken.land(name, (tmp_path / name).read_bytes())
    assert dict(broken.run().batches) == {"unchanged": 2}


def test_what_was_delivered_delivered_again_does_not_undo_the_mending(broken):
    for revision, carrier in enumerate(("B6", "9E"), start=2):
        land(broken, f"mended-{revision}.csv", f"_batch,_row,carrier\nmonth=01,2,{carrier}\n")
        broken.run()
        assert broken.manifest("month=01").revision == revision
    broken.land("january-again.csv", JANUARY)
    assert dict(broken.run().batches) == {"unchanged": 1}
    assert broken.rows("month=01")[1]["carrier"] == "9E"
    broken.land("january-corrected.csv", JANUARY.replace("late", "8"))
    assert dict(broken.run().batches) == {"replaced": 1}
    assert broken.manifest("month=01").mended_from is None


def test_a_malformed_line_can_be_mended(lake):
    lake.gates = "[flights]\n"
    lake.land("a.csv", HEADER + "1,UA\n")
    lake.run()
    land(lake, "mended.csv", MENDED + 'batch=all,1,type,1,UA,1,1400,2013-01-01,"{""line"": ""1,UA""}"\n')
    lake.run()
    (row,) = lake.rows("batch=all")
    assert (row["carrier"], row["distance"], row["_unparsed"]) == ("UA", 1400, None)


def test_rows_of_a_large_batch_are_mended_wherever_they_are(lake):
    count = 150_000
    lake.land("a.csv", HEADER + "".join(f"1,UA,{n},{n},2013-01-01\n" for n in range(1, count + 1)))
    lake.run()
    numbers = [1, 65_536, 65_537, 131_072, 131_073, count]
    land(lake, "mended.csv", "_batch,_row,carrier\n" + "".join(f"month=01,{n},B6\n" for n in reversed(numbers)))
    lake.run()
    rows = pq.read_table(lake.file("month=01"))
    assert rows.num_rows == count
    assert [number for number, carrier in enumerate(rows["carrier"].to_pylist(), start=1) if carrier == "B6"] == numbers
    assert rows["distance"].to_pylist() == list(range(1, count + 1))


@pytest.mark.parametrize(("content", "reason"), [
    ("_batch,_row,carrier\nmonth=01,4,UA\n", "month=01 has 3 rows, and none with the number 4"),
    ("_batch,_row,carrier\nmonth=01,0,UA\n", "none with the number 0"),
    ("_batch,_row,carrier\nmonth=13,1,UA\n", "flights has no batch month=13"),
    ("_batch,_row,carrier\nmonth=01,1,UA\nmonth=01,1,AA\n", "month=01 has more than one row 1"),
    ("_batch,_row,carrier\nmonth=01,x,UA\n", "does not say in _row, _batch and _content"),
    ("_batch,_row,carrier\n,1,UA\n", "does not say in _row, _batch and _content"),
    ("_batch,_row,colour\nmonth=01,1,red\n", "month=01 has no column colour"),
    ("_batch,_row,month\nmonth=01,1,2\n", "A row of month=01 would belong to month=02 now"),
    ("_batch,_row,carrier\n", "no rows"),
    ("_row,carrier\n1,UA\n", "mended rows have _row, _batch and _content"),
])
def test_rows_that_do_not_say_where_they_belong_change_nothing(broken, content, reason):
    before = broken.manifest("month=01")
    land(broken, "mended.csv", content)
    assert broken.run().refused == 1
    assert reason in broken.delivery("mended.csv").reason
    assert broken.manifest("month=01") == before


def test_what_did_not_fit_stays_known_where_the_mended_rows_say_nothing_of_it(broken):
    land(broken, "mended.csv", "_batch,_row,carrier\nmonth=01,2,B6\n")
    broken.run()
    row = broken.rows("month=01")[1]
    assert (row["carrier"], json.loads(row["_unparsed"])) == ("B6", {"delay": "late"})
    land(broken, "mended-again.csv", "_batch,_row,delay\nmonth=01,2,7\n")
    broken.run()
    row = broken.rows("month=01")[1]
    assert (row["carrier"], row["delay"], row["_unparsed"]) == ("B6", 7.0, None)


@pytest.mark.parametrize("name", ["mended.csv", "mended.parquet"])
def test_rows_of_a_batch_that_was_delivered_anew_since_are_refused_though_their_numbers_are_there(broken, name):
    origin = broken.manifest("month=01").origin
    broken.land("corrected.csv", HEADER + "".join(f"1,B6,{n},1,2013-01-04\n" for n in range(9)))
    broken.run()
    before = broken.manifest("month=01")
    if name.endswith(".csv"):
        land(broken, name, "_batch,_row,carrier\nmonth=01,2,AA\n", origin)
    else:
        broken.land(name, pa.table({"_batch": ["month=01"], "_row": [2], "_content": [origin], "carrier": ["AA"]}))
    assert broken.run().refused == 1
    assert "delivered anew since" in broken.delivery(name).reason
    assert broken.manifest("month=01") == before


@pytest.mark.parametrize("content", ["_batch,_row,carrier\nmonth=01,2,AA\n",
                                     "_batch,_content,_row,carrier\nmonth=01,,2,AA\n"])
def test_rows_that_do_not_say_which_delivery_they_are_of_are_refused(broken, content):
    broken.land("mended.csv", content)
    assert broken.run().refused == 1
    assert "_content" in broken.delivery("mended.csv").reason


def test_two_who_mend_rows_of_one_delivery_do_not_refuse_each_other(broken):
    origin = broken.manifest("month=01").origin
    for number, carrier in ((1, "B6"), (3, "9E")):
        land(broken, f"mended-{number}.csv", f"_batch,_row,carrier\nmonth=01,{number},{carrier}\n", origin)
        assert dict(broken.run().batches) == {"replaced": 1}
    assert [row["carrier"] for row in broken.rows("month=01")] == ["B6", "AA", "9E"]


def test_mending_makes_a_batch_no_younger_than_it_was_delivered(broken):
    delivered_at = broken.manifest("month=01").delivered_at
    land(broken, "mended.csv", "_batch,_row,carrier\nmonth=01,2,B6\n")
    broken.run()
    assert broken.manifest("month=01").delivered_at == delivered_at


def test_a_row_whose_batch_cannot_be_told_is_mended_where_it_is(lake):
    lake.land("a.csv", HEADER + "?,UA,1,1,2013-01-01\n")
    lake.run()
    land(lake, "mended.csv", "_batch,_row,month,carrier\nmonth=none-a.csv,1,,AA\n")
    assert dict(lake.run().batches) == {"replaced": 1}
    assert lake.rows("month=none-a.csv")[0]["carrier"] == "AA"
