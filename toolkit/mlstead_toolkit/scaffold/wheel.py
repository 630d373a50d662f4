"""A wheel of the mlstead that is running, for a project that keeps it: installable anywhere, before any release.

From a checkout it is built, from an installed wheel it is packed again out of the installed files. Either way the same
content gives the same bytes, needs no network, and is made once: $MLSTEAD_HOME/wheels/<digest of the content>/.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from mlstead.errors import MlsteadError

from mlstead_toolkit.assets import assets_directory, is_checkout

SOURCES = ("pyproject.toml", "README.md", "LICENSE", "copier.yml", "components", "toolkit", "templates", "stacks")
NOT_SOURCE = frozenset({"__pycache__", ".venv", ".venv-pipelines", ".ruff_cache", ".mypy_cache", ".pytest_cache"})
INSTALLERS_OWN = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})
EPOCH = (2020, 2, 2, 0, 0, 0)
"""The time stamp of every file in a wheel: hatchling's, which keeps the bytes independent of the day."""


def mlstead_wheel(home: Path) -> Path:
    """Give the path of a wheel of the running mlstead, made if it was not there.

    Raises:
        MlsteadError: the wheel cannot be built, or this installation has no record of its files.
    """
    if is_checkout():
        root = assets_directory()
        digest = _digest((path.relative_to(root).as_posix(), path.read_bytes()) for path in _source_files(root))
        return _kept(home, digest) or _keep(home, digest, lambda folder: _build(root, folder))
    installed = _installed()
    record = installed.read_text("RECORD") or ""
    digest = _digest([("RECORD", record.encode())])
    return _kept(home, digest) or _keep(home, digest, lambda folder: _pack(installed, folder))


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


def _keep(home: Path, digest: str, make: object) -> Path:
    """Make a wheel aside and move its folder into place, so that an interrupted or concurrent run leaves a whole one."""
    wheels = home / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=wheels, prefix=".making-"))
    try:
        assert callable(make)
        make(folder)
        try:
            folder.rename(wheels / digest)
        except OSError:  # somebody else was faster
            if _kept(home, digest) is None:
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    made = _kept(home, digest)
    if made is None:
        raise MlsteadError("Building mlstead's wheel left no wheel.", where=str(wheels / digest))
    return made


def _build(root: Path, folder: Path) -> None:
    """Build from a checkout with hatchling, in this process: the bytes depend on the files alone."""
    from hatchling.builders.wheel import WheelBuilder

    try:
        list(WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"]))
    except (OSError, ValueError, TypeError) as error:
        raise MlsteadError(f"mlstead's wheel cannot be built: {error}", where=str(root)) from error


def _installed() -> Distribution:
    try:
        return distribution("mlstead")
    except PackageNotFoundError as error:
        raise MlsteadError("mlstead runs, but is not installed.", fix="pip install 'mlstead[toolkit]'") from error


def _pack(installed: Distribution, folder: Path) -> None:
    """Pack the installed files into a wheel again: what RECORD lists, without what an installer added."""
    files = {}
    for entry in installed.files or []:
        outside = entry.parts[0] in ("..", "bin", "Scripts")
        own = entry.parent.name.endswith(".dist-info") and entry.name in INSTALLERS_OWN
        if not (outside or own or entry.suffix == ".pyc"):
            files[entry.as_posix()] = entry.read_binary()
    information = next((name.partition("/")[0] for name in files if ".dist-info/" in name), None)
    if information is None:
        raise MlsteadError("This installation of mlstead has no record of its files.",
                           fix="install it again, or choose -d mlstead_source=release")
    record = "".join(f"{name},sha256={_record_hash(content)},{len(content)}\n" for name, content in sorted(files.items()))
    files[f"{information}/RECORD"] = (record + f"{information}/RECORD,,\n").encode()
    path = folder / f"{information.removesuffix('.dist-info')}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (".dist-info/" in name, name)):
            entry_information = zipfile.ZipInfo(name, EPOCH)
            entry_information.compress_type = zipfile.ZIP_DEFLATED
            entry_information.external_attr = 0o100644 << 16
            archive.writestr(entry_information, files[name])


def _record_hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
