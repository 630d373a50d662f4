"""A zone in a folder of this machine: for tests, measurements, and work without a cloud."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mlstead_jobs.zone import Conflict, Content, Entry, Stored, Zone, ZoneFailure, sha256_of


class FolderZone(Zone):
    """A zone whose keys are paths below a folder; written by renaming, so that a key is whole or not there."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def uri(self, key: str = "") -> str:
        """Give the path of a key."""
        return str(self._path(key))

    def entries(self, prefix: str) -> Iterator[Entry]:
        """List what lies under a prefix of keys, sorted by key."""
        found = {
            path.relative_to(self._root).as_posix(): path for path in self._path(prefix.rpartition("/")[0]).rglob("*")
            if path.is_file() and not path.name.startswith(".writing-")
        }
        for key, path in sorted(found.items()):
            if key.startswith(prefix):
                about = path.stat()
                modified = datetime.fromtimestamp(about.st_mtime, UTC).isoformat(timespec="milliseconds")
                yield Entry(key, about.st_size, f"{about.st_mtime_ns:x}-{about.st_size:x}", modified)

    def read(self, key: str) -> Content | None:
        """Read a small object whole; None where there is none."""
        try:
            body = self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        return Content(body, hashlib.sha256(body).hexdigest())

    def write(self, key: str, body: bytes, *, replacing: str | None = None, new: bool = False) -> str:
        """Write a small object, at once or not at all; give its version."""
        with self._alone(key):
            there = self.read(key)
            if (new and there) or (replacing is not None and (there is None or there.version != replacing)):
                raise Conflict("It was written by somebody else meanwhile.", where=self.uri(key))
            with self._writing(key) as temporary:
                temporary.write_bytes(body)
                temporary.replace(self._path(key))
        return hashlib.sha256(body).hexdigest()

    def fetch(self, key: str, to: Path) -> None:
        """Copy an object into a file."""
        try:
            shutil.copyfile(self._path(key), to)
        except FileNotFoundError:
            raise ZoneFailure("There is no such object.", where=self.uri(key)) from None

    def upload(self, source: Path, key: str, *, replacing: str | None = None, new: bool = False) -> str:
        """Copy a file to a key, at once or not at all; give the SHA-256 of its content."""
        with self._writing(key) as temporary:
            shutil.copyfile(source, temporary)
            with self._alone(key):
                if new or replacing is not None:
                    there = self.stored(key)
                    if (there.version if there else None) != replacing:
                        raise Conflict("It was written by somebody else meanwhile.", where=self.uri(key))
                temporary.replace(self._path(key))
        return sha256_of(source)

    def stored(self, key: str) -> Stored | None:
        """Say what lies at a key; its version is the SHA-256 of its content, too."""
        try:
            digest = sha256_of(self._path(key))
        except FileNotFoundError:
            return None
        return Stored(digest, digest)

    def _path(self, key: str) -> Path:
        return self._root / key

    @contextmanager
    def _writing(self, key: str) -> Iterator[Path]:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Let one process at a time compare and write; the lock is the folder's, so no file is left."""
        folder = self._path(key).parent
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)
