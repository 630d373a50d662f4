"""A project's part of a lake: in a folder, or in buckets of an S3 in process."""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlstead.catalog.table_definitions import read_tables
from mlstead.ingestion.gate_definitions import read_gates
from mlstead_jobs.ingestion.run import Ingested, ingest
from mlstead_jobs.ledger import Delivery, Manifest, data_key, delivery_key, manifest_key
from mlstead_jobs.zone import Zone
from mlstead_jobs.zones import zone_of

sys.path.insert(0, str(Path(__file__).parent))

TABLES = """
[raw.flights]
comment = "A flight"
path = "flights"
[raw.flights.columns]
month = "bigint"
carrier = "string"
delay = "double"
distance = "int"
at = "timestamp"
"""
GATES = '[flights]\nbatch = "month"\n'
HEADER = "month,carrier,delay,distance,at\n"


@dataclass
class Lake:
    """Zones, what describes them, and what is asked of them in tests."""

    raw: Zone
    quarantine: Zone
    folder: Path
    said: list[str] = field(default_factory=list)
    tables: str = TABLES
    gates: str = GATES
    _count: Any = field(default_factory=itertools.count)

    def land(self, name: str, content: str | bytes | pa.Table, *, table: str = "flights", at: str = "landing") -> str:
        file = self.folder / f"landing-{next(self._count)}"
        if isinstance(content, pa.Table):
            pq.write_table(content, file)
        else:
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        key = f"{at}/{table}/{name}"
        self.raw.upload(file, key)
        return key

    def run(self) -> Ingested:
        (self.folder / "tables.toml").write_text(self.tables)
        (self.folder / "gates.toml").write_text(self.gates)
        tables = read_tables(self.folder / "tables.toml")
        return ingest(self.raw, self.quarantine, tables, read_gates(self.folder / "gates.toml", tables),
                      self.said.append)

    def manifest(self, batch: str, table: str = "flights") -> Manifest:
        found = Manifest.find(self.raw, manifest_key(table, batch))
        assert found is not None, f"there is no manifest of {table}/{batch}"
        return found

    def delivery(self, name: str, table: str = "flights") -> Delivery:
        found = Delivery.find(self.raw, delivery_key(table, name))
        assert found is not None, f"nothing is written about {table}/{name}"
        return found

    def file(self, batch: str, table: str = "flights") -> Path:
        file = self.folder / "fetched.parquet"
        self.raw.fetch(data_key(table, batch), file)
        return file

    def rows(self, batch: str, table: str = "flights") -> list[dict[str, Any]]:
        return pq.read_table(self.file(batch, table), partitioning=None).to_pylist()

    def batches(self, table: str = "flights") -> dict[str, list[dict[str, Any]]]:
        keys = [entry.key for entry in self.raw.entries(f"{table}/")]
        return {key.split("/")[1]: self.rows(key.split("/")[1], table) for key in keys}

    def objects(self) -> dict[str, str]:
        """Give what is in both zones but the lease: key → version."""
        return {
            zone.uri(entry.key): entry.version for zone in (self.raw, self.quarantine) for entry in zone.entries("")
            if not entry.key.startswith("locks/")
        }


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake in a folder."""
    return Lake(zone_of(str(tmp_path / "raw")), zone_of(str(tmp_path / "quarantine")), tmp_path)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """An S3 in process: its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Make a versioned bucket, and give its address."""
    import boto3

    for name, value in {"AWS_ENDPOINT_URL": s3, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                        "AWS_DEFAULT_REGION": "eu-west-1"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def make(name: str) -> str:
        client = boto3.client("s3")
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return f"s3://{name}"

    return make


@pytest.fixture(params=["folder", "bucket"])
def zone(request: pytest.FixtureRequest, tmp_path: Path) -> Zone:
    """An empty zone of either kind."""
    if request.param == "folder":
        return zone_of(str(tmp_path / "zone"))
    make = request.getfixturevalue("bucket")
    return zone_of(f"{make('zone-' + os.urandom(4).hex())}/flight-delays")


@pytest.fixture
def bucket_lake(bucket: Callable[[str], str], tmp_path: Path) -> Lake:
    """A lake in buckets."""
    names = [bucket(f"{zone}-{os.urandom(4).hex()}") for zone in ("raw", "quarantine")]
    return Lake(*(zone_of(f"{name}/flight-delays") for name in names), tmp_path)


def as_json(text: str | None) -> Any:
    return json.loads(text or "null")
