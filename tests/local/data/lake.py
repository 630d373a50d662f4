"""A deployed project whose data the tests bring in: by its commands, or by plain objects that an event tells of."""

from __future__ import annotations

import io
import json
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from machine import Machine

PATIENCE = 120  # seconds
Batch = tuple[str, str]


class DataLake:
    """The zones of a machine's project."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.outputs = machine.succeed("outputs", "local", "--json").json

    def put(self, key: str, content: bytes) -> None:
        """Write an object below the project's prefix in raw, as anyone with S3 would."""
        self.machine.client("s3").put_object(**self._place("raw", key), Body=content)

    def deliver(self, files: dict[str, bytes]) -> None:
        """Deliver files, <table>/<name> each, as one delivery."""
        delivery = uuid.uuid4().hex[:8]
        for name, content in files.items():
            self.put(f"incoming/{delivery}/{name}", content)
        listed = [{"table": name.split("/")[0], "key": f"incoming/{delivery}/{name}"} for name in files]
        self.put(f"landing/{delivery}.manifest.json", json.dumps({"files": listed}).encode())

    def settled(self) -> dict[str, Any]:
        """Wait until everything that was delivered has gone through the gates, and give the status."""
        until = time.monotonic() + PATIENCE
        while True:
            run = self.machine.run("data", "status", "local", "--json")
            undone = run.json["not_ingested_yet"] + [
                each["batch"] for each in run.json["batches"] if each["state"] in ("not checked yet", "half-written")]
            if not undone:
                assert run.code == 0, run.out
                return run.json
            assert time.monotonic() < until, f"not through the gates: {undone}"
            time.sleep(1)

    def batches(self) -> dict[Batch, dict[str, Any]]:
        """Every batch of the status by table and batch."""
        return {(each["table"], each["batch"]): each for each in self.settled()["batches"]}

    def report(self, table: str, batch: str) -> dict[str, Any]:
        return self.machine.succeed("data", "report", "local", table, batch, "--json").json

    def rules(self, table: str, batch: str) -> dict[str, int]:
        """The rules that a batch broke, with how many rows each."""
        return {f"{one['rule']}:{one['column']}" if one["column"] else one["rule"]: one["rows"]
                for one in self.report(table, batch)["failures"]}

    def table(self, zone: str, table: str, batch: str) -> list[dict[str, Any]]:
        """The rows of a batch as they lie in a zone; none where nothing does."""
        import pyarrow.parquet as pq

        s3 = self.machine.client("s3")
        try:
            body = s3.get_object(**self._place(zone, f"{table}/{batch}/part-0.parquet"))["Body"].read()
        except s3.exceptions.NoSuchKey:
            return []
        return list(pq.read_table(io.BytesIO(body)).to_pylist())

    def keys(self, zone: str, prefix: str) -> list[str]:
        """Name the objects of a zone that begin so."""
        place = self._place(zone, prefix)
        found = self.machine.client("s3").list_objects_v2(Bucket=place["Bucket"], Prefix=place["Key"])
        return [each["Key"] for each in found.get("Contents", [])]

    def file(self, name: str, content: bytes) -> Path:
        """Write a file on the machine."""
        path = self.machine.folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def _place(self, zone: str, key: str) -> dict[str, str]:
        parts = urlsplit(self.outputs[f"{zone}_uri"])
        return {"Bucket": parts.netloc, "Key": f"{parts.path.strip('/')}/{key}"}
