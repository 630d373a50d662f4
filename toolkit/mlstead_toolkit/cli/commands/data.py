"""`mlstead data`: what comes in, what the gates say of it, and what becomes of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.project import did_you_mean, find_project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.cli.data_arrival import Arrived
    from mlstead_toolkit.cli.data_books import BatchBook

app = typer.Typer(help="Bring data in through its gates; see, mend and release what they kept back.",
                  no_args_is_help=True, rich_markup_mode="markdown")

Paths = Annotated[list[Path] | None, typer.Argument(
    metavar="PATH", show_default=False,
    help="CSV or Parquet files, or folders of them. Default: what the project's own source delivers.")]
ForTable = Annotated[str | None, typer.Option(
    "--table", "-t", help="The table that the files are for. Default: their folder's name.", show_default=False)]
Batches = Annotated[str | None, typer.Option(
    "--batches", help="Which batches the project's own source delivers, as 1,2,3. Default: what it says itself.",
    show_default=False)]
TableName = Annotated[str, typer.Argument(
    metavar="TABLE", show_default=False, help="The table, as tables.toml names it.")]
BatchName = Annotated[str, typer.Argument(
    metavar="BATCH", show_default=False, help="The batch, as `mlstead data status` names it: month=04, or 4.")]
To = Annotated[Path, typer.Option("--to", "-o", help="The file to write: .csv or .parquet.", show_default=False)]
Reason = Annotated[str, typer.Option(
    "--reason", help="Why the batch may pass; it is kept with it.", show_default=False)]
Rules = Annotated[list[str] | None, typer.Option(
    "--rule", help="A rule that is waived, as the report names it; may be repeated. Default: every one that can be.",
    show_default=False)]
Examples = Annotated[Path, typer.Argument(
    metavar="PATH", show_default=False, help="A CSV or Parquet file, or a folder of them.")]
NewTable = Annotated[str, typer.Option("--table", "-t", help="What to call the table.", show_default=False)]
BatchColumn = Annotated[str | None, typer.Option(
    "--batch", show_default=False,
    help="The column that splits the table into batches: of dates or times each month is one, of others each value. "
         "Default: guessed.")]


@app.command("ingest")
def ingest(environment: Environment, paths: Paths = None, table: ForTable = None, batches: Batches = None,
           json: AsJson = False) -> None:
    """Deliver files, follow them through the gates, and say what became of each.

    Their arrival starts the data pipeline. The command ends with 1 where a file was refused as a whole; rows that a
    gate keeps back are no failure, and are told.
    """
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import note
    from mlstead_toolkit.cli.data_arrival import deliver
    from mlstead_toolkit.cli.data_children import from_source
    from mlstead_toolkit.cli.data_declarations import declarations
    from mlstead_toolkit.cli.data_delivery import parcels

    if batches and paths:
        raise typer.BadParameter("it is for the project's own source; leave it out with a PATH", param_hint="--batches")
    project = find_project()
    project.require(environment)
    declared = declarations(project)
    found = parcels(paths, table, declared) if paths else []
    deployed = deployment(project, environment)
    with tempfile.TemporaryDirectory(prefix="mlstead-") as folder:
        if not found:
            if table:
                declared.require(table)
            found = parcels([from_source(project, Path(folder), batches, table, note)], None, declared)
        arrived = deliver(deployed, found, quiet=json)
    _conclude(deployed, arrived, json=json)


@app.command("run")
def run(environment: Environment, json: AsJson = False) -> None:
    """Run the data pipeline by hand: what was delivered and not ingested, what no gate has looked at yet."""
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.data_arrival import read_all
    from mlstead_toolkit.cli.data_execution import run as follow
    from mlstead_toolkit.cli.pipeline_execution import DATA, start

    deployed = deployment(find_project(), environment)
    before = {(book.table, book.batch): book.report for book in read_all(deployed).batches}
    follow(deployed, start(deployed, [], DATA), quiet=json)
    books = list(read_all(deployed).batches)
    changed = [book for book in books if book.report != before.get((book.table, book.batch))]
    _changed(environment, changed, books, json=json)


@app.command("status")
def status(environment: Environment, json: AsJson = False) -> None:
    """Account for every row: what came in, what is curated, what is in quarantine; end with 1 if it does not add up."""
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import next_step, say_json
    from mlstead_toolkit.cli.data_arrival import read_all
    from mlstead_toolkit.cli.data_view import print_books

    books = read_all(deployment(find_project(), environment), objects=True)
    if json:
        say_json(books.as_data())
    else:
        print_books(books)
        next_step(_next(environment, books.batches, waiting=bool(books.waiting)))
    if not books.adds_up:
        raise typer.Exit(1)


@app.command("report")
def report(environment: Environment, table: TableName, batch: BatchName, json: AsJson = False) -> None:
    """Print what the gates said of a batch: the rules that it broke, and some of the rows, personal data masked."""
    from dataclasses import asdict

    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import next_step, say_json
    from mlstead_toolkit.cli.data_declarations import DataError
    from mlstead_toolkit.cli.data_view import print_report

    deployed = deployment(find_project(), environment)
    book = _book(deployed, table, batch)
    if book.report is None:
        raise DataError(f"The gates have not looked at this batch: {book.state}.",
                        where=f"{book.table} {book.batch}", fix=_next(environment, [book]))
    if json:
        say_json(asdict(book.report) | {"state": book.state})
        return
    print_report(book, book.report)
    next_step(_after_report(environment, book) if book.quarantined else _next(environment, [book]))


@app.command("rows")
def rows(environment: Environment, table: TableName, batch: BatchName, to: To, json: AsJson = False) -> None:
    """Write the quarantined rows of a batch to a file, for mending; ingested again, they take their old rows' place."""
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import next_step, note, say, say_json
    from mlstead_toolkit.cli.data_children import quarantined_rows
    from mlstead_toolkit.cli.data_view import counted

    deployed = deployment(find_project(), environment)
    book = _book(deployed, table, batch)
    written = quarantined_rows(deployed, book, to, note)
    if json:
        say_json({"file": str(to), "rows": written})
        return
    say(f"{counted(written)} of {book.table} {book.batch} in {to}; the column _rules says what each broke.")
    say("It may hold personal data, so that only you can read it: delete it once the rows are mended.", "yellow")
    next_step("mend them there (leave _batch and _row), then "
              f"mlstead data ingest {environment} {to} --table {book.table}")


@app.command("release")
def release(environment: Environment, table: TableName, batch: BatchName, reason: Reason, rule: Rules = None,
            json: AsJson = False) -> None:
    """Let a quarantined batch pass in spite of rules, as it is now: with a reason, and under your name."""
    from mlstead_toolkit.cli import data_release
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import note
    from mlstead_toolkit.cli.data_execution import known_executions, settle

    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    deployed = deployment(find_project(), environment)
    book = _book(deployed, table, batch)
    before = known_executions(deployed)
    word = data_release.release(deployed, book, rule or [], reason.strip())
    note(f"Released by {word.by}: {', '.join(word.rules) or 'every rule that can be waived'}")

    def applied() -> bool:
        told = _book(deployed, table, batch).report
        return bool(told and (told.released or {}).get("at") == word.at)

    settle(deployed, before, applied, quiet=json)
    books = [_book(deployed, table, batch)]
    _changed(environment, books, books, json=json)


@app.command("infer")
def infer(path: Examples, table: NewTable, batch: BatchColumn = None, json: AsJson = False) -> None:
    """Write a first schema and first rules for a new table into tables.toml and gates.toml, for you to review."""
    from mlstead_toolkit.cli.console import next_step, note, say_json
    from mlstead_toolkit.cli.data_children import inferred, write
    from mlstead_toolkit.cli.data_declarations import DataError, raw_tables
    from mlstead_toolkit.cli.data_view import print_diff

    project = find_project()
    if table in raw_tables(project):
        raise DataError(f"There is a table {table!r} already.", where="tables.toml",
                        fix="change it there, or name another with --table")
    changes = inferred(project, path, table, batch, note)
    write(changes)
    if json:
        say_json({change.file.name: change.diff() for change in changes})
        return
    for change in changes:
        print_diff(change.diff())
    next_step("review and commit both files, then mlstead up local and mlstead data ingest local "
              f"{path} --table {table}")


def _book(deployed: Deployment, table: str, batch: str) -> BatchBook:
    """Find a batch, or say which there are."""
    from mlstead_toolkit.cli.data_arrival import read_all
    from mlstead_toolkit.cli.data_declarations import DataError, declarations

    declarations(deployed.project).require(table)
    books = read_all(deployed)
    if found := books.find(table, batch):
        return found
    known = [book.batch for book in books.batches if book.table == table]
    raise DataError(f"{table} has no batch {batch!r}{did_you_mean(batch, known)}.", where=f"{table} in raw",
                    fix=f"one of {', '.join(known)}" if known else f"mlstead data ingest {deployed.environment}")


def _conclude(deployed: Deployment, arrived: Arrived, *, json: bool) -> None:
    from mlstead_toolkit.cli.console import next_step, say_json
    from mlstead_toolkit.cli.data_view import print_arrivals, print_besides, print_former

    refused = [arrival for arrival in arrived.arrivals if arrival.refused]
    books = [*(book for arrival in arrived.arrivals for book in arrival.books), *arrived.besides]
    if json:
        say_json({"files": [arrival.as_data() for arrival in arrived.arrivals],
                  "besides": [book.as_data() for book in arrived.besides]})
    else:
        print_arrivals(arrived.arrivals)
        print_besides(arrived.besides)
        print_former(arrived.books)
        next_step(_next(deployed.environment, books) if books else "mend the file, then deliver it again")
    if refused:
        raise typer.Exit(1)


def _changed(environment: str, changed: list[BatchBook], books: list[BatchBook], *, json: bool) -> None:
    from mlstead_toolkit.cli.console import next_step, say_json
    from mlstead_toolkit.cli.data_view import print_changed

    if json:
        say_json({"batches": [book.as_data() for book in changed]})
        return
    print_changed(changed)
    next_step(_next(environment, changed or books))


def _after_report(environment: str, book: BatchBook) -> str:
    """Give what to do about rows in quarantine: mend them, and release them where that can be."""
    from mlstead_toolkit.cli.data_release import failed_rules, releasable

    name, rules = f"{environment} {book.table} {book.batch}", releasable(book)
    mend = f"mlstead data rows {name} -o rows.csv gives the rows out for mending"
    if not rules:
        return mend
    named = "" if rules == failed_rules(book) else "".join(f" --rule {rule}" for rule in rules)
    return f"{mend}; mlstead data release {name}{named} --reason \"…\" lets them pass"


def _next(environment: str, books: Iterable[BatchBook], *, waiting: bool = False) -> str:
    """Give what to type next: first what is undone, then what was kept back, then training."""
    from mlstead_toolkit.cli.data_books import HALF_WRITTEN, UNCHECKED, UNRELEASED

    books, undone = list(books), (HALF_WRITTEN, UNCHECKED, UNRELEASED)
    if waiting or any(book.state in undone or book.state.endswith("by earlier rules") for book in books):
        return f"mlstead data run {environment}"
    if kept := [book for book in books if book.quarantined and not (book.report and book.report.released)]:
        return f"mlstead data report {environment} {kept[0].table} {kept[0].batch}"
    if held := [book for book in books if book.waits_for]:
        return f"mlstead data ingest {environment} with what it waits for: {held[0].waits_for}"
    return f"mlstead train {environment}" if books else f"mlstead data ingest {environment}"
