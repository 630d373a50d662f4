"""What is done to files of data on this machine, by the project's own packages: its source, mending, a first schema."""

from __future__ import annotations

import difflib
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlstead_jobs.ledger import data_key
from mlstead_jobs.zone import sha256_of
from mlstead_toolkit.cli.data_declarations import RULES, TABLES, DataError, declarations, package
from mlstead_toolkit.cli.data_zones import data_zones
from mlstead_toolkit.cli.project_process import run_module
from mlstead_toolkit.project import Project

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.cli.data_books import BatchBook

Progress = Callable[[str], None]


@dataclass(frozen=True)
class FileChange:
    """A file of the project, before and after."""

    file: Path
    before: str
    after: str

    def diff(self) -> list[str]:
        """Give the change as a unified diff."""
        name = self.file.name
        return list(difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), name, name, n=1,
                                         lineterm=""))


def from_source(project: Project, to: Path, batches: str | None, table: str | None, on_progress: Progress) -> Path:
    """Have the project's own source write its files, as <to>/<table>/<name>; give the folder, or that of one table."""
    chosen = ["--batches", batches] if batches else []
    on_progress(f"Fetching what the project's own source has ({package(project)}.source)")
    for line in run_module(project, f"{package(project)}.source", ["--to", to, *chosen], on_progress).splitlines():
        on_progress(f"  {line}")
    if table and not (to / table).is_dir():
        raise DataError(f"The project's own source has nothing for {table}.", where=f"{package(project)}.source",
                        fix=f"name a file: mlstead data ingest ENV PATH --table {table}")
    return to / table if table else to


def quarantined_rows(deployed: Deployment, book: BatchBook, to: Path, on_progress: Progress) -> int:
    """Write the quarantined rows of a batch to a CSV or Parquet file, and give how many.

    Args:
        deployed: whose.
        book: the batch.
        to: the file; what it ends in says which of the two.
        on_progress: is told what goes on.

    Raises:
        DataError: the batch has none, or the file's name is another kind's.
    """
    if not to.name.endswith((".csv", ".parquet")):
        raise DataError(f"{to.name} is neither CSV nor Parquet.", where=str(to),
                        fix="give a name that ends in .csv or .parquet")
    if not to.parent.is_dir():
        raise DataError("There is no such folder.", where=str(to.parent), fix=f"mkdir -p {to.parent}")
    if not book.quarantined or book.report is None or book.manifest is None:
        raise DataError("This batch has no rows in quarantine.", where=f"{book.table} {book.batch}: {book.state}",
                        fix=f"mlstead data status {deployed.environment}")
    with tempfile.TemporaryDirectory(prefix="mlstead-") as folder:
        fetched = Path(folder) / "quarantined.parquet"
        data_zones(deployed).quarantine.fetch(data_key(book.table, book.batch), fetched)
        if sha256_of(fetched) != book.report.quarantine_sha256:
            raise DataError("The rows in quarantine are not those that the report speaks of.",
                            where=f"{book.table} {book.batch}", fix=f"mlstead data run {deployed.environment}")
        return int(run_module(deployed.project, "mlstead_jobs.rows",
                              [fetched, "--batch", book.batch, "--content", book.manifest.origin, "--to", to.resolve()],
                              on_progress))


def inferred(project: Project, file: Path, table: str, batch: str | None, on_progress: Progress) -> list[FileChange]:
    """Look at a file and give what tables.toml and gates.toml would say of it; nothing is written.

    Args:
        project: whose.
        file: CSV or Parquet, or a folder of them.
        table: what to call its table.
        batch: the column whose values are its batches; None: guessed.
        on_progress: is told what goes on.

    Raises:
        DataError: the table is there already, or the file cannot be read.
    """
    if not file.exists():
        raise DataError("There is no such file.", where=str(file), fix="name a CSV or Parquet file, or a folder")
    declarations(project)  # what is wrong in them already is told as theirs, and first
    by = ["--batch", batch] if batch else []
    text = run_module(project, "mlstead_jobs.infer", [file.resolve(), "--table", table, *by], on_progress, str(file))
    found = json.loads(text)
    changes = [_appended(project.root / name, found[key]) for name, key in ((TABLES, "tables"), (RULES, "gates"))]
    with tempfile.TemporaryDirectory(prefix="mlstead-") as folder:
        write([replace(change, file=Path(folder) / change.file.name) for change in changes])
        declarations(Project(Path(folder), project.name))  # refuses before anything of the project's is touched
    return changes


def write(changes: Sequence[FileChange]) -> None:
    """Write the files, each beside and then renamed, so that an interruption leaves the old one or the new."""
    for change in changes:
        beside = change.file.with_name(f".{change.file.name}.new")
        beside.write_text(change.after, encoding="utf-8")
        beside.replace(change.file)


def _appended(file: Path, text: str) -> FileChange:
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    return FileChange(file, before, f"{before.rstrip()}\n\n{text.strip()}\n".lstrip())
