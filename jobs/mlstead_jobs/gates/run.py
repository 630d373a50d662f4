"""The gates: every batch of raw that they have not spoken of yet, tables that others relate to first."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlstead.catalog.table_definitions import Tables
from mlstead.errors import MlsteadError
from mlstead.ingestion.gate_definitions import Gate, GateDefinitions
from mlstead.reviewed_file import guess
from mlstead_jobs.container import scratch
from mlstead_jobs.gates.batch_check import BatchCheck
from mlstead_jobs.gates.commit import commit
from mlstead_jobs.gates.raw_file import RawFile
from mlstead_jobs.gates.waivers import Waivers
from mlstead_jobs.lease import SECONDS, Lease, held, is_held
from mlstead_jobs.ledger import (
    Manifest,
    NoRecord,
    Release,
    Report,
    data_key,
    is_unknown,
    manifest_key,
    release_key,
    report_key,
)
from mlstead_jobs.personal.detector import Detector
from mlstead_jobs.personal.tokens import Tokens
from mlstead_jobs.personal.treatment import ColumnTreatment, Treatment
from mlstead_jobs.zone import Zone, sha256_of

LEASE = "locks/gate.json"
_INGEST_LEASE = "locks/ingest.json"
Progress = Callable[[str], None]


class GateFailure(MlsteadError):
    """A batch cannot be judged."""


@dataclass
class Gated:
    """What a run did.

    Args:
        batches: how many were judged.
        rows: how many they hold.
        curated: how many of these went on.
        quarantined: how many did not.
        waiting: the batches that wait for others.
    """

    batches: int = 0
    rows: int = 0
    curated: int = 0
    quarantined: int = 0
    waiting: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        waiting = f"; waiting: {', '.join(self.waiting)}" if self.waiting else ""
        return (f"{self.batches} batches through the gates: {self.rows:,} rows in = {self.curated:,} curated + "
                f"{self.quarantined:,} quarantined{waiting}")


def run_gates(
    raw: Zone, quarantine: Zone, curated: Zone, tables: Tables, rules: GateDefinitions, tokens: Tokens | None,
    only: tuple[str, str | None] | None = None, progress: Progress = print, lease_seconds: float = SECONDS,
) -> Gated:
    """Judge what is to be judged, while no other run does.

    Args:
        raw: where batches are.
        quarantine: where rows that fail go, reports, and releases.
        curated: where rows that pass go.
        tables: what tables.toml describes.
        rules: what gates.toml demands.
        tokens: makes tokens of personal data; None: no column is tokenised.
        only: a table, and a batch of it or None for all of them, for which alone this runs; None: every table.
        progress: is told every batch, and on long ones how far it is.
        lease_seconds: after how long without a word another run takes over.

    Raises:
        GateFailure: there is no such table, or a file in raw is not the one that its manifest speaks of; every other
            batch is done.
        LeaseLost: another run took over.
        ZoneFailure: a zone cannot be read or written.
    """
    if only and only[0] not in tables["raw"]:
        raise GateFailure(f"{only[0]} is no table of raw.{guess(only[0], tables['raw'])}", where="--table",
                          fix=f"tables.toml describes {', '.join(tables['raw'])}")
    gated = Gated()
    with held(quarantine, LEASE, lease_seconds, progress) as lease:
        run = _Run(raw, quarantine, curated, rules, tokens, progress, lease, gated)
        for table, gate in rules.gates.items():
            if only is None or only[0] == table:
                run.table(gate, only[1] if only else None)
        run.end()
    return gated


class _Run:
    def __init__(
        self, raw: Zone, quarantine: Zone, curated: Zone, rules: GateDefinitions, tokens: Tokens | None,
        say: Progress, lease: Lease, gated: Gated,
    ) -> None:
        self._raw, self._quarantine, self._curated, self._rules = raw, quarantine, curated, rules
        self._tokens, self._say, self._lease, self._gated = tokens, say, lease, gated
        self._detector = Detector()
        self._damaged: list[str] = []

    def table(self, gate: Gate, only: str | None) -> None:
        """Judge a table's batches."""
        for batch in self._batches(gate.table):
            if only in (None, batch):
                # What is replaced while it is judged is judged again.
                while (pending := self._pending(gate, batch)) and self._judge(gate, *pending):
                    pass

    def end(self) -> None:
        """Say what could not be judged.

        Raises:
            GateFailure: a file is not the one that its manifest speaks of, and no ingestion runs that would mend it.
        """
        if self._damaged and not is_held(self._raw, _INGEST_LEASE):
            raise GateFailure(
                f"{', '.join(self._damaged)}: the file in raw is not the one that its manifest speaks of.",
                where=self._raw.uri(), fix="run ingestion again, which finishes what was cut short; a file that was "
                                           "damaged is replaced when its source is delivered again",
            )

    def _batches(self, table: str) -> Iterator[str]:
        prefix = f"manifests/{table}/"
        for entry in list(self._raw.entries(prefix)):
            yield entry.key.removeprefix(prefix).removesuffix(".json")

    def _pending(self, gate: Gate, batch: str) -> tuple[Manifest, Report | None, Waivers] | None:
        """Give what is to be judged; None: the last report holds."""
        manifest = Manifest.find(self._raw, manifest_key(gate.table, batch))
        if manifest is None:
            return None
        report = Report.find(self._quarantine, report_key(gate.table, batch))
        waivers = self._waivers(gate.table, batch, manifest.content_sha256)
        done = report is not None and (report.raw_sha256, report.rules_sha256) == (manifest.content_sha256, gate.sha256)
        # What it relates to may have been judged anew since; while it waits for that, the last report stands.
        if done and report and waivers.are_applied(report.released) and (
            not gate.rules.relations or self._related(gate, batch) in (None, report.related)
        ):
            return None
        return manifest, report, waivers

    def _waivers(self, table: str, batch: str, raw_sha256: str) -> Waivers:
        """Read what a release lets pass; one that cannot be read lets nothing pass, and stops no other batch."""
        try:
            return Waivers(Release.find(self._quarantine, release_key(table, batch)), raw_sha256)
        except NoRecord as unread:
            self._say(f"{table}/{batch}: its release counts for nothing: {unread.what} ({unread.where})")
            return Waivers(None, raw_sha256)

    def _judge(self, gate: Gate, manifest: Manifest, before: Report | None, waivers: Waivers) -> bool:
        """Judge a batch, and say whether that was possible."""
        name = f"{gate.table}/{manifest.batch}"
        with tempfile.TemporaryDirectory(prefix="mlstead-", dir=scratch()) as scratch_folder:
            folder = Path(scratch_folder)
            related = self._related(gate, manifest.batch)
            if related is None:
                self._gated.waiting.append(name)
                return False
            file = folder / "raw.parquet"
            if not self._fetched(manifest, file):
                return self._differs(name, manifest)
            opened = RawFile(file)
            self._say(f"{name}: {manifest.rows:,} rows, revision {manifest.revision}")
            others = self._others(manifest.batch, related, folder)
            # The same rows under other rules may be fewer: those are the rules' own doing.
            held = before.rows_held if before and before.revision_held != manifest.revision else 0
            check = BatchCheck(gate, opened, manifest.delivered_at, held, others, self._treatment(gate), waivers,
                               self._say)
            check.run(folder / "curated.parquet", folder / "quarantined.parquet")
            opened.close()
            report = commit(check, gate, manifest, before, waivers, related, folder, self._quarantine, self._curated,
                            self._lease.check)
        self._tell(report)
        return True

    def _fetched(self, manifest: Manifest, file: Path) -> bool:
        """Fetch a batch, and say whether it is the one that its manifest speaks of."""
        key = data_key(manifest.table, manifest.batch)
        if self._raw.sha256(key) is None:
            return False
        self._raw.fetch(key, file)
        return sha256_of(file) == manifest.file_sha256

    def _differs(self, name: str, manifest: Manifest) -> bool:
        """Say whether the batch is to be looked at again, since it was replaced meanwhile."""
        now = Manifest.find(self._raw, manifest_key(manifest.table, manifest.batch))
        if now is not None and now.file_sha256 != manifest.file_sha256:
            return True
        self._say(f"{name}: not judged, the file in raw is not the one that its manifest speaks of")
        self._damaged.append(name)
        return False

    def _related(self, gate: Gate, batch: str) -> dict[str, str | None] | None:
        """Give by table the SHA-256 of the curated batch that this one relates to; None: one is not there yet.

        Rows of no batch have counterparts of none: were they to wait for some, they would wait for ever.
        """
        found: dict[str, str | None] = {}
        for other in gate.rules.relations:
            theirs = self._theirs(other, batch)
            if is_unknown(theirs) and Manifest.find(self._raw, manifest_key(other, theirs)) is None:
                found[other] = None
                continue
            report = Report.find(self._quarantine, report_key(other, theirs))
            found[other] = (report.curated_sha256 or (report.kept or {}).get("sha256")) if report else None
            if found[other] is None:
                self._say(f"{gate.table}/{batch}: waits until {other}/{theirs} is curated")
                return None
        return found

    def _theirs(self, other: str, batch: str) -> str:
        return batch if self._rules.gates[other].rules.batch else "batch=all"

    def _others(self, batch: str, related: Mapping[str, str | None], folder: Path) -> dict[str, RawFile | None]:
        """Fetch the curated batches that one relates to."""
        files: dict[str, RawFile | None] = dict.fromkeys(related)
        for other, sha256 in related.items():
            if sha256 is not None:
                self._curated.fetch(data_key(other, self._theirs(other, batch)), folder / f"{other}.parquet")
                files[other] = RawFile(folder / f"{other}.parquet")
        return files

    def _treatment(self, gate: Gate) -> Treatment:
        columns = {
            name: ColumnTreatment(about.personal.action, about.kind)
            for name, about in gate.rules.columns.items() if about.personal
        }
        return Treatment(columns, self._tokens, self._detector)

    def _tell(self, report: Report) -> None:
        gated = self._gated
        gated.batches += 1
        gated.rows += report.rows_in
        gated.curated += report.rows_curated
        gated.quarantined += report.rows_quarantined
        reasons = ", ".join(
            f"{failure['rule']}{':' + failure['column'] if failure['column'] else ''} {failure['rows']:,}"
            for failure in report.failures
        )
        self._say(f"  {report.outcome}: {report.rows_in:,} rows in = {report.rows_curated:,} curated + "
                  f"{report.rows_quarantined:,} quarantined{f' ({reasons})' if reasons else ''}")
