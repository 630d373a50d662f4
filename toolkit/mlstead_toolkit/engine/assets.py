"""Assets and archives: their marked objects, and the content hashes by which a change of a file is seen."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from mlstead_toolkit.engine import signatures
from mlstead_toolkit.engine.archive_digest import archive_digest
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.values import Archive, Asset, PropertyValue, ResourceReference


def asset(plain: dict[str, Any], directory: Path | None) -> Asset:
    """Build an asset from its marked object; a file that is not there is an error naming it."""
    path = _absolute(plain.get("path"), directory)
    text, uri = plain.get("text") or None, plain.get("uri") or None
    if path is None and uri is None and text is None:
        text = ""
    return Asset(path, text, uri, plain.get("hash") or _asset_hash(path, text, uri))


def archive(plain: dict[str, Any], directory: Path | None) -> Archive:
    """Build an archive from its marked object; a folder or file that is not there is an error naming it."""
    path, uri = _absolute(plain.get("path"), directory), plain.get("uri") or None
    inner = plain.get("assets")
    members = tuple(sorted(inner.items())) if inner is not None and path is None and uri is None else None
    return Archive(path, uri, members, plain.get("hash") or archive_digest(path, uri, members))


def tagged(value: PropertyValue) -> dict[str, Any]:
    """Write an Asset, Archive or ResourceReference as the marked object that stands for it."""
    if isinstance(value, Asset):
        content = {"path": value.path, "text": value.text, "uri": value.uri, "hash": value.hash}
        return {signatures.KEY: signatures.ASSET} | {key: item for key, item in content.items() if item is not None}
    if isinstance(value, Archive):
        members = dict(value.assets) if value.assets is not None else None
        body: dict[str, Any] = {"path": value.path, "uri": value.uri, "assets": members, "hash": value.hash}
        return {signatures.KEY: signatures.ARCHIVE} | {key: item for key, item in body.items() if item is not None}
    if isinstance(value, ResourceReference):
        reference: dict[str, Any] = {signatures.KEY: signatures.RESOURCE, "urn": value.urn}
        if value.id is not None:
            reference["id"] = value.id
        if value.package_version:
            reference["packageVersion"] = value.package_version
        return reference
    raise TypeError(f"{type(value).__name__} is no property value")


def _absolute(path: str | None, directory: Path | None) -> str | None:
    if not path:
        return None
    return str(directory / path) if directory else path


def _asset_hash(path: str | None, text: str | None, uri: str | None) -> str:
    if path is not None:
        return _file_hash(Path(path))
    return hashlib.sha256((text if text is not None else uri or "").encode()).hexdigest()


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EngineError(f"The asset {path} cannot be read: {error.strerror}.", where=str(path),
                          fix="correct the path in the program; it is relative to the folder of Pulumi.yaml") from error
