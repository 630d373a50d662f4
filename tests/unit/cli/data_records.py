"""Records of data, made by hand: a lake in folders, with a manifest, a report and the objects that they name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlstead_jobs.ledger import Delivery, Manifest, Release, Report, data_key, delivery_key, manifest_key, release_key
from mlstead_jobs.ledger import report_key as key_of_report
from mlstead_jobs.zone import Zone
from mlstead_jobs.zones import zone_of
from mlstead_toolkit.cli.data_zones import DataZones

AT = "2026-11-21T10:00:00.000+00:00"


@dataclass
class Lake:
    """Three zones in folders."""

    zones: DataZones

    @classmethod
    def below(cls, folder: Path) -> Lake:
        return cls(DataZones(*(zone_of(str(folder / zone)) for zone in ("raw", "quarantine", "curated"))))

    def put(self, zone: str, batch: str, content: str, table: str = "flights") -> str:
        """Lay data into a zone and give its hash."""
        target: Zone = getattr(self.zones, zone)
        target.write(data_key(table, batch), content.encode())
        return str(target.sha256(data_key(table, batch)))

    def manifest(self, batch: str = "month=04", rows: int = 10, table: str = "flights", **changed: Any) -> Manifest:
        about: dict[str, Any] = {
            "table": table, "batch": batch, "revision": 1, "rows": rows, "unparsed": 0, "content_sha256": "c1",
            "file_sha256": self.put("raw", batch, "raw", table), "columns": {"distance": "int64"},
            "source": "flights-04.csv", "delivered_at": AT, "ingested_at": AT} | changed
        made = Manifest(**about)
        self.zones.raw.write(manifest_key(table, batch), made.to_json())
        return made

    def report(self, batch: str = "month=04", curated: int = 10, quarantined: int = 0, table: str = "flights",
               **changed: Any) -> Report:
        outcome = "passed" if not quarantined else "partly quarantined" if curated else "quarantined"
        about: dict[str, Any] = {
            "table": table, "batch": batch, "revision": 1, "raw_sha256": "c1", "rules_sha256": "r1",
            "outcome": outcome, "rows_in": curated + quarantined, "rows_curated": curated,
            "rows_quarantined": quarantined, "failures": [], "personal": [], "statistics": {}, "released": None,
            "curated_sha256": self.put("curated", batch, "good", table) if curated else None,
            "quarantine_sha256": self.put("quarantine", batch, "bad", table) if quarantined else None,
            "at": AT} | changed
        made = Report(**about)
        self.zones.quarantine.write(key_of_report(table, batch), made.to_json())
        return made

    def release(self, batch: str = "month=04", table: str = "flights", **changed: Any) -> Release:
        about: dict[str, Any] = {"table": table, "batch": batch, "raw_sha256": "c1", "rules": [], "reason": "so it is",
                                 "by": "arn:aws:iam::123456789012:user/ann", "at": AT} | changed
        made = Release(**about)
        self.zones.quarantine.write(release_key(table, batch), made.to_json())
        return made

    def delivery(self, file: str = "flights-04.csv", table: str = "flights", **changed: Any) -> Delivery:
        key = f"landing/{table}/{file}"
        version = self.zones.raw.write(key, b"delivered")
        version = next(entry.version for entry in self.zones.raw.entries(key)) if version else ""
        about: dict[str, Any] = {"table": table, "file": key, "version": version, "delivered_at": AT,
                                 "outcome": "ingested", "reason": None, "rows": 10, "batches": {"month=04": "new"},
                                 "at": AT} | changed
        made = Delivery(**about)
        self.zones.raw.write(delivery_key(table, file), made.to_json())
        return made
