"""Ingest: every delivery that nobody has looked at yet, oldest first, into batches of raw."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from mlstead.catalog.table_definitions import Tables
from mlstead.ingestion.gate_definitions import GateDefinitions
from mlstead.ingestion.gate_rules import Batch
from mlstead_jobs.container import scratch
from mlstead_jobs.ingestion.batch_file import UNPARSED, BatchFile, BatchFiles
from mlstead_jobs.ingestion.batches import named, split
from mlstead_jobs.ingestion.chunk import Unreadable
from mlstead_jobs.ingestion.commit import commit
from mlstead_jobs.ingestion.deliveries import Landed, waiting
from mlstead_jobs.ingestion.files import open_table
from mlstead_jobs.ingestion.mending import by_batch, mend, mended_rows
from mlstead_jobs.ingestion.merging import merged
from mlstead_jobs.ingestion.reading import extra_types, is_mended, typed_rows
from mlstead_jobs.lease import SECONDS, Lease, held
from mlstead_jobs.ledger import Delivery, Manifest, data_key, delivery_key, manifest_key, now
from mlstead_jobs.zone import Zone

LEASE = "locks/ingest.json"
_SAY_EVERY = 2.0  # seconds
Progress = Callable[[str], None]


@dataclass
class Ingested:
    """What a run did.

    Args:
        files: how many were taken in.
        refused: how many were refused.
        rows: of the files that were taken in.
        batches: how many became new, replaced, unchanged, older, incomplete.
    """

    files: int = 0
    refused: int = 0
    rows: int = 0
    batches: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        became = ", ".join(f"{count} {became}" for became, count in sorted(self.batches.items())) or "none"
        refused = f", {self.refused} refused" if self.refused else ""
        return f"{self.files} files taken in{refused}: {self.rows:,} rows, batches: {became}"


def ingest(
    raw: Zone, quarantine: Zone, tables: Tables, rules: GateDefinitions, progress: Progress = print,
    lease_seconds: float = SECONDS,
) -> Ingested:
    """Take in what was delivered, while no other run does.

    Args:
        raw: where it was delivered, and where its batches go.
        quarantine: where a copy of what is refused goes.
        tables: what tables.toml describes.
        rules: what gates.toml says of batches.
        progress: is told every delivery and every batch, and on long ones how far they are.
        lease_seconds: after how long without a word another run takes over.

    Raises:
        LeaseLost: another run took over.
        ZoneFailure: a zone cannot be read or written.
    """
    ingested = Ingested()
    with held(raw, LEASE, lease_seconds, progress) as lease:
        run = _Run(raw, quarantine, tables, rules, progress, lease)
        for delivery in waiting(raw):
            run.take(delivery, ingested)
    return ingested


@dataclass
class _File:
    """A delivered file while it is taken in: why it is refused, or its batches, or its mended rows."""

    landed: Landed
    refused: str | None = None
    rows: int = 0
    batches: dict[str, BatchFile] = field(default_factory=dict)
    mended: pa.Table | None = None
    says_unparsed: bool = False
    became: dict[str, str] = field(default_factory=dict)


class _Run:
    def __init__(
        self, raw: Zone, quarantine: Zone, tables: Tables, rules: GateDefinitions, progress: Progress, lease: Lease,
    ) -> None:
        self._raw, self._quarantine, self._tables, self._rules = raw, quarantine, tables.get("raw", {}), rules
        self._say, self._lease = progress, lease

    def take(self, delivery: list[Landed], ingested: Ingested) -> None:
        """Take the files of a delivery in, or refuse some, and write down what became of each."""
        with tempfile.TemporaryDirectory(prefix="mlstead-", dir=scratch()) as name:
            folder = Path(name)
            files = [self._opened(landed, folder / str(number)) for number, landed in enumerate(delivery)]
            self._put(files, folder)
            for file in files:
                if file.mended is not None:
                    self._mend(file, file.mended, folder)
                self._write_down(file, folder)
                ingested.files += not file.refused
                ingested.refused += bool(file.refused)
                ingested.rows += file.rows
            ingested.batches.update({batch: became for file in files for batch, became in file.became.items()}.values())

    def _opened(self, landed: Landed, folder: Path) -> _File:
        self._say(f"{landed.table}/{landed.name}, delivered at {landed.delivered_at}")
        folder.mkdir()
        file = _File(landed)
        try:
            self._read(file, folder)
        except Unreadable as unreadable:
            file.refused = unreadable.what
        return file

    def _read(self, file: _File, folder: Path) -> None:
        landed = file.landed
        if landed.wrong:
            raise Unreadable(landed.wrong)
        if landed.table not in self._tables:
            raise Unreadable(f"tables.toml describes no [raw.{landed.table}]; it has {', '.join(self._tables)}.")
        fetched = folder / f"delivered-{Path(landed.key).name}"  # a batch may be called 0.parquet as well
        self._raw.fetch(landed.key, fetched)
        described = self._tables[landed.table]
        # A partition's column may be in the files too, and then has a type like the others.
        types = {name: column.type for name, column in (described.columns | described.partitions).items()}
        with open_table(fetched) as table:
            extra, by = extra_types(table.schema, types), self._by(landed.table)
            if is_mended(table.schema.names):
                read = list(self._told(mended_rows(chunk, types, extra) for chunk in table.chunks if chunk.rows))
                file.rows, file.mended = sum(rows.num_rows for rows in read), pa.concat_tables(read) if read else None
                file.says_unparsed = UNPARSED in table.schema.names
            elif by and by.column not in table.schema.names:
                raise Unreadable(f"It has no column {by.column}, which says to which batch a row belongs.")
            else:
                batches = BatchFiles(folder)
                for rows in self._told(typed_rows(chunk, types, extra) for chunk in table.chunks if chunk.rows):
                    for batch, some in split(rows, by):
                        batches.add(named(batch, landed.name), some)
                file.batches = batches.close()
                file.rows = sum(batch.rows for batch in file.batches.values())
            if not file.rows:
                raise Unreadable("It has no rows.")
        fetched.unlink()

    def _put(self, files: list[_File], folder: Path) -> None:
        """Write the batches of all files that were read."""
        try:
            batches = merged([file.batches for file in files if not file.refused], folder)
        except Unreadable as unreadable:
            for file in files:
                if file.batches and not file.refused:
                    file.refused, file.rows = unreadable.what, 0
            return
        complete = not any(file.refused for file in files)
        for batch, one in batches.items():
            parts = [file for file in files if batch in file.batches]
            source = ", ".join(file.landed.name for file in parts)
            became = self._commit(parts[0].landed, batch, one, source, complete=complete)
            for file in parts:
                file.became[batch] = became

    def _mend(self, file: _File, rows: pa.Table, folder: Path) -> None:
        table = file.landed.table
        try:
            batches: dict[str, BatchFile] = {}
            for batch, mended in by_batch(rows):
                manifest = Manifest.find(self._raw, manifest_key(table, batch))
                if manifest is None:
                    raise Unreadable(f"{table} has no batch {batch}.")
                before = folder / "before.parquet"
                self._raw.fetch(data_key(table, batch), before)
                batches[batch] = mend(before, manifest, mended, self._by(table),
                                      folder / f"mended-{len(batches)}.parquet", says_unparsed=file.says_unparsed)
        except Unreadable as unreadable:
            file.refused, file.rows = unreadable.what, 0
            return
        for batch, one in batches.items():
            file.became[batch] = self._commit(file.landed, batch, one, f"mended: {file.landed.name}", mended=True)

    def _commit(self, landed: Landed, batch: str, file: BatchFile, source: str, *, mended: bool = False,
                complete: bool = True) -> str:
        became = commit(self._raw, landed, batch, file, source, self._lease.check, mended=mended, complete=complete)
        if became == "incomplete":
            self._say(f"  {landed.table}/{batch}: incomplete: a file that came with it is refused, so what is there "
                      "stays; deliver all of them again")
            return became
        unparsed = f", {file.unparsed:,} with cells that are not of their type" if file.unparsed else ""
        self._say(f"  {landed.table}/{batch}: {became}, {file.rows:,} rows{unparsed}")
        return became

    def _by(self, table: str) -> Batch | None:
        return self._rules.gates[table].rules.batch

    def _write_down(self, file: _File, folder: Path) -> None:
        landed = file.landed
        if file.refused:
            self._say(f"  refused: {landed.table}/{landed.name}: {file.refused}")
            self._set_aside(landed, folder / "refused")
        self._lease.check()
        self._raw.write(delivery_key(landed.table, landed.name), Delivery(
            table=landed.table, file=landed.key, version=landed.version, delivered_at=landed.delivered_at,
            outcome="refused" if file.refused else "ingested", reason=file.refused,
            rows=None if file.refused else file.rows, batches=file.became, at=now(),
        ).to_json())

    def _set_aside(self, landed: Landed, copy: Path) -> None:
        """Keep a copy of what is refused where whoever mends looks."""
        if not landed.version:
            return  # it is listed, but not there
        self._raw.fetch(landed.key, copy)
        self._lease.check()
        self._quarantine.upload(copy, f"files/{landed.table}/{landed.name}")

    def _told(self, rows: Iterator[pa.Table]) -> Iterator[pa.Table]:
        read, said = 0, time.monotonic()
        for some in rows:
            read += some.num_rows
            if time.monotonic() - said > _SAY_EVERY:
                self._say(f"  {read:,} rows read")
                said = time.monotonic()
            yield some
