"""What was delivered and not yet taken in: files in landing, and files that a manifest there lists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from mlstead_jobs.ledger import Delivery, delivery_key
from mlstead_jobs.zone import Entry, Zone

LANDING, INCOMING, MANIFEST = "landing/", "incoming/", ".manifest.json"
UNKNOWN = "-"
"""Stands for a table where a delivery names none."""


@dataclass(frozen=True)
class Landed:
    """A delivered file.

    Args:
        table: the table it is for.
        key: where it lies in raw.
        name: what it is called in the books: its path below its table's folder in landing.
        version: the version of the object.
        delivered_at: when it came, or the manifest that lists it.
        wrong: why it cannot be taken in, where that is known without reading it.
    """

    table: str
    key: str
    name: str
    version: str
    delivered_at: str
    wrong: str | None = None


def waiting(raw: Zone) -> list[list[Landed]]:
    """Give the deliveries that no record speaks of, oldest first: of each, the files for one table.

    Where one file of several is not known, all are given: their rows belong together.
    """
    found: list[list[Landed]] = []
    for entry in raw.entries(LANDING):
        path = entry.key.removeprefix(LANDING)
        if path.endswith(MANIFEST) and "/" not in path:
            found += _by_table(_listed(raw, entry))
        elif not hidden(path):
            found.append([_landed(entry, path)])
    unknown = [files for files in found if not all(_known(raw, file) for file in files)]
    return sorted(unknown, key=lambda files: (files[0].delivered_at, files[0].key))


def _by_table(files: list[Landed]) -> list[list[Landed]]:
    tables: dict[str, list[Landed]] = {}
    for file in files:
        tables.setdefault(file.table, []).append(file)
    return list(tables.values())


def hidden(path: str) -> bool:
    """Say whether a path below landing is no delivery: a folder's mark, or another writer's: _SUCCESS, .crc."""
    return path.endswith("/") or any(part.startswith(("_", ".")) for part in path.split("/"))


def _landed(entry: Entry, path: str) -> Landed:
    table, slash, name = path.partition("/")
    if not slash:
        wrong = f"It lies in no table's folder: deliver it to {LANDING}<table>/{path}."
        return Landed(UNKNOWN, entry.key, path, entry.version, entry.modified, wrong)
    return Landed(table, entry.key, name, entry.version, entry.modified)


def _listed(raw: Zone, manifest: Entry) -> list[Landed]:
    """Give the files that a manifest lists; they came when it came."""
    name = manifest.key.removeprefix(LANDING)
    content = raw.read(manifest.key)
    try:
        said: list[Any] = json.loads(content.body)["files"] if content else []
        listed = [(str(file["table"]), str(file["key"])) for file in said]
        if not listed or len({key for _, key in listed}) < len(listed):
            raise ValueError
    except (ValueError, TypeError, KeyError):
        wrong = ('It is no manifest: write {"files": [{"table": "flights", "key": "incoming/<id>/flights-04.csv"}]}, '
                 "each file once.")
        return [Landed(UNKNOWN, manifest.key, name, manifest.version, manifest.modified, wrong)]
    there: dict[str, Entry] = {}
    for folder in sorted({key.rpartition("/")[0] for _, key in listed}):
        there |= {entry.key: entry for entry in raw.entries(f"{folder}/")}
    return [
        Landed(table, key, key, there[key].version, manifest.modified) if key in there and key.startswith(INCOMING)
        else Landed(table, key, key, "", manifest.modified, f"{name} lists it, but it is not there, in {INCOMING}.")
        for table, key in listed
    ]


def _known(raw: Zone, landed: Landed) -> bool:
    record = Delivery.find(raw, delivery_key(landed.table, landed.name))
    return record is not None and record.version == landed.version
