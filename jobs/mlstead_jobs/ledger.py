"""The books: what came in, and what became of it. Small JSON objects in the lake, each the last that its writer writes.

    raw/         manifests/<table>/<batch>.json     a batch that was ingested; written after its data
                 deliveries/<table>/<file>.json     what became of a file that was delivered
    quarantine/  reports/<table>/<batch>.json       what the gates said of a batch; written after what they let through
                 releases/<table>/<batch>.json      somebody's word that a batch may pass in spite of a rule

A batch lies in one Parquet file a zone, so replacing it is one write, whole or not at all.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Self, TypeAlias

from mlstead_jobs.zone import Content, Zone, ZoneFailure

FIRST_ROW = 1
"""Rows of a batch are numbered from 1, in the order of raw's file: `_row` in quarantine, in reports, in mended rows."""

Outcome: TypeAlias = Literal["passed", "partly quarantined", "quarantined"]


def data_key(table: str, batch: str) -> str:
    """Give the key of a batch's data, in raw, quarantine and curated alike: flights/month=04/part-0.parquet."""
    return f"{table}/{batch}/part-0.parquet"


def is_unknown(batch: str) -> bool:
    """Say whether a batch holds rows of a file whose batch cannot be told: month=none-flights-04.csv."""
    value = batch.partition("=")[2]
    return value == "none" or value.startswith("none-")


def manifest_key(table: str, batch: str) -> str:
    """Give the key of a batch's manifest in raw."""
    return f"manifests/{table}/{batch}.json"


def delivery_key(table: str, file: str) -> str:
    """Give the key of what is kept about a delivered file, in raw."""
    return f"deliveries/{table}/{file}.json"


def report_key(table: str, batch: str) -> str:
    """Give the key of what the gates said of a batch, in quarantine."""
    return f"reports/{table}/{batch}.json"


def release_key(table: str, batch: str) -> str:
    """Give the key of a batch's release, in quarantine."""
    return f"releases/{table}/{batch}.json"


def now() -> str:
    """Give the time, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class NoRecord(ZoneFailure):
    """What lies where a record should be is none."""


@dataclass(frozen=True)
class Record:
    """A record that is kept as JSON."""

    def to_json(self) -> bytes:
        """Write it so that people can read it too."""
        return json.dumps(asdict(self), indent=2).encode() + b"\n"

    @classmethod
    def of(cls, content: Content, where: str) -> Self:
        """Read it back; what a newer version has added is passed over.

        Raises:
            NoRecord: it is no such record.
        """
        try:
            members: dict[str, Any] = json.loads(content.body)
            return cls(**{name: value for name, value in members.items() if name in cls.__dataclass_fields__})
        except (ValueError, TypeError, AttributeError) as error:
            raise NoRecord(f"This is no {cls.__name__.lower()}: {error}.", where=where) from None

    @classmethod
    def find(cls, zone: Zone, key: str) -> Self | None:
        """Read it from a zone, None where there is none."""
        content = zone.read(key)
        return None if content is None else cls.of(content, zone.uri(key))


@dataclass(frozen=True)
class Manifest(Record):
    """A batch as it lies in raw.

    Args:
        table: the table's name.
        batch: the batch's folder: month=04.
        revision: 1 for the first, one more each time other content replaced it.
        rows: how many.
        unparsed: how many of them have a cell that is not of its column's type.
        content_sha256: of the rows' values, in their order; the same content gives the same, whatever file it came in.
        file_sha256: of the Parquet file.
        columns: names and Arrow types, in order.
        source: what it came from, in words: a file's name, "mended: " and a file's name.
        delivered_at: when that was delivered; where rows were mended, when the batch was. Older content never replaces
            newer.
        ingested_at: when it was written.
        replaces: revision, rows and content_sha256 of what it replaced.
        mended_from: content_sha256 of what was delivered, where rows of it were mended since; delivered again, it does
            not undo that.
    """

    table: str
    batch: str
    revision: int
    rows: int
    unparsed: int
    content_sha256: str
    file_sha256: str
    columns: dict[str, str]
    source: str
    delivered_at: str
    ingested_at: str
    replaces: dict[str, Any] | None = None
    mended_from: str | None = None

    @property
    def origin(self) -> str:
        """Say which content was delivered: the same as long as the batch only changes by mending."""
        return f"sha256:{(self.mended_from or self.content_sha256)[:16]}"


@dataclass(frozen=True)
class Delivery(Record):
    """What became of a file that was delivered.

    Args:
        table: the table it was delivered for.
        file: its key in raw.
        version: Entry.version of what was read; another one is another delivery, be its content the same.
        delivered_at: when it was written.
        outcome: ingested, or refused as a whole.
        reason: why it was refused.
        rows: how many it held; None: it could not be read.
        batches: what became of each of its batches: new, replaced, unchanged, older (than what is there), or incomplete
            (a file that came with it was refused, so that what is there stays).
        at: when this was written.
    """

    table: str
    file: str
    version: str
    delivered_at: str
    outcome: Literal["ingested", "refused"]
    reason: str | None
    rows: int | None
    batches: dict[str, str]
    at: str


@dataclass(frozen=True)
class Failure:
    """A rule that a batch, or some of its rows, did not keep.

    Args:
        rule: its name in gates.toml: between, one_of, rows.
        column: the column it is about; None: the batch.
        scope: whether it failed rows, or the batch.
        says: the rule in words.
        rows: how many rows it failed.
        found: what was found instead, for a batch.
        sample: some of the rows: their numbers in raw and their values, personal data masked.
    """

    rule: str
    column: str | None
    scope: Literal["row", "batch"]
    says: str
    rows: int
    found: str | None = None
    sample: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Report(Record):
    """What the gates said of a batch. Rows in are rows curated and rows quarantined, always.

    Args:
        table: the table's name.
        batch: the batch's folder.
        revision: the manifest's.
        raw_sha256: the manifest's content_sha256: what was checked.
        rules_sha256: of the rules it was checked by.
        outcome: passed, partly quarantined, or quarantined as a whole.
        rows_in: as the manifest has it.
        rows_curated: how many went on.
        rows_quarantined: how many did not.
        failures: the rules that were not kept, as Failure has them.
        personal: what was found of personal data, by column, kind, action and cells.
        statistics: by column: missing, least, mean, greatest.
        released: what a release let pass: by whom, why, which rules.
        curated_sha256: of the file in curated; None where this revision has none.
        quarantine_sha256: of the file in quarantine; None where there is none.
        at: when this was written.
        kept: revision, sha256 and rows of what curated holds of an earlier revision, where all of this one is
            quarantined.
        personal_sha256: of what gates.toml said of personal data.
        related: other table → SHA-256 of its curated batch that this one was held against; None: it had none.
    """

    table: str
    batch: str
    revision: int
    raw_sha256: str
    rules_sha256: str
    outcome: Outcome
    rows_in: int
    rows_curated: int
    rows_quarantined: int
    failures: list[dict[str, Any]]
    personal: list[dict[str, Any]]
    statistics: dict[str, dict[str, Any]]
    released: dict[str, Any] | None
    curated_sha256: str | None
    quarantine_sha256: str | None
    at: str
    kept: dict[str, Any] | None = None
    personal_sha256: str = ""
    related: dict[str, str | None] = field(default_factory=dict)

    @property
    def rows_held(self) -> int:
        """Give how many rows of the batch curated holds, of this revision or of an earlier one."""
        return int((self.kept or {}).get("rows", 0)) or self.rows_curated

    @property
    def revision_held(self) -> int:
        """Give the revision that these rows are of."""
        return int((self.kept or {}).get("revision", 0)) or self.revision


@dataclass(frozen=True)
class Release(Record):
    """Somebody's word that one revision of a batch may pass in spite of rules.

    Args:
        table: the table's name.
        batch: the batch's folder.
        raw_sha256: the content that it holds for; other content needs another word.
        rules: which rules are waived, as rule or rule:column; empty: every one but those on personal data.
        reason: why.
        by: who.
        at: when.
    """

    table: str
    batch: str
    raw_sha256: str
    rules: list[str]
    reason: str
    by: str
    at: str
