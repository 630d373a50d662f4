"""A first schema and first rules: what they say is read by the real readers, and the data itself keeps them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlstead.catalog.table_definitions import Tables, read_tables
from mlstead.errors import MlsteadError
from mlstead.ingestion.gate_definitions import GateDefinitions, read_gates
from mlstead_jobs.infer import infer
from mlstead_jobs.inference import sample as sampling


def orders(rows: int = 600) -> str:
    out = io.StringIO()
    out.write("order_id,Ordered At,amount,items,status,email,zip,paid,note\n")
    for n in range(rows):
        at = datetime(2024, 1, 1) + timedelta(hours=n * 2)
        status = ("new", "sent", "back")[n % 3]
        note = "NA" if n % 10 == 0 else f"note {n}"
        out.write(f"{n + 1},{at:%Y-%m-%d %H:%M},{n / 4 + 0.25},{n % 7 + 1},{status},jane.doe{n}@example.org,"
                  f"0{n % 900 + 1000},{'true' if n % 2 else 'false'},{note}\n")
    return out.getvalue()


def described(folder, content: str | bytes | pa.Table, name: str = "orders.csv", **how: str,
              ) -> tuple[Tables, GateDefinitions, dict[str, str]]:
    file = folder / name
    if isinstance(content, pa.Table):
        pq.write_table(content, file)
    else:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    found = infer(file, "orders", **how)
    (folder / "tables.toml").write_text(found["tables"])
    (folder / "gates.toml").write_text(found["gates"])
    tables = read_tables(folder / "tables.toml")
    return tables, read_gates(folder / "gates.toml", tables), found


def test_types_are_the_narrowest_that_fit(tmp_path):
    tables, _, _ = described(tmp_path, orders())
    assert {name: column.type for name, column in tables["raw"]["orders"].columns.items()} == {
        "order_id": "bigint", "ordered_at": "timestamp", "amount": "double", "items": "bigint", "status": "string",
        "email": "string", "zip": "string", "paid": "boolean", "note": "string",
    }
    assert tables["curated"]["orders"].columns.keys() == tables["raw"]["orders"].columns.keys()


def test_rules_say_what_was_seen_with_a_margin(tmp_path):
    _, gates, found = described(tmp_path, orders())
    rules = gates.gates["orders"].rules
    assert rules.key == ("order_id",)
    assert (rules.batch.column, rules.batch.every) == ("ordered_at", "month")
    assert rules.columns["status"].one_of == ("back", "new", "sent")
    assert rules.columns["items"].between == (0, 10)
    assert rules.columns["amount"].between == (0, 230)
    assert rules.columns["items"].required
    assert (rules.columns["note"].required, rules.columns["note"].missing_at_most) == (False, 0.2)
    assert rules.columns["status"].between is None
    assert "10.0% missing" in found["gates"]
    assert "orders.csv: 600 rows" in found["gates"]


def test_personal_columns_are_tagged_and_treated(tmp_path):
    tables, gates, _ = described(tmp_path, orders())
    assert tables["raw"]["orders"].columns["email"].sensitivity == "pii"
    assert tables["curated"]["orders"].columns["email"].sensitivity is None
    email = gates.gates["orders"].rules.columns["email"]
    assert (email.personal.action, email.kind) == ("tokenise", "email")
    assert {name for name, column in tables["raw"]["orders"].columns.items() if column.sensitivity} == {"email"}


def test_what_was_described_is_taken_in_whole(lake):
    tables, _, found = described(lake.folder, orders())
    lake.tables, lake.gates = found["tables"], found["gates"]
    lake.land("orders.csv", orders(), table="orders")
    done = lake.run()
    assert (done.files, done.rows) == (1, 600)
    assert {batch: len(rows) for batch, rows in lake.batches("orders").items()} == {
        "month=2024-01": 372, "month=2024-02": 228,
    }
    assert all(lake.manifest(batch, "orders").unparsed == 0 for batch in lake.batches("orders"))
    assert list(lake.manifest("month=2024-01", "orders").columns)[:-1] == list(tables["raw"]["orders"].columns)


def test_a_few_cells_that_do_not_fit_do_not_change_a_type_and_are_said(tmp_path):
    tables, gates, found = described(tmp_path, orders().replace("\n3,", "\nthree,"))
    assert tables["raw"]["orders"].columns["order_id"].type == "bigint"
    assert "1 cells are no bigint" in found["gates"]
    assert gates.gates["orders"].rules.key != ("order_id",)


@pytest.mark.parametrize(("how", "label", "partition"), [
    ({"batch": "ordered_at"}, "month", "string"), ({"batch": "status"}, "status", "string"),
    ({"batch": "items"}, "items", "bigint"),
])
def test_batches_are_by_the_column_that_is_named(tmp_path, how, label, partition):
    tables, gates, _ = described(tmp_path, orders(), **how)
    assert gates.gates["orders"].rules.batch.label == label
    assert {name: column.type for name, column in tables["raw"]["orders"].partitions.items()} == {label: partition}


def test_a_column_that_is_called_month_splits(tmp_path):
    months = "month,id\n" + "".join(f"{n % 12 + 1},{n}\n" for n in range(100))
    tables, gates, _ = described(tmp_path, months)
    assert gates.gates["orders"].rules.batch.column == "month"
    assert tables["raw"]["orders"].partitions["month"].projection.range == "1,12"


def test_without_a_time_it_is_one_batch_and_the_file_says_what_that_means(tmp_path):
    tables, gates, found = described(tmp_path, "a,b\n1,x\n2,y\n")
    assert gates.gates["orders"].rules.batch is None
    assert tables["raw"]["orders"].partitions == {}
    assert "each delivery replaces the one before" in found["gates"]


def test_a_parquet_files_types_are_its_own(tmp_path):
    tables, _, _ = described(tmp_path, pa.table({
        "id": pa.array([1, 2], pa.uint32()), "at": pa.array([datetime(2024, 1, 1)] * 2, pa.timestamp("ns")),
        "tags": [["a"], []], "about": [{"a": 1}, {"a": 2}], "kind": pa.array(["x", "y"]).dictionary_encode(),
        "empty": pa.nulls(2),
    }), "orders.parquet")
    assert {name: column.type for name, column in tables["raw"]["orders"].columns.items()} == {
        "id": "bigint", "at": "timestamp", "tags": "array<string>", "about": "struct<a:bigint>", "kind": "string",
        "empty": "string",
    }


def test_a_folder_is_read_as_one_table_and_a_sample_says_that_it_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling, "MOST", 1_000)
    folder = tmp_path / "delivered"
    folder.mkdir()
    for part in range(5):
        rows = "".join(f"{part * 1_000 + n},{part}\n" for n in range(1_000))
        (folder / f"{part}.csv").write_text(f"id,part\n{rows}")
    rows, count, _ = sampling.sample(folder)
    assert count == 5_000
    assert 500 <= rows.num_rows <= 1_000
    assert rows["part"].unique().to_pylist() == [b"0", b"1", b"2", b"3", b"4"]
    steps = {int(b) - int(a) for a, b in zip(rows["id"].to_pylist(), rows["id"].to_pylist()[1:], strict=False)}
    assert len(steps) == 1
    assert f"of which {rows.num_rows:,} were looked at" in infer(folder, "orders")["gates"]


@pytest.mark.parametrize(("content", "how", "reason"), [
    (b"", {}, "The file is empty"), (b"a,b\n", {}, "no rows"), (b"a,b\n1,2\n", {"batch": "c"}, "no column c"),
    (b"_row,b\n1,2\n", {}, "its own meaning"),
])
def test_what_cannot_be_described_is_said(tmp_path, content, how, reason):
    with pytest.raises(MlsteadError, match=reason):
        described(tmp_path, content, **how)


def test_as_a_command_it_prints_json_and_a_refusal_is_no_traceback(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,x\n")
    run = subprocess.run([sys.executable, "-m", "mlstead_jobs.infer", str(tmp_path / "a.csv"), "--table", "things"],
                         capture_output=True, text=True, check=True)
    assert json.loads(run.stdout).keys() == {"tables", "gates"}
    failed = subprocess.run([sys.executable, "-m", "mlstead_jobs.infer", str(tmp_path / "a.csv"), "--table", "Things"],
                            capture_output=True, text=True)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr and "no name of a table" in failed.stderr


def test_no_rule_repeats_personal_data_and_a_few_duplicates_do_not_hide_the_key(tmp_path: Path) -> None:
    notes = ["leave at the door", "gift wrap", "charge card 4111111111111111"]
    rows = [f"{1000 + max(number, 1)},ann{number}@example.com,{notes[number % 3]}" for number in range(2000)]
    (tmp_path / "orders.csv").write_text("\n".join(["order_id,email,note", *rows]) + "\n")
    gates = infer(tmp_path / "orders.csv", "orders")["gates"]
    assert "4111" not in gates and "some cells hold card" in gates
    assert 'key = ["order_id"]  # not of all rows: 1 came before' in gates and "between" not in gates


def test_no_value_of_a_column_that_looks_personal_is_written_whatever_its_type(tmp_path: Path) -> None:
    people = ["Maria", "Heinrich", "Giuseppe"]
    rows = [f"2024-01-{number % 28 + 1:02},{people[number % 3]},{4111111111111111 if number == 7 else number},"
            f"{4915112345000 + number}" for number in range(600)]
    _, gates, found = described(tmp_path, "\n".join(["day_sold,agent,reference,phone", *rows]) + "\n")
    said = found["gates"] + found["tables"]
    assert not any(value in said for value in (*people, "4111", "4.11", "49151", "5e+12"))
    rules = gates.gates["orders"].rules.columns
    assert (rules["phone"].personal.action, rules["phone"].kind) == ("tokenise", "phone")
    assert rules["agent"].one_of is None and rules["reference"].between is None


@pytest.mark.parametrize("column", ["email", "remark"])
def test_a_personal_column_does_not_split_rows(tmp_path: Path, column: str) -> None:
    rows = [f"ann{number}@example.com,{'call 212-555-0187' if number == 5 else 'fine'}" for number in range(100)]
    with pytest.raises(MlsteadError, match="looks personal, and folders would be called by it"):
        described(tmp_path, "\n".join(["email,remark", *rows]) + "\n", batch=column)


@pytest.mark.parametrize("how", [{}, {"batch": "ordered_on"}])
@pytest.mark.parametrize("bad", ["", "soon", "2024-02-30"])
def test_dates_split_by_the_month_and_one_bad_cell_changes_nothing(tmp_path, lake, how, bad):
    days = [bad, *(f"2024-0{number % 3 + 1}-{number % 28 + 1:02}" for number in range(30))]
    text = "birth_date,ordered_on,amount\n" + "".join(f"1990-01-0{n % 9 + 1},{day},{n}\n" for n, day in enumerate(days))
    tables, gates, found = described(tmp_path, text, **how)
    batch, raw = gates.gates["orders"].rules.batch, tables["raw"]["orders"]
    assert (batch.column, batch.every, raw.columns["ordered_on"].type) == ("ordered_on", "month", "date")
    for zone in ("raw", "curated"):
        (name, partition), = tables[zone]["orders"].partitions.items()
        projection = partition.projection
        assert (name, partition.type, projection.format, projection.range) == (
            "month", "string", "yyyy-MM", "2024-01,NOW")
    lake.tables, lake.gates = found["tables"], found["gates"]
    lake.land("orders.csv", text, table="orders")
    lake.run()
    assert lake.batches("orders").keys() == {"month=2024-01", "month=2024-02", "month=2024-03", "month=none-orders.csv"}


def test_malformed_lines_are_told_and_an_empty_file_is_advised_on(tmp_path: Path) -> None:
    _, _, found = described(tmp_path, "a,b\n1,x\n2\n3,y\n")
    assert "no rows: 1 of its lines" in found["gates"]
    (tmp_path / "empty.csv").touch()
    with pytest.raises(MlsteadError, match="a line of names and rows below it"):
        infer(tmp_path / "empty.csv", "orders")


def test_numbers_that_are_called_like_somebodys_get_a_rule_and_flags_are_said_to_be_nobodys(tmp_path: Path) -> None:
    rows = [f"{number},{number % 2},{4155550000 + number}" for number in range(50)]
    content = "\n".join(["order_id,phone,customer_phone", *rows]) + "\n"
    tables, gates, _ = described(tmp_path, content)
    columns, rule = tables["raw"]["orders"].columns, gates.gates["orders"].rules.columns["customer_phone"]
    assert (columns["phone"].type, columns["phone"].sensitivity) == ("bigint", "internal")
    assert (columns["customer_phone"].type, rule.personal.action, rule.kind) == ("string", "tokenise", "phone")
