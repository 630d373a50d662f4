"""The books of a project's data, read back: for each batch what came in and what became of it, and whether it adds up.

A record says what should lie in a zone; the hash that is kept with each object says what does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from mlstead_jobs.ingestion.deliveries import hidden
from mlstead_jobs.ledger import Delivery, Manifest, Record, Release, Report, data_key, is_unknown
from mlstead_jobs.zone import Zone
from mlstead_toolkit.cli.data_folders import Folders, doubled, is_former
from mlstead_toolkit.cli.data_zones import DataZones

READERS = 16
MANIFEST = ".manifest.json"
WAITING, SPLIT_OTHERWISE = "waiting for ", ", split otherwise than now"
HALF_WRITTEN, UNCHECKED, UNRELEASED = "half-written", "not checked yet", "release not applied yet"
Kept = TypeVar("Kept", bound=Record)
Name = tuple[str, str]  # table and batch
Relations = Mapping[str, Mapping[str, bool]]
"""By table, the tables that its batches need beside them, and whether these have batches, too."""


@dataclass(frozen=True)
class BatchBook:
    """One batch: its records, what is amiss with them, its state in words, and whether it is split otherwise now."""

    table: str
    batch: str
    manifest: Manifest | None
    report: Report | None
    release: Release | None
    state: str
    amiss: tuple[str, ...] = ()
    former: bool = False

    @property
    def holds_curated(self) -> bool:
        """Whether curated has rows of it, of this revision or of an earlier one."""
        return bool(self.report and (self.report.curated_sha256 or self.report.kept))

    @property
    def waits_for(self) -> str:
        """Name the batches that it waits for, with commas; empty where it waits for none."""
        return self.state.removeprefix(WAITING).removesuffix(SPLIT_OTHERWISE) if self.state.startswith(WAITING) else ""

    @property
    def checked(self) -> bool:
        """Whether the report speaks of what lies in raw now."""
        return bool(self.manifest and self.report and self.report.raw_sha256 == self.manifest.content_sha256)

    @property
    def rows(self) -> int:
        """How many came in."""
        return self.manifest.rows if self.manifest else 0

    @property
    def curated(self) -> int:
        """How many of them are curated."""
        return self.report.rows_curated if self.report and self.checked else 0

    @property
    def quarantined(self) -> int:
        """How many of them are in quarantine."""
        return self.report.rows_quarantined if self.report and self.checked else 0

    def as_data(self) -> dict[str, Any]:
        """Give it as plain data, for a script."""
        manifest = self.manifest
        return {"table": self.table, "batch": self.batch, "revision": manifest.revision if manifest else None,
                "rows_in": self.rows, "rows_curated": self.curated, "rows_quarantined": self.quarantined,
                "rows_unchecked": 0 if self.checked else self.rows, "state": self.state, "amiss": list(self.amiss),
                "former": self.former,
                "source": manifest.source if manifest else None,
                "delivered_at": manifest.delivered_at if manifest else None,
                "replaces": manifest.replaces if manifest else None,
                "checked_at": self.report.at if self.report else None}


@dataclass(frozen=True)
class Books:
    """Every batch, and every delivery: those with a record, and the keys of those that nobody has looked at yet."""

    batches: tuple[BatchBook, ...]
    deliveries: tuple[Delivery, ...]
    waiting: tuple[str, ...]
    stray: tuple[str, ...] = field(default=())

    @property
    def refused(self) -> list[Delivery]:
        """The files that no table can be read from, newest first; without those that came again and were read."""
        read = {(one.table, _name(one.file)): one.at for one in sorted(self.deliveries, key=lambda one: one.at)
                if one.outcome != "refused"}
        refused = [one for one in self.deliveries
                   if one.outcome == "refused" and one.at >= read.get((one.table, _name(one.file)), "")]
        return sorted(refused, key=lambda one: one.at, reverse=True)

    @property
    def adds_up(self) -> bool:
        """Whether every row that came in is accounted for."""
        return not (self.stray or any(book.amiss for book in self.batches)
                    or any(doubled(self.batches, table) for table in {book.table for book in self.batches}))

    def totals(self) -> dict[str, int]:
        """Sum up the rows."""
        return {"batches": len(self.batches), "rows_in": sum(book.rows for book in self.batches),
                "rows_curated": sum(book.curated for book in self.batches),
                "rows_quarantined": sum(book.quarantined for book in self.batches),
                "rows_unchecked": sum(book.rows for book in self.batches if not book.checked)}

    def find(self, table: str, batch: str) -> BatchBook | None:
        """Find a batch by its folder, month=04, or by the value alone, as 4 or 04."""
        named = [book for book in self.batches if book.table == table]
        exact = [book for book in named if book.batch == batch]
        return next(iter(exact or [book for book in named if _plain(book.batch) == _plain(batch)]), None)

    def as_data(self) -> dict[str, Any]:
        """Give them as plain data, for a script."""
        return {"adds_up": self.adds_up, "totals": self.totals(), "batches": [book.as_data() for book in self.batches],
                "refused": [{"table": one.table, "file": one.file, "reason": one.reason, "at": one.at}
                            for one in self.refused],
                "not_ingested_yet": list(self.waiting), "stray": list(self.stray)}


def read_books(zones: DataZones, relations: Relations, rules: Mapping[str, str] | None = None, *,
               folders: Folders | None = None, objects: bool = True) -> Books:
    """Read the books, many objects at a time.

    Args:
        zones: where they are.
        relations: by table, the tables that its batches need beside them.
        rules: by table, the digest of the rules as they are now; a table that is not in it is not compared.
        folders: by table, what the names of its batches are like by the rules as they are now.
        objects: whether to hold the records against what really lies in the zones.
    """
    with ThreadPoolExecutor(READERS) as pool:
        manifests = _by_batch(_records(pool, zones.raw, "manifests/", Manifest))
        reports = _by_batch(_records(pool, zones.quarantine, "reports/", Report))
        releases = _by_batch(_records(pool, zones.quarantine, "releases/", Release))
        deliveries = _records(pool, zones.raw, "deliveries/", Delivery)
        names = sorted(manifests.keys() | reports.keys())
        found = _hashes(pool, zones, names) if objects else {}
    curated = {name for name, report in reports.items() if report.curated_sha256 or report.kept}
    batches = []
    for name in names:
        manifest, report, release = manifests.get(name), reports.get(name), releases.get(name)
        amiss = _amiss(manifest, report, found[name]) if objects else _sums(manifest, report)
        needs = [each for each in _needs(name, relations, manifests) if each not in curated]
        state = HALF_WRITTEN if amiss else _state(manifest, report, release, needs, (rules or {}).get(name[0]))
        former = is_former(*name, folders or {})
        batches.append(BatchBook(*name, manifest, report, release, state + (SPLIT_OTHERWISE if former else ""),
                                 tuple(amiss), former))
    stray = _stray(zones.curated, names) if objects else ()
    return Books(tuple(batches), tuple(deliveries), tuple(_waiting(zones.raw, deliveries)), stray)


def _records(pool: ThreadPoolExecutor, zone: Zone, prefix: str, kind: type[Kept]) -> list[Kept]:
    keys = [entry.key for entry in zone.entries(prefix)]
    return [record for record in pool.map(partial(kind.find, zone), keys) if record is not None]


def _by_batch(records: Iterable[Any]) -> dict[Name, Any]:
    return {(record.table, record.batch): record for record in records}


def _hashes(pool: ThreadPoolExecutor, zones: DataZones, names: Sequence[Name]) -> dict[Name, dict[str, str | None]]:
    """Give what lies in the three zones for each batch, by the hash that was kept with it."""
    asked = [(name, zone) for name in names for zone in ("raw", "curated", "quarantine")]
    answers = pool.map(lambda one: getattr(zones, one[1]).sha256(data_key(*one[0])), asked)
    found: dict[Name, dict[str, str | None]] = {name: {} for name in names}
    for (name, zone), answer in zip(asked, answers, strict=True):
        found[name][zone] = answer
    return found


def _amiss(manifest: Manifest | None, report: Report | None, found: Mapping[str, str | None]) -> list[str]:
    amiss = _sums(manifest, report)
    if manifest and found["raw"] != manifest.file_sha256:
        amiss.append("what lies in raw is not what its manifest names")
    if report is None:
        if found["curated"]:
            amiss.append("it lies in curated, and no report says that it may")
        return amiss
    stays = (report.kept or {}).get("sha256")
    for zone, named in (("curated", report.curated_sha256 or stays), ("quarantine", report.quarantine_sha256)):
        if named and found[zone] != named:
            amiss.append(f"what lies in {zone} is not what its report names")
    return amiss


def _sums(manifest: Manifest | None, report: Report | None) -> list[str]:
    amiss = []
    if manifest is None:
        amiss.append("there is a report and no manifest")
    if report and report.rows_in != report.rows_curated + report.rows_quarantined:
        amiss.append(f"{report.rows_in:,} rows in, {report.rows_curated:,} curated, "
                     f"{report.rows_quarantined:,} quarantined")
    if manifest and report and report.raw_sha256 == manifest.content_sha256 and report.rows_in != manifest.rows:
        amiss.append(f"the manifest counts {manifest.rows:,} rows, the report {report.rows_in:,}")
    return amiss


def _needs(name: Name, relations: Relations, manifests: Mapping[Name, Manifest]) -> list[Name]:
    """Name the batches that are curated before this one is judged, as the gates do; rows of no batch wait for none."""
    table, batch = name
    needs = [(other, batch if batched else "batch=all") for other, batched in relations.get(table, {}).items()]
    return [each for each in needs if not is_unknown(each[1]) or each in manifests]


def _state(manifest: Manifest | None, report: Report | None, release: Release | None, needs: Sequence[Name],
           rules: str | None) -> str:
    if manifest is None or report is None or report.raw_sha256 != manifest.content_sha256:
        return f"{WAITING}{', '.join(f'{table} {batch}' for table, batch in needs)}" if needs else UNCHECKED
    if release and release.raw_sha256 == manifest.content_sha256 and (report.released or {}).get("at") != release.at:
        return UNRELEASED
    earlier = ", by earlier rules" if rules is not None and report.rules_sha256 != rules else ""
    kept = f", curated keeps revision {report.kept['revision']}" if report.kept else ""
    return f"{report.outcome}{', released' if report.released else ''}{kept}{earlier}"


def _stray(curated: Zone, names: Iterable[Name]) -> tuple[str, ...]:
    """Name what lies in curated and belongs to no batch."""
    known = {data_key(*name) for name in names}
    return tuple(entry.key for entry in curated.entries("") if entry.key not in known)


def _waiting(raw: Zone, deliveries: Iterable[Delivery]) -> list[str]:
    """Name the files that were delivered and have no record yet; those beside a manifest count once it is there."""
    known = {(one.file, one.version) for one in deliveries}
    landed = list(raw.entries("landing/"))
    announced = {entry.key.removeprefix("landing/").removesuffix(MANIFEST) for entry in landed
                 if entry.key.endswith(MANIFEST)}
    files = [entry for entry in landed
             if not entry.key.endswith(MANIFEST) and not hidden(entry.key.removeprefix("landing/"))]
    if announced:
        files += [entry for entry in raw.entries("incoming/") if entry.key.split("/")[1] in announced]
    return [entry.key for entry in files if (entry.key, entry.version) not in known]


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _plain(batch: str) -> str:
    """Give the value of a batch's folder, leading zeros dropped."""
    value = batch.rpartition("=")[2]
    return value.lstrip("0") or value
