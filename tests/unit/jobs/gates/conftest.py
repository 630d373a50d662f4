"""A lake in folders, with tables, rules and what was delivered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlstead.catalog.table_definitions import read_tables
from mlstead.ingestion.gate_definitions import read_gates
from mlstead_jobs.gates.run import Gated, run_gates
from mlstead_jobs.ingestion.run import ingest
from mlstead_jobs.ledger import Manifest, Release, Report, data_key, manifest_key, release_key, report_key
from mlstead_jobs.personal.tokens import Tokens
from mlstead_jobs.zones import zone_of

TABLES = """
[raw.trips]
comment = "A trip"
path = "trips"
[raw.trips.columns]
id = "bigint"
month = "bigint"
place = "string"
miles = "double"
left = "timestamp"
note = "string"

[raw.places]
comment = "A place in a month"
path = "places"
[raw.places.columns]
month = "bigint"
place = "string"
"""
COLUMNS = ("id", "month", "place", "miles", "left", "note")


class Lake:
    """The zones of a project, below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.raw, self.quarantine, self.curated = (zone_of(str(root / zone)) for zone in
                                                   ("raw", "quarantine", "curated"))
        self.said: list[str] = []
        self.tables = TABLES
        self.rules = "[trips]\nbatch = \"month\"\n"

    def definitions(self) -> tuple[Any, Any]:
        for name, text in (("tables", self.tables), ("gates", self.rules)):
            (self.root / f"{name}.toml").write_text(text)
        tables = read_tables(self.root / "tables.toml")
        return tables, read_gates(self.root / "gates.toml", tables)

    def deliver(self, table: str, frame: pd.DataFrame | str, name: str = "delivery") -> None:
        folder = self.root / "raw/landing" / table
        folder.mkdir(parents=True, exist_ok=True)
        if isinstance(frame, str):
            (folder / f"{name}.csv").write_text(frame)
        else:
            frame.to_parquet(folder / f"{name}.parquet", index=False)
        ingest(self.raw, self.quarantine, *self.definitions(), self.said.append, 1)

    def gate(self, only: tuple[str, str | None] | None = None) -> Gated:
        tables, rules = self.definitions()
        return run_gates(self.raw, self.quarantine, self.curated, tables, rules, Tokens(b"0" * 32), only,
                         self.said.append, 1)

    def report(self, table: str = "trips", batch: str = "month=01") -> Report | None:
        return Report.find(self.quarantine, report_key(table, batch))

    def rows(self, zone: str, table: str = "trips", batch: str = "month=01") -> pd.DataFrame:
        file = self.root / zone / data_key(table, batch)
        return pd.read_parquet(file) if file.exists() else pd.DataFrame()

    def release(self, rules: list[str], batch: str = "month=01", at: str = "2026-01-01T00:00:00+00:00") -> None:
        manifest = Manifest.find(self.raw, manifest_key("trips", batch))
        assert manifest is not None
        release = Release("trips", batch, manifest.content_sha256, rules, "It snowed.", "Ada", at)
        self.quarantine.write(release_key("trips", batch), release.to_json())

    def failed(self, batch: str = "month=01") -> dict[str, int]:
        report = self.report(batch=batch)
        assert report is not None
        return {each["rule"] + (f":{each['column']}" if each["column"] else ""): each["rows"]
                for each in report.failures}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake whose trips are split by month."""
    return Lake(tmp_path)


@pytest.fixture
def trips() -> Callable[..., pd.DataFrame]:
    """Make trips that keep every rule: trips(3, miles=[1, 2, 3])."""

    def make(count: int = 4, **columns: Any) -> pd.DataFrame:
        made = {
            "id": range(1, count + 1), "month": 1, "place": "EWR", "miles": 100.0,
            "left": pd.Timestamp("2013-01-05T10:00", tz="UTC"), "note": None, **columns,
        }
        return pd.DataFrame(made, index=range(count)).astype({"note": "str"})

    return make
