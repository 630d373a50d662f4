"""A batch comes into raw: its file first, then its manifest, which makes it count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from mlstead_jobs.ingestion.batch_file import BatchFile
from mlstead_jobs.ingestion.deliveries import Landed
from mlstead_jobs.ledger import Manifest, data_key, manifest_key, now
from mlstead_jobs.zone import Zone

Became: TypeAlias = Literal["new", "replaced", "unchanged", "older", "incomplete"]


def commit(
    raw: Zone, landed: Landed, batch: str, file: BatchFile, source: str, check: Callable[[], None], *,
    mended: bool = False, complete: bool = True,
) -> Became:
    """Write a batch, unless the same is there, something newer, or perhaps more.

    Args:
        raw: the zone.
        landed: where it came from.
        batch: its name.
        file: its rows.
        source: the names of the files that they came in, for the manifest.
        check: raises where this run may no longer write.
        mended: whether these are the rows that are there, some of them mended.
        complete: whether all files that came together could be read; else rows may be lacking, and nothing is replaced.
    """
    data, book = data_key(landed.table, batch), manifest_key(landed.table, batch)
    content = raw.read(book)
    there = Manifest.of(content, raw.uri(book)) if content else None
    stored = raw.stored(data)
    same = there is not None and there.content_sha256 == file.content_sha256
    if there is not None:
        # A run that was killed may have left another file than the one the manifest speaks of.
        whole = stored is not None and stored.sha256 == there.file_sha256
        if whole and (same or file.content_sha256 == there.mended_from):
            return "unchanged"
        if not same and there.delivered_at > landed.delivered_at:
            return "older"
        if not same and not complete:
            return "incomplete"
    check()
    file_sha256 = raw.over(file.path, data, stored)
    check()
    raw.write(book, Manifest(
        table=landed.table, batch=batch, revision=1 if there is None else there.revision + (not same), rows=file.rows,
        unparsed=file.unparsed, content_sha256=file.content_sha256, file_sha256=file_sha256, columns=file.columns,
        source=source, ingested_at=now(),
        delivered_at=there.delivered_at if there and mended else landed.delivered_at,
        replaces=_replaces(there, same), mended_from=_mended_from(there, same, mended),
    ).to_json(), replacing=content.version if content else None, new=content is None)
    return "new" if there is None else "unchanged" if same else "replaced"


def _replaces(there: Manifest | None, same: bool) -> dict[str, object] | None:
    if there is None or same:
        return there.replaces if there else None
    return {"revision": there.revision, "rows": there.rows, "content_sha256": there.content_sha256}


def _mended_from(there: Manifest | None, same: bool, mended: bool) -> str | None:
    if there is None or same:
        return there.mended_from if there else None
    return (there.mended_from or there.content_sha256) if mended else None
