"""What was kept back is not lost: rows are mended and come back, a batch passes by somebody's word."""

import csv

import orders
import pytest

pytestmark = pytest.mark.timeout(400)
ROWS = 200


def ingest(lake, name, rows):
    file = lake.file(f"orders/{name}", orders.as_csv(rows))
    return lake.machine.succeed("data", "ingest", "local", str(file))


def test_rows_that_were_kept_back_are_mended_and_take_their_places(lake):
    batch, wrong = "month=2023-01", lambda row: {"country": "Austria"}
    shown = ingest(lake, "countries.csv", orders.changed("2023-01", wrong, (3, 5, 8)))
    assert "one_of:country (3)" in shown.out
    assert lake.batches()["orders", batch]["rows_curated"] == ROWS - 3

    out = lake.machine.folder / "rows.csv"
    given = lake.machine.succeed("data", "rows", "local", "orders", "2023-01", "-o", str(out))
    assert f"mlstead data ingest local {out} --table orders" in given.out
    with out.open(newline="") as file:
        mended = [row | {"country": "AT"} for row in csv.DictReader(file)]
    assert [row["_row"] for row in mended] == ["4", "6", "9"] and "one_of:country" in mended[0]["_rules"]
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(mended[0]))
        writer.writeheader()
        writer.writerows(mended)

    lake.machine.succeed("data", "ingest", "local", str(out), "--table", "orders")
    book = lake.batches()["orders", batch]
    assert (book["revision"], book["rows_in"], book["rows_curated"], book["state"]) == (2, ROWS, ROWS, "passed")
    assert "mended" in book["source"]
    ids = [row["order_id"] for row in lake.table("curated", "orders", batch)]
    assert ids == [row["order_id"] for row in orders.rows("2023-01")]


def test_a_batch_passes_by_somebodys_word_and_the_word_is_kept(lake):
    batch = "month=2023-02"
    shown = ingest(lake, "heavy.csv", orders.changed("2023-02", lambda row: {"weight": 40.0}, range(ROWS)))
    assert "mean_between:weight" in shown.out
    assert lake.batches()["orders", batch]["rows_curated"] == 0

    words = "data", "release", "local", "orders", "2023-02"
    assert "did you mean" in lake.machine.refuse(*words, "--rule", "mean_betwen:weight", "--reason", "x").err
    run = lake.machine.succeed(*words, "--rule", "mean_between:weight", "--reason", "anvils, it is their season")
    assert "released" in run.out and "started nothing" not in run.err
    book, report = lake.batches()["orders", batch], lake.report("orders", batch)
    assert (book["state"], book["rows_curated"]) == ("passed, released", ROWS)
    assert report["released"]["reason"] == "anvils, it is their season" and report["released"]["by"].startswith("arn:")


def test_a_word_does_not_hold_for_other_content(lake):
    lake.batches()
    heavier = orders.changed("2023-02", lambda row: {"weight": 60.0}, range(ROWS))
    ingest(lake, "heavier.csv", heavier)
    book = lake.batches()["orders", "month=2023-02"]
    assert (book["revision"], book["rows_quarantined"], book["state"]) == (
        2, ROWS, "quarantined, curated keeps revision 1")


def test_nobodys_word_lets_personal_data_pass(lake):
    ingest(lake, "card.csv", orders.changed("2023-03", lambda row: {"note": f"card {orders.CARD}"}, (1,)))
    refused = lake.machine.refuse("data", "release", "local", "orders", "2023-03", "--reason", "they said so")
    assert "cannot be waived" in refused.err and "mlstead data rows local orders" in refused.err
    assert lake.batches()["orders", "month=2023-03"]["rows_quarantined"] == 1
