"""A wheel of the mlstead that is running, for a project that keeps it: installable anywhere, before any release.

From a checkout it is built, from an installed wheel it is packed again out of the installed files. Both ways give the
same bytes for the same content, need no network, and happen once: $MLSTEAD_HOME/wheels/<digest of the content>/.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.assets import assets_directory, is_checkout

SOURCES = ("pyproject.toml", "README.md", "LICENSE", "copier.yml", "components", "toolkit", "templates", "stacks")
NOT_SOURCE = frozenset({"__pycache__", ".venv", ".venv-pipelines", ".ruff_cache", ".mypy_cache", ".pytest_cache"})
INSTALLERS_OWN = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})
EPOCH = (2020, 2, 2, 0, 0, 0)
"""The time stamp of every file in a wheel: the bytes must not depend on the day."""

Files = dict[str, bytes]
"""What a wheel holds: name → content."""


def mlstead_wheel(home: Path, on_progress: Callable[[str], None] = lambda _: None) -> Path:
    """Give the path of a wheel of the running mlstead, made if it was not there.

    Raises:
        MlsteadError: the wheel cannot be built, or this installation has no record of its files.
    """
    if is_checkout():
        root = assets_directory()
        digest = _digest((path.relative_to(root).as_posix(), path.read_bytes()) for path in _source_files(root))
        return _kept(home, digest) or _keep(home, digest, lambda: _built(root), on_progress)
    installed = _installed()
    digest = _digest([("RECORD", (installed.read_text("RECORD") or "").encode())])
    return _kept(home, digest) or _keep(home, digest, lambda: _unpacked(installed), on_progress)


def file_digest(path: Path) -> str:
    """Give a file's SHA-256 in hexadecimal, as a lock writes it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(contents: Iterable[tuple[str, bytes]]) -> str:
    whole = hashlib.sha256()
    for name, content in contents:
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()[:24]


def _source_files(root: Path) -> list[Path]:
    found: list[Path] = []
    for name in SOURCES:
        top = root / name
        if top.is_file():
            found.append(top)
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(set(folders) - NOT_SOURCE)
            found += [Path(folder, file) for file in sorted(files) if not file.endswith(".pyc")]
    return found


def _kept(home: Path, digest: str) -> Path | None:
    return next((home / "wheels" / digest).glob("*.whl"), None)


def _keep(home: Path, digest: str, read: Callable[[], Files], on_progress: Callable[[str], None]) -> Path:
    """Write a wheel aside and move its folder into place: an interrupted or concurrent run leaves a whole one."""
    on_progress("packing mlstead's wheel, for projects to keep; once for this version")
    wheels = home / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=wheels, prefix=".making-") as making:
        folder = Path(making) / digest
        folder.mkdir()
        name = _write(read(), folder).name
        with suppress(OSError):  # somebody else was faster, with the same bytes
            folder.rename(wheels / digest)
    return wheels / digest / name


def _built(root: Path) -> Files:
    """Build from a checkout with hatchling, in this process."""
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ImportError as error:
        raise MlsteadError("A checkout of mlstead needs hatchling to pack its wheel.", where=str(root),
                           fix="make, in the checkout, brings it; or pip install hatchling") from error

    with tempfile.TemporaryDirectory(prefix="mlstead-wheel-") as folder:
        try:
            (path,) = WheelBuilder(str(root)).build(directory=folder, versions=["standard"])
        except (OSError, ValueError, TypeError) as error:
            raise MlsteadError(f"mlstead's wheel cannot be built: {error}", where=str(root)) from error
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def _installed() -> Distribution:
    try:
        return distribution("mlstead")
    except PackageNotFoundError as error:
        raise MlsteadError("mlstead runs, but is not installed.", fix="pip install 'mlstead[toolkit]'") from error


def _unpacked(installed: Distribution) -> Files:
    """Read the installed files: what RECORD lists, without what an installer added."""
    files = {}
    for entry in installed.files or []:
        outside = entry.parts[0] in ("..", "bin", "Scripts")
        own = entry.parent.name.endswith(".dist-info") and entry.name in INSTALLERS_OWN
        if not (outside or own or entry.suffix == ".pyc"):
            files[entry.as_posix()] = entry.read_binary()
    return files


def _write(files: Files, folder: Path) -> Path:
    """Write a wheel of these files, in one order and with one time stamp; RECORD is made anew."""
    information = next((name.partition("/")[0] for name in files if ".dist-info/" in name), None)
    if information is None:
        raise MlsteadError("This installation of mlstead has no record of its files.",
                           fix="install it again, or choose -d mlstead_source=release")
    own = f"{information}/RECORD"
    contents = {name: files[name] for name in sorted(files) if name != own}
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    rows.writerows([name, f"sha256={_record_hash(content)}", len(content)] for name, content in contents.items())
    rows.writerow([own, "", ""])
    path = folder / f"{information.removesuffix('.dist-info')}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (contents | {own: record.getvalue().encode()}).items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(entry, content)
    return path


def _record_hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
