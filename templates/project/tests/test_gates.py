"""gates.toml: it can be read, and it stops what it is written against."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, module, run_step, through_the_gates
from mlstead.catalog.table_definitions import read_tables
from mlstead.ingestion.gate_definitions import read_gates

Row = dict[str, str]


def test_every_table_of_raw_has_its_gate_and_relations_come_first() -> None:
    tables = read_tables(ROOT / "tables.toml")
    gates = read_gates(ROOT / "gates.toml", tables).gates
    assert list(gates) == ["weather", "flights"]
    assert all(gate.rules.batch and gate.rules.key and gate.rules.rows for gate in gates.values())


def test_what_is_personal_in_raw_is_treated_on_the_way_to_curated() -> None:
    tables = read_tables(ROOT / "tables.toml")
    rules = read_gates(ROOT / "gates.toml", tables).gates["flights"].rules.columns
    assert rules["tailnum"].personal is not None
    assert (rules["tailnum"].personal.action, rules["tailnum"].kind) == ("tokenise", "identifier")


def in_kilometres(row: Row) -> Row:
    return row | {"distance": str(round(int(row["distance"]) * 1.609344))}


def without_arrivals(row: Row) -> Row:
    return row | {"arr_delay": "NA"} if int(row["flight"]) % 5 < 2 else row


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "rule", "column"),
    [(in_kilometres, "mean_between", "distance"), (without_arrivals, "missing_at_most", "arr_delay")],
)
def test_a_month_that_changed_its_meaning_is_quarantined_whole(
    tmp_path: Path, changed: Callable[[Row], Row], rule: str, column: str
) -> None:
    landing = tmp_path / "raw" / "landing"
    done = run_step(tmp_path, *module("source", "--to", str(landing), "--batches", "1"))
    assert done.returncode == 0, done.stderr
    file = landing / "flights" / "flights-01.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(map(changed, csv.DictReader(opened)))
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    through_the_gates(tmp_path)
    report = json.loads((tmp_path / "quarantine" / "reports" / "flights" / "month=01.json").read_text(encoding="utf-8"))
    assert (report["outcome"], report["rows_curated"], report["rows_quarantined"]) == ("quarantined", 0, len(rows))
    assert (rule, column) in {(failure["rule"], failure["column"]) for failure in report["failures"]}
    assert not (tmp_path / "curated" / "flights").exists()
