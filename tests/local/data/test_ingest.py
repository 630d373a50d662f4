"""A file's arrival is all it takes; the command follows it, and says what became of it."""

import signal

import orders
import pytest

pytestmark = pytest.mark.timeout(400)


def test_an_object_in_landing_starts_the_pipeline_and_ends_in_curated(lake):
    lake.put("landing/orders/plain.csv", orders.as_csv(orders.rows("2022-01")))
    assert lake.batches()["orders", "month=2022-01"]["rows_curated"] == 200


def test_several_files_are_one_delivery(lake):
    for month in ("2022-02", "2022-03"):
        lake.file(f"several/orders/{month}.csv", orders.as_csv(orders.rows(month)))
    folder = lake.machine.folder / "files" / "several"
    run = lake.machine.succeed("data", "ingest", "local", str(folder), "--json")
    assert {each["batches"][0]["batch"] for each in run.json["files"]} == {"month=2022-02", "month=2022-03"}
    assert "started nothing" not in run.err and not lake.keys("raw", "landing/orders/2022-0")


def test_a_file_that_is_no_table_ends_the_command_with_1_and_its_reason(lake):
    file = lake.file("orders/broken.parquet", b"PAR1 and nothing that follows")
    run = lake.machine.run("data", "ingest", "local", str(file))
    assert run.code == 1 and "refused: " in run.out and "broken.parquet" in run.out


def test_an_interruption_ends_the_following_and_not_the_work(lake):
    file = lake.file("orders/interrupted.csv", orders.as_csv(orders.rows("2022-04")))
    process = lake.machine.start("data", "ingest", "local", str(file))
    seen = next(line for line in process.stderr if line.startswith("Pipeline"))
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=60)[1]
    assert process.returncode == 130 and "the execution goes on" in rest, seen + rest
    assert "mlstead data status local" in rest
    assert lake.batches()["orders", "month=2022-04"]["rows_curated"] == 200


def test_what_cannot_be_delivered_is_told_before_anything_is_uploaded(lake):
    empty = lake.file("orders/empty.csv", b"")
    assert "no such file" in lake.machine.refuse("data", "ingest", "local", "nowhere.csv").err
    assert "is empty" in lake.machine.refuse("data", "ingest", "local", str(empty)).err
    refused = lake.machine.refuse("data", "ingest", "local", "README.md", "--table", "ordres").err
    assert "did you mean 'orders'" in refused and "mlstead data infer" in refused
    assert not lake.keys("raw", "landing/orders/empty.csv") and not lake.keys("raw", "landing/orders/README")


def test_a_new_table_begins_with_a_file_of_it(lake, tmp_path):
    machine = lake.machine
    machine.succeed("new", "parcels", "--defaults", cwd=tmp_path)
    project = tmp_path / "parcels"
    file = lake.file("sent.csv", b"parcel,sent,weight\n1,2024-01-01,2.5\n2,2024-01-02,3.5\n")
    words = "data", "infer", str(file), "--table", "parcels"
    before = (project / "tables.toml").read_text()
    shown = machine.succeed(*words, cwd=project).out
    assert "+[raw.parcels]" in shown and "+[parcels" in shown and "mlstead up local" in shown
    assert (project / "tables.toml").read_text().startswith(before.rstrip())
    assert "already" in machine.refuse(*words, cwd=project).err
    ingest = "data", "ingest", "local", str(file), "--table", "parcels"
    assert "Nothing is deployed" in machine.refuse(*ingest, cwd=project).err  # both files are read without objection
