"""A judged batch is written: what failed, what passed, and last the report, which makes both count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlstead.errors import MlsteadError
from mlstead.ingestion.gate_definitions import Gate
from mlstead_jobs.gates.batch_check import BatchCheck
from mlstead_jobs.gates.waivers import Waivers
from mlstead_jobs.ledger import Manifest, Outcome, Report, data_key, now, report_key
from mlstead_jobs.zone import Zone, sha256_of


class BooksFailure(MlsteadError):
    """Rows were lost or made: the gates are wrong, and nothing of the batch counts."""


def commit(
    check: BatchCheck, gate: Gate, manifest: Manifest, before: Report | None, waivers: Waivers,
    related: dict[str, str | None], folder: Path, quarantine: Zone, curated: Zone, still_ours: Callable[[], None],
) -> Report:
    """Write a batch that was checked, and give its report.

    Args:
        check: the check, which has run.
        gate: the table's gate.
        manifest: the batch's manifest.
        before: the last report on this batch.
        waivers: what a release lets pass.
        related: other table → SHA-256 of its curated batch that this one was held against.
        folder: where curated.parquet and quarantined.parquet are.
        quarantine: where the one and the report go.
        curated: where the other goes.
        still_ours: raises where this run may no longer write.

    Raises:
        BooksFailure: rows in are not rows curated and rows quarantined.
    """
    if not manifest.rows == check.curated + check.quarantined:
        raise BooksFailure(
            f"{manifest.rows} rows came in, {check.curated} would be curated and {check.quarantined} quarantined.",
            where=f"{gate.table}/{manifest.batch}", fix="report this with the batch's manifest; nothing was written",
        )
    key, book = data_key(gate.table, manifest.batch), report_key(gate.table, manifest.batch)
    there = quarantine.read(book)
    failed = _write(quarantine, key, folder / "quarantined.parquet", check.quarantined, still_ours)
    kept = None if check.curated else _kept(curated, key, before, manifest, gate)
    passed = None if kept else _write(curated, key, folder / "curated.parquet", check.curated, still_ours)
    report = Report(
        table=gate.table, batch=manifest.batch, revision=manifest.revision, raw_sha256=manifest.content_sha256,
        rules_sha256=gate.sha256, outcome=_outcome(check), rows_in=manifest.rows, rows_curated=check.curated,
        rows_quarantined=check.quarantined, failures=check.listed(), personal=check.findings(),
        statistics=check.statistics, released=waivers.said(check.let_pass()), curated_sha256=passed,
        quarantine_sha256=failed, at=now(), kept=kept, personal_sha256=gate.personal_sha256, related=related,
    )
    still_ours()
    quarantine.write(book, report.to_json(), replacing=there.version if there else None, new=there is None)
    return report


def _outcome(check: BatchCheck) -> Outcome:
    if not check.quarantined:
        return "passed"
    return "partly quarantined" if check.curated else "quarantined"


def _write(zone: Zone, key: str, file: Path, rows: int, still_ours: Callable[[], None]) -> str | None:
    """Write a file, and give its SHA-256; None: it has no rows. What lies there of earlier rows does not stay."""
    there = zone.stored(key)
    if not rows and there is None:
        return None
    if there is None or there.sha256 != sha256_of(file):
        still_ours()
        zone.over(file, key, there)
    return sha256_of(file) if rows else None


def _kept(curated: Zone, key: str, before: Report | None, manifest: Manifest, gate: Gate) -> dict[str, Any] | None:
    """Say what stays in curated where nothing of this revision passes: what an earlier one has put there, as it was.

    What no report vouches for does not stay, nor what the same rows have put there under other rules; nor what was
    let through when gates.toml said something else of personal data.
    """
    if before is None:
        return None
    kept = before.kept
    if before.curated_sha256:
        kept = {"revision": before.revision, "sha256": before.curated_sha256, "rows": before.rows_curated}
    if kept is None or kept["revision"] == manifest.revision or curated.sha256(key) != kept["sha256"]:
        return None
    if before.personal_sha256 != gate.personal_sha256:
        return None
    return kept
