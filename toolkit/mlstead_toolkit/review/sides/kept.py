"""Folders that are made once, whole or not at all, and kept below MLSTEAD_HOME while they are of use."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MAKING = ".making-"
ABANDONED_SECONDS = 60.0
"""A folder in the making that is younger may belong to a process that has not locked it yet."""


class KeptFolders:
    """Keeps the latest used of its entries; one that a process uses stays, whatever its age.

    Every use holds a lock on the entry's folder itself, which ends with its process: nothing is left of one that was
    killed but a half-made folder under another name, which the next use deletes.

    Args:
        folder: where the entries are; made when needed.
        keep: how many stay.
    """

    def __init__(self, folder: Path, keep: int) -> None:
        self._folder, self._keep = folder, keep

    @contextmanager
    def entry(self, key: str, make: Callable[[Path], None]) -> Iterator[Path]:
        """Give the folder of a key, filled by `make` where it is not there; it is not deleted meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / key
        held = _held(path)
        while held is None:
            self._make(path, make)
            held = _held(path)
        try:
            os.utime(path)
            self._delete_old()
            yield path
        finally:
            os.close(held)

    def _make(self, path: Path, make: Callable[[Path], None]) -> None:
        """Fill a folder aside and move it into place; where somebody was faster, theirs stays."""
        aside = Path(tempfile.mkdtemp(prefix=MAKING, dir=self._folder))
        lock = os.open(aside, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make(aside)
            if not path.exists():
                aside.rename(path)
        except OSError:
            if not path.exists():
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
            os.close(lock)

    def _delete_old(self) -> None:
        everything = [path for path in self._folder.iterdir() if path.is_dir()]
        entries = [path for path in everything if not path.name.startswith(MAKING)]
        old = sorted(entries, key=_age)[self._keep :]
        for path in [*old, *(path for path in everything if path not in entries and _age(path) > ABANDONED_SECONDS)]:
            self._delete(path)

    def _delete(self, path: Path) -> None:
        try:
            lock = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            gone = path
            if not path.name.startswith(MAKING):  # half-deleted, it must not be taken for an entry
                gone = path.rename(path.with_name(f"{MAKING}{path.name}-{os.getpid()}"))
            shutil.rmtree(gone, ignore_errors=True)
        except OSError:  # somebody uses it, or has just deleted it
            return
        finally:
            os.close(lock)


def _held(path: Path) -> int | None:
    """Lock an entry against deletion; None where it is not there, or was deleted before it was locked."""
    try:
        held = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(held, fcntl.LOCK_SH)
    try:
        if path.stat().st_ino == os.fstat(held).st_ino:
            return held
    except FileNotFoundError:
        pass
    os.close(held)
    return None


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
