"""Files that are wrong in one way each: each ends where it should, with its reason, and no row is lost on the way."""

import io

import orders
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.timeout(400)

ROWS = 200
GRAMS = orders.changed("2024-07", lambda row: {"weight": row["weight"] * 1000}, range(ROWS))
COPIES = [*orders.rows("2024-04"), *orders.rows("2024-04")[:10],
          *({**row, "weight": 9.5} for row in orders.rows("2024-04")[100:105])]
FORMATS = orders.changed("2024-08", lambda row: {"paid_at": "08/15/2024 11:00"}, range(20))
UNDATED = orders.changed("2024-09", lambda row: {"ordered_at": "soon"}, range(5))
CARDS = orders.changed("2024-05", lambda row: {"note": f"paid with {orders.CARD}"}, range(3))
CARDS[10]["remarks"] = f"card {orders.CARD}, then left"


def truncated() -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(orders.rows("2024-06")), written)
    return written.getvalue()[:-200]


FILES = {
    "orders/good.csv": orders.as_csv(orders.rows("2024-01")),
    "orders/no-weight.csv": orders.as_csv(orders.rows("2024-02"), [c for c in orders.COLUMNS if c != "weight"]),
    "orders/nulls.csv": orders.as_csv(orders.changed("2024-03", lambda row: {"weight": ""}, range(80))),
    "orders/copies.csv": orders.as_csv(COPIES),
    "orders/cards.csv": orders.as_csv(CARDS),
    "orders/truncated.parquet": truncated(),
    "orders/grams.csv": orders.as_csv(GRAMS),
    "orders/formats.csv": orders.as_csv(FORMATS),
    "orders/undated.csv": orders.as_csv(UNDATED),
    "orders/one-more.csv": orders.as_csv(
        [row | {"colour": "red"} for row in orders.rows("2024-10")], [*orders.COLUMNS, "colour"]),
    "orders/empty.csv": b"",
    "orders/header.csv": orders.as_csv([]),
    "ordres/unknown.csv": orders.as_csv(orders.rows("2024-11")),
}
REFUSED = {"truncated.parquet", "empty.csv", "header.csv", "unknown.csv"}
COUNTS = {"2024-01": (200, 0), "2024-02": (0, 200), "2024-03": (0, 200), "2024-04": (195, 20), "2024-05": (197, 3),
          "2024-07": (0, 200), "2024-08": (180, 20), "2024-09": (195, 0), "none-undated.csv": (0, 5),
          "2024-10": (0, 200)}


@pytest.fixture(scope="module")
def delivered(lake):
    """Everything delivered at once, by plain objects; the event has started the pipeline."""
    lake.deliver(FILES)
    lake.settled()
    return lake


def test_every_row_of_every_file_is_counted_where_it_ended(delivered):
    batches = delivered.batches()
    found = {batch: batches["orders", f"month={batch}"] for batch in COUNTS}
    assert {batch: (each["rows_curated"], each["rows_quarantined"]) for batch, each in found.items()} == COUNTS
    came_in = sum(content.count(b"\n") - 1 for name, content in FILES.items() if name.split("/")[1] not in REFUSED)
    assert sum(each["rows_in"] for each in found.values()) == came_in == sum(map(sum, COUNTS.values()))
    for batch, (curated, quarantined) in COUNTS.items():
        assert len(delivered.table("curated", "orders", f"month={batch}")) == curated, batch
        assert len(delivered.table("quarantine", "orders", f"month={batch}")) == quarantined, batch


@pytest.mark.parametrize(("batch", "rules"), [
    ("2024-01", {}),
    ("2024-02", {"columns": 200}),
    ("2024-03", {"missing_at_most:weight": 200}),
    ("2024-04", {"key": 20}),
    ("2024-05", {"personal:note": 3}),
    ("2024-07", {"mean_between:weight": 200}),
    ("2024-08", {"type:paid_at": 20}),
    ("none-undated.csv", {"type:ordered_at": 5}),
    ("2024-10", {"columns": 200}),
])
def test_each_ends_with_its_reason(delivered, batch, rules):
    broken = delivered.rules("orders", f"month={batch}")
    assert {rule: broken.get(rule) for rule in rules} == rules and (rules or not broken)


@pytest.mark.parametrize(("batch", "column"), [("2024-02", "weight"), ("2024-10", "colour")])
def test_the_column_that_is_missing_or_was_not_declared_is_named(delivered, batch, column):
    [failure] = [each for each in delivered.report("orders", f"month={batch}")["failures"] if each["rule"] == "columns"]
    assert column in failure["found"]


def test_what_is_no_table_is_refused_with_its_reason_and_a_copy_is_kept(delivered):
    refused = {each["file"].rsplit("/", 1)[-1]: each["reason"] for each in delivered.settled()["refused"]}
    assert refused.keys() >= REFUSED and all(refused[name] for name in REFUSED)
    assert "orders" in refused["unknown.csv"], refused["unknown.csv"]  # a close match is named
    kept = {key.rsplit("/", 1)[-1] for key in delivered.keys("quarantine", "files/")}
    assert kept >= REFUSED


def test_a_card_number_is_nowhere_but_where_it_came_in_and_in_quarantine(delivered):
    curated = delivered.table("curated", "orders", "month=2024-05")
    assert not any(orders.CARD in str(value) for row in curated for value in row.values())
    assert sum(row["remarks"] != "none" for row in curated) == 1  # masked, and the row goes on
    assert orders.CARD not in str(delivered.report("orders", "month=2024-05"))
    assert "1111 1111" not in delivered.machine.succeed("data", "report", "local", "orders", "2024-05").out


def test_identical_copies_leave_one_and_differing_ones_none(delivered):
    kept = [row["order_id"] for row in delivered.table("curated", "orders", "month=2024-04")]
    first = int("202404") * 10_000
    assert len(kept) == len(set(kept)) == 195
    assert set(range(first, first + 10)) <= set(kept) and not set(range(first + 100, first + 105)) & set(kept)


def test_a_quarantined_row_says_which_it_was_and_what_it_broke(delivered):
    [row] = [row for row in delivered.table("quarantine", "orders", "month=2024-08") if row["_row"] == 7]
    assert row["order_id"] == 2024080006 and "type:paid_at" in row["_rules"] and row["paid_at"] is None
    assert "08/15/2024" in row["_unparsed"]


def test_a_month_that_comes_twice_changes_nothing_and_a_corrected_one_replaces_itself(lake):
    month, key = "2024-12", ("orders", "month=2024-12")
    file = lake.file("orders/twice.csv", orders.as_csv(orders.rows(month)))
    words = "data", "ingest", "local", str(file), "--json"
    first = lake.machine.succeed(*words).json["files"][0]["batches"][0]
    assert (first["arrived"], first["revision"], first["rows_curated"]) == ("new", 1, ROWS)
    again = lake.machine.succeed(*words).json["files"][0]["batches"][0]
    assert (again["arrived"], again["revision"]) == ("unchanged", 1)
    file.write_bytes(orders.as_csv(orders.changed(month, lambda row: {"country": "CH"}, range(ROWS))))
    corrected = lake.machine.succeed(*words).json["files"][0]["batches"][0]
    assert (corrected["arrived"], corrected["revision"], corrected["replaces"]["revision"]) == ("replaced", 2, 1)
    assert {row["country"] for row in lake.table("curated", *key)} == {"CH"}


def test_flights_whose_distance_is_in_kilometres_are_kept_back(lake):
    lake.machine.succeed("data", "ingest", "local", "--batches", "8")
    source = lake.table("raw", "flights", "month=08")
    assert lake.batches()["flights", "month=08"]["rows_quarantined"] == 0
    kilometres = pa.Table.from_pylist(
        [row | {"distance": round(row["distance"] * 1.609344)} for row in source]).drop_columns("_unparsed")
    file = lake.file("flights/flights-08.parquet", b"")
    pq.write_table(kilometres, file)
    run = lake.machine.succeed("data", "ingest", "local", str(file))
    assert "mean_between:distance" in run.out and "mlstead data report local flights month=08" in run.out
    assert lake.batches()["flights", "month=08"]["rows_quarantined"] == len(source)
    assert len(lake.table("curated", "flights", "month=08")) == len(source)  # what passed before stays
