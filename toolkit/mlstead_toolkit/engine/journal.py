"""The journal of a run: every change of the state as one appended line, so that a killed run loses nothing.

The first line names the checkpoint that the journal adds to (its SHA-256). A finished run folds the journal into a new
checkpoint; should it be killed between the two, the line `folded` tells that the journal is in there already.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from mlstead_toolkit.engine import deployment_format
from mlstead_toolkit.engine.deployment_format import PendingOperation, Snapshot
from mlstead_toolkit.engine.errors import StateError
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.secrets import Crypter


class Journal:
    """Appends the changes of one run. Thread-safe; the file appears with the first change.

    Args:
        file: where it lies.
        base: the digest of the checkpoint it adds to.
        crypter: seals secrets.
    """

    def __init__(self, file: Path, base: str, crypter: Crypter) -> None:
        self._file, self._base, self._crypter = file, base, crypter
        self._salt = ""
        self._encode: Callable[[Any], Any] = deployment_format.encoder(crypter)
        self._descriptor = -1
        self._operations = 0
        self._size = 0  # of what was written whole
        self._lock = threading.Lock()

    @property
    def used(self) -> bool:
        """Whether anything was written."""
        return self._descriptor >= 0

    def begin(self, kind: str, resource: ResourceState) -> int:
        """Note that an operation begins; returns its number."""
        with self._lock:
            self._operations += 1
            number = self._operations
        self._append({"begin": number, "kind": kind, "at": time.time(), "resource": resource.to_json()})
        return number

    def change(self, *, put: list[ResourceState] | None = None, drop: list[int] | None = None,
               done: int | None = None) -> None:
        """Note resources that are now so, serials that are gone, and the operation that ended with it."""
        entry: dict[str, Any] = {}
        if put:
            entry["put"] = [[item.serial, item.to_json()] for item in put]
        if drop:
            entry["drop"] = drop
        if done is not None:
            entry["done"] = done
        if entry:
            self._append(entry)

    def _append(self, entry: dict[str, Any]) -> None:
        line = json.dumps(entry, separators=(",", ":"), ensure_ascii=False, default=self._encode) + "\n"
        with self._lock:
            try:
                if self._descriptor < 0:
                    self._open()
                if self._salt != self._crypter.salt:
                    self._salt = self._crypter.salt
                    line = json.dumps({"salt": self._salt}) + "\n" + line
                self._write(line.encode())
            except OSError as error:
                raise StateError(f"The journal of the run cannot be written: {error.strerror}.", where=str(self._file),
                                 fix="make room or mend the permissions, then run the same again") from error

    def _open(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._write((json.dumps({"base": self._base}) + "\n").encode())

    def _write(self, data: bytes) -> None:
        """Append a whole line or, on a full disk, nothing: half of one would make the next unreadable."""
        try:
            _write_all(self._descriptor, data)
        except OSError:
            os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)

    def close(self) -> None:
        """Close the file; it stays until the checkpoint is saved."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


def mark_folded(file: Path, digest: str) -> None:
    """Say in the journal which checkpoint holds all of it, before that one takes its place."""
    if file.exists():
        with file.open("ab") as stream:
            stream.write((json.dumps({"folded": digest}) + "\n").encode())
            stream.flush()
            os.fsync(stream.fileno())


def replay(file: Path, digest: str, snapshot: Snapshot, crypter: Crypter) -> bool:
    """Bring a snapshot up to what a killed run's journal says; returns whether there was anything.

    Raises:
        StateError: the journal adds to another checkpoint than this one, so that somebody else wrote the state since.
    """
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return False
    try:
        entries = [json.loads(line) for line in lines[:-1]]  # what follows the last newline was cut off while written
    except ValueError as error:
        raise StateError(f"The journal of a killed run is damaged: {error}.", where=str(file),
                         fix="keep a copy of it, correct the line that is no JSON, and run the same again") from error
    if not entries:
        return False
    if any(entry.get("folded") == digest for entry in entries):
        return False
    if entries[0].get("base") != digest:
        raise StateError("A killed run left a journal, and the state was changed by something else since.",
                         where=str(file), fix=f"compare the two, then remove the journal: rm '{file}'")
    for entry in entries:
        if "salt" in entry:
            crypter.adopt(entry["salt"])
    _apply(entries[1:], snapshot, crypter)
    return True


def _apply(entries: list[dict[str, Any]], snapshot: Snapshot, crypter: Crypter) -> None:
    resources = {item.serial: item for item in snapshot.resources}
    pending: dict[int, PendingOperation] = {}
    for entry in entries:
        if "begin" in entry:
            resource = deployment_format.read_resource(entry["resource"], crypter, -1)
            pending[entry["begin"]] = PendingOperation(entry["kind"], resource, entry["at"])
        for serial, data in entry.get("put", ()):
            resources[serial] = deployment_format.read_resource(data, crypter, serial)
        for serial in entry.get("drop", ()):
            resources.pop(serial, None)
        pending.pop(entry.get("done", -1), None)
    snapshot.resources = list(resources.values())
    for number, item in enumerate(snapshot.resources):
        item.serial = number
    snapshot.pending += pending.values()


def seconds(timestamp: str) -> float:
    """Give a Pulumi time stamp as epoch seconds; 0 where there is none."""
    if not timestamp:
        return 0.0
    try:
        return datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0
