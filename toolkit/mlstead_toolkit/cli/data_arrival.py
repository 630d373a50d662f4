"""What became of files that were delivered: each file's record, and each of its batches after the gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlstead_jobs.ledger import Delivery
from mlstead_jobs.zone import Entry, Zone
from mlstead_toolkit.cli.data_books import BatchBook, Books, read_books
from mlstead_toolkit.cli.data_declarations import declarations
from mlstead_toolkit.cli.data_execution import known_executions, settle
from mlstead_toolkit.cli.data_zones import data_zones

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.cli.data_delivery import Parcel


@dataclass(frozen=True)
class Arrival:
    """A delivered file, and the books of the batches that it held."""

    file: str
    record: Delivery
    books: tuple[BatchBook, ...]

    @property
    def refused(self) -> bool:
        """Whether no table can be read from the file."""
        return self.record.outcome == "refused"

    def as_data(self) -> dict[str, Any]:
        """Give it as plain data, for a script."""
        return {"file": self.file, "table": self.record.table, "outcome": self.record.outcome,
                "reason": self.record.reason, "rows": self.record.rows,
                "batches": [book.as_data() | {"arrived": self.record.batches[book.batch]} for book in self.books]}


@dataclass(frozen=True)
class Arrived:
    """What became of each delivered file, the batches that were judged besides, and all books."""

    arrivals: tuple[Arrival, ...]
    besides: tuple[BatchBook, ...]
    books: Books


def deliver(deployed: Deployment, found: Sequence[Parcel], *, quiet: bool) -> Arrived:
    """Upload files, follow what their arrival starts, and give what became of each."""
    from mlstead_toolkit.cli.console import note
    from mlstead_toolkit.cli.data_delivery import land, uploading

    zones = data_zones(deployed)
    before = known_executions(deployed)
    with uploading(found, quiet=quiet) as advance:
        keys = land(zones.raw, deployed.client("s3"), found, advance)
    try:
        return await_records(deployed, dict(zip(keys, (one.file for one in found), strict=True)), before, quiet=quiet)
    except KeyboardInterrupt:
        note(f"What was delivered stays, and is worked on: mlstead data status {deployed.environment}")
        raise


def await_records(deployed: Deployment, files: dict[str, Path], before: set[str], *, quiet: bool) -> Arrived:
    """Follow the pipeline until each delivered file has its record and its batches have been looked at.

    Args:
        deployed: whose.
        files: what was delivered, by its key in raw.
        before: the executions that there were before it was.
        quiet: print no steps.
    """
    zones = data_zones(deployed)
    landed = {key: _entry(zones.raw, key) for key in files}
    since = min(entry.modified for entry in landed.values())

    def recorded() -> dict[str, Delivery]:
        return {one.file: one for one in _records(zones.raw, since)
                if one.file in landed and landed[one.file].version == one.version}

    settle(deployed, before, lambda: recorded().keys() >= files.keys(), quiet=quiet)
    books, found = read_all(deployed), recorded()
    arrivals = tuple(_arrival(file, found[key], books) for key, file in files.items())
    own = {(book.table, book.batch) for arrival in arrivals for book in arrival.books}
    besides = tuple(book for book in books.batches
                    if book.report and book.report.at >= since and (book.table, book.batch) not in own)
    return Arrived(arrivals, besides, books)


def read_all(deployed: Deployment, *, objects: bool = False) -> Books:
    """Read the books of a deployed project, by its own declarations."""
    declared = declarations(deployed.project)
    return read_books(data_zones(deployed), declared.relations, declared.rules, folders=declared.folders,
                      objects=objects)


def _arrival(file: Path, record: Delivery, books: Books) -> Arrival:
    found = [book for batch in record.batches if (book := books.find(record.table, batch))]
    return Arrival(file.name, record, tuple(found))


def _records(raw: Zone, since: str) -> list[Delivery]:
    """Read the records that were written since a time."""
    keys = [entry.key for entry in raw.entries("deliveries/") if entry.modified >= since]
    return [record for key in keys if (record := Delivery.find(raw, key))]


def _entry(raw: Zone, key: str) -> Entry:
    return next(entry for entry in raw.entries(key) if entry.key == key)
