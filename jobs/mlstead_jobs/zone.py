"""A project's own part of one zone of the data lake: a prefix of a bucket, or a folder in tests and measurements.

Nothing is ever deleted here: roles of jobs may add and overwrite, and a zone's buckets keep what was overwritten.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError

CHUNK = 1 << 20


class ZoneFailure(MlsteadError):
    """A zone cannot be read from or written to."""


class Conflict(ZoneFailure):
    """What was to be replaced has changed meanwhile, or what was to be new is there already."""


@dataclass(frozen=True)
class Entry:
    """An object as a listing shows it.

    Args:
        key: its name below the zone's prefix.
        size: in bytes.
        version: a word that changes whenever it is written, be it with the same content; no condition of a write.
        modified: when it was written, ISO 8601, UTC.
    """

    key: str
    size: int
    version: str
    modified: str


@dataclass(frozen=True)
class Stored:
    """A large object as it lies there: the SHA-256 that was kept with it, and its version."""

    sha256: str
    version: str


@dataclass(frozen=True)
class Content:
    """A small object, and the version that it was read in."""

    body: bytes
    version: str


class Zone(ABC):
    """Objects by key, relative to the project's prefix in the zone."""

    @abstractmethod
    def uri(self, key: str = "") -> str:
        """Give the full address of a key."""

    @abstractmethod
    def entries(self, prefix: str) -> Iterator[Entry]:
        """List what lies under a prefix of keys, sorted by key."""

    @abstractmethod
    def read(self, key: str) -> Content | None:
        """Read a small object whole; None where there is none."""

    @abstractmethod
    def write(self, key: str, body: bytes, *, replacing: str | None = None, new: bool = False) -> str:
        """Write a small object, at once or not at all; give its version.

        Args:
            key: where.
            body: what.
            replacing: the version that it must replace.
            new: whether nothing may be there yet.

        Raises:
            Conflict: something else is there than what was to be replaced.
        """

    @abstractmethod
    def fetch(self, key: str, to: Path) -> None:
        """Copy an object into a file.

        Raises:
            ZoneFailure: there is no such object.
        """

    @abstractmethod
    def upload(self, source: Path, key: str, *, replacing: str | None = None, new: bool = False) -> str:
        """Copy a file to a key, at once or not at all; give the SHA-256 of its content, which is kept with it.

        Args:
            source: the file.
            key: where.
            replacing: the version that it must replace, as `stored` gave it.
            new: whether nothing may be there yet.

        Raises:
            Conflict: something else is there than what was to be replaced.
        """

    @abstractmethod
    def stored(self, key: str) -> Stored | None:
        """Say what lies at a key; None where there is no such object."""

    def sha256(self, key: str) -> str | None:
        """Give the SHA-256 that was kept when the object was uploaded; None where there is no such object."""
        there = self.stored(key)
        return there.sha256 if there else None

    def over(self, source: Path, key: str, there: Stored | None) -> str:
        """Upload over what lay there a moment ago, and over nothing else.

        A run that was suspended right before this would otherwise write over what came after it.
        """
        return self.upload(source, key, replacing=there.version if there else None, new=there is None)


def sha256_of(file: Path) -> str:
    """Give the SHA-256 of a file's content, in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
