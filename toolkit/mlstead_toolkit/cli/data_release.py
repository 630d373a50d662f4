"""Letting a quarantined batch pass: somebody's word, for one content of it, and by which rules it need not be held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlstead_jobs.gates.waivers import NEVER
from mlstead_jobs.ledger import Release, now, release_key
from mlstead_toolkit.cli.data_books import BatchBook
from mlstead_toolkit.cli.data_declarations import DataError
from mlstead_toolkit.cli.data_zones import data_zones
from mlstead_toolkit.project import did_you_mean

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment


def failed_rules(book: BatchBook) -> list[str]:
    """Name the rules that a batch did not keep, as rule or rule:column."""
    failures = book.report.failures if book.report else []
    return [f"{one['rule']}:{one['column']}" if one.get("column") else str(one["rule"]) for one in failures]


def releasable(book: BatchBook) -> list[str]:
    """Name those of the rules that a batch did not keep which somebody may waive."""
    return [rule for rule in failed_rules(book) if rule.partition(":")[0] not in NEVER]


def release(deployed: Deployment, book: BatchBook, rules: list[str], reason: str) -> Release:
    """Write the word that a batch, as it lies in raw now, may pass in spite of rules.

    Args:
        deployed: whose.
        book: the batch.
        rules: which rules, as the report names them; empty: every one that it failed and that can be waived.
        reason: why.

    Raises:
        DataError: the batch was not checked, kept every rule, or a rule cannot be waived.
    """
    where = f"{book.table} {book.batch}"
    if book.manifest is None or not book.checked:
        raise DataError(f"The gates have not looked at this batch as it is now: {book.state}.", where=where,
                        fix=f"mlstead data ingest {deployed.environment} with what it waits for: {book.waits_for}"
                        if book.waits_for else f"mlstead data run {deployed.environment}")
    failed = failed_rules(book)
    if not failed:
        raise DataError("This batch kept every rule; there is nothing to release.", where=where,
                        fix=f"mlstead data status {deployed.environment}")
    for rule in rules:
        if rule.partition(":")[0] in NEVER:
            raise DataError(f"The rule {rule!r} cannot be waived.", where=where, fix=_mend(deployed, book))
        if rule not in failed and rule not in {one.partition(":")[0] for one in failed}:
            raise DataError(f"The batch did not fail {rule!r}{did_you_mean(rule, failed)}.", where=where,
                            fix=f"one of {', '.join(failed)}")
    if not releasable(book):
        raise DataError(f"What it failed cannot be waived: {', '.join(failed)}.", where=where,
                        fix=_mend(deployed, book))
    # By name: a rule that is written later is not one that somebody looked at and waived.
    rules = rules or releasable(book)
    zones, key = data_zones(deployed), release_key(book.table, book.batch)
    earlier = Release.find(zones.quarantine, key)
    if earlier and earlier.raw_sha256 == book.manifest.content_sha256 and earlier.rules:
        rules = sorted({*earlier.rules, *rules})
    by = str(deployed.client("sts").get_caller_identity()["Arn"])
    word = Release(book.table, book.batch, book.manifest.content_sha256, rules, reason, by, now())
    zones.quarantine.write(key, word.to_json())
    return word


def _mend(deployed: Deployment, book: BatchBook) -> str:
    return f"mend the rows: mlstead data rows {deployed.environment} {book.table} {book.batch} -o rows.csv"
