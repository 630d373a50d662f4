"""Files on their way into the lake: checked before anything is uploaded, then landed so that an event finds them.

One file is an object in landing/. Several are one delivery: they lie in incoming/, where nothing looks, and a manifest
in landing/ names them all, so that the pipeline starts once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mlstead_jobs.zone import Zone
from mlstead_toolkit.cli.data_books import MANIFEST
from mlstead_toolkit.cli.data_declarations import DataError, Declarations

FORMATS = (".csv", ".csv.gz", ".parquet")
KINDS = {b"%PDF-": "a PDF", b"PK\x03\x04": "a zip file, as Excel's .xlsx is", b"\xd0\xcf\x11\xe0": "an Excel .xls",
         b"PAR1": "a Parquet file", b"\x1f\x8b": "compressed by gzip"}
"""What a file is by how it begins, whatever it is called."""
SHOWN_FROM = 16 << 20  # bytes, above which an upload has a progress bar
Advance = Callable[[int], None]


@dataclass(frozen=True)
class Parcel:
    """A file, and the table that it is delivered for."""

    table: str
    file: Path


def parcels(paths: Sequence[Path], table: str | None, declared: Declarations) -> list[Parcel]:
    """Find the files that are meant, and the table of each: the one named, the folder's name, or the only one there is.

    Args:
        paths: files and folders; a folder stands for what lies in it and in its folders.
        table: the table that all of them are for.
        declared: which tables there are.

    Raises:
        DataError: a file is missing, empty or of no known format, or nobody says which table it is for.
    """
    if table is not None:
        declared.require(table)
    found = [Parcel(table or _table(file, declared), file) for path in paths for file in _files(path)]
    for parcel in found:
        _check(parcel.file)
    twice = {(one.table, one.file.name) for one in found if sum(
        (one.table, one.file.name) == (other.table, other.file.name) for other in found) > 1}
    if twice:
        name = min(twice)[1]
        raise DataError(f"Two of the files are called {name}.", where=", ".join(
            str(one.file) for one in found if one.file.name == name), fix="rename one, or deliver them one by one")
    return found


def land(raw: Zone, client: Any, found: Sequence[Parcel], advance: Advance = lambda _: None) -> list[str]:
    """Upload the files and give their keys in raw; what makes the event comes last.

    Args:
        raw: the project's raw zone.
        client: S3.
        found: what to deliver, at least one.
        advance: is told how many bytes have gone.
    """
    [first, *others] = found
    landing = f"landing/{first.table}/{first.file.name}"
    # A name that was delivered before goes the other way, so that every delivery has a record of its own.
    if not others and raw.sha256(landing) is None:
        _upload(client, raw.uri(landing), first.file, advance)
        return [landing]
    delivery = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
    keys = [f"incoming/{delivery}/{parcel.table}/{parcel.file.name}" for parcel in found]
    for key, parcel in zip(keys, found, strict=True):
        _upload(client, raw.uri(key), parcel.file, advance)
    files = [{"table": parcel.table, "key": key} for key, parcel in zip(keys, found, strict=True)]
    raw.write(f"landing/{delivery}{MANIFEST}", json.dumps({"files": files}, indent=2).encode())
    return keys


@contextmanager
def uploading(found: Sequence[Parcel], *, quiet: bool) -> Iterator[Advance]:
    """Show how far an upload is, where it is big enough to wait for."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from mlstead_toolkit.cli.console import err, note

    size = sum(parcel.file.stat().st_size for parcel in found)
    names = found[0].file.name if len(found) == 1 else f"{len(found)} files"
    note(f"Delivering {names}, {_size(size)}")
    if quiet or size < SHOWN_FROM:
        yield lambda _: None
        return
    columns = TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("uploading", total=size)
        yield lambda sent: bar.advance(task, sent)


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
        if not found:
            raise DataError("There is no file in this folder.", where=str(path),
                            fix=f"name a file or a folder with {', '.join(FORMATS)}")
        return found
    if not path.exists():
        raise DataError("There is no such file.", where=str(path), fix="check the name; a folder or several files "
                        "will do, too, and without a path the project's own source delivers")
    return [path]


def _table(file: Path, declared: Declarations) -> str:
    folder = file.resolve().parent.name
    if folder in declared.tables:
        return folder
    if len(declared.tables) == 1:
        return declared.tables[0]
    raise DataError(f"Nothing says which table {file.name} is for.", where=str(file),
                    fix=f"--table TABLE, or put it into a folder named like its table; there are: "
                        f"{', '.join(sorted(declared.tables)) or 'none yet'}")


def _check(file: Path) -> None:
    name = file.name.lower()
    if not name.endswith(FORMATS):
        raise DataError(f"{file.name} is neither CSV nor Parquet.", where=str(file),
                        fix=f"give files whose names end in {', '.join(FORMATS)}; of a folder, the ones that are meant")
    with file.open("rb") as content:
        begins = content.read(8)
    if not begins:
        raise DataError(f"{file.name} is empty.", where=str(file), fix="deliver it once it holds rows")
    is_a = next((kind for magic, kind in KINDS.items() if begins.startswith(magic)), None)
    if name.endswith(".csv") and is_a:
        raise DataError(f"{file.name} is no CSV but {is_a}.", where=str(file),
                        fix=f"save it as CSV, or name it as what it is; {', '.join(FORMATS)} can be delivered")


def _upload(client: Any, uri: str, file: Path, advance: Advance) -> None:
    from boto3.s3.transfer import S3Transfer

    parts = urlsplit(uri)
    S3Transfer(client).upload_file(str(file), parts.netloc, parts.path.lstrip("/"), callback=advance)


def _size(size: int) -> str:
    return f"{size:,} bytes" if size < 100_000 else f"{size / 1e6:,.1f} MB"
