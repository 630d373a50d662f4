"""The hash by which Pulumi knows an archive: of a tar of its members, so that both engines see the same change.

The tar is what Go's archive/tar writes: USTAR, mode 0600, no times and no owners, two empty blocks at the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.values import Archive, Asset

_BLOCK = 512
_PACKED = (".tar", ".tgz", ".tar.gz", ".zip", ".jar")
_BOOKKEEPING = ".pulumi"


def archive_digest(path: str | None, uri: str | None, members: tuple[tuple[str, Any], ...] | None) -> str:
    """Give the SHA-256 of an archive: of the file itself where it is packed already, else of the tar of its members.

    Raises:
        EngineError: a file of it cannot be read; it names the file.
    """
    if members is None and path is None:
        return hashlib.sha256((uri or "").encode()).hexdigest()
    if members is None and path is not None and path.endswith(_PACKED):
        return hashlib.sha256(_content(Path(path))).hexdigest()
    digest, seen = hashlib.sha256(), set()
    for name, content in _entries(Archive(path, None, members, "")):
        if name not in seen:
            seen.add(name)
            digest.update(_header(name, len(content)) + content + bytes(-len(content) % _BLOCK))
    digest.update(bytes(2 * _BLOCK))
    return digest.hexdigest()


def _entries(archive: Archive) -> Iterator[tuple[str, bytes]]:
    for name, member in archive.assets or ():
        if isinstance(member, Asset):
            yield name, _content(Path(member.path)) if member.path is not None else (member.text or "").encode()
        elif isinstance(member, Archive) and (member.path or "").endswith(_PACKED):
            yield name, member.hash.encode()  # the engines differ here, which shows as one update after a switch
        elif isinstance(member, Archive):
            yield from ((f"{name.rstrip('/')}/{inner}", content) for inner, content in _entries(member))
    if archive.path is not None:
        yield from _files(Path(archive.path), "")


def _files(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    for item in _listed(folder):
        if item.name == _BOOKKEEPING:
            continue
        if item.is_file():
            yield f"{prefix}{item.name}", _content(item)
        elif not item.is_symlink():
            yield from _files(item, f"{prefix}{item.name}/")


def _listed(folder: Path) -> Iterable[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda item: item.name)
    except OSError as error:
        raise _unreadable(folder, error) from error


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(path: Path, error: OSError) -> EngineError:
    return EngineError(f"The archive {path} cannot be read: {error.strerror}.", where=str(path),
                       fix="correct the path in the program; it is relative to the folder of Pulumi.yaml")


def _header(name: str, size: int) -> bytes:
    prefix, _, last = name.encode().rpartition(b"/") if len(name.encode()) > 100 else (b"", b"", name.encode())
    numbers = b"0000600\0" + 2 * b"0000000\0" + b"%011o\0" % size + b"00000000000\0"
    after = b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + 2 * b"0000000\0" + prefix[:155].ljust(167, b"\0")
    before = last[:100].ljust(100, b"\0") + numbers
    checksum = sum(before) + sum(after) + 8 * ord(" ")
    return before + b"%06o\0 " % checksum + after
