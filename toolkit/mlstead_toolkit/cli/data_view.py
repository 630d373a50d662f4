"""Data on a terminal: what arrived, every batch with its state, and what the gates said of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from mlstead_toolkit.cli.console import out, say
from mlstead_toolkit.cli.data_books import HALF_WRITTEN, UNCHECKED, BatchBook, Books
from mlstead_toolkit.cli.data_folders import problems

if TYPE_CHECKING:
    from mlstead_jobs.ledger import Delivery, Report
    from mlstead_toolkit.cli.data_arrival import Arrival

GAP, LEAST_STATE = 2, len("quarantined,")  # of a table: between columns, and of the last one, which may be wrapped
SHOWN = 10  # refused files, waiting files: the newest; batches that were judged besides
SAMPLE_CELLS = 8
SEVERAL = {"replaced": "replaces revision {before}", "older": "older than what is there: left out",
           "incomplete": "incomplete: left out"}


def print_arrivals(arrivals: Sequence[Arrival]) -> None:
    """Print what became of each delivered file and of its batches."""
    say()
    table = _table("file", "table", "batch", "", "rows in", "curated", "quarantined", "state", numbers=(4, 5, 6))
    for arrival in arrivals:
        for number, book in enumerate(arrival.books):
            table.add_row("" if number else arrival.file, *_row(book, _came(arrival.record.batches[book.batch], book)))
    if table.row_count:
        _print_table(table)
    for arrival in arrivals:
        if arrival.refused:
            out().print(Text.assemble(("refused: ", "bold red"), f"{arrival.file}: {arrival.record.reason}"))
    if any("incomplete" in arrival.record.batches.values() for arrival in arrivals):
        out().print(Text.assemble(("incomplete: ", "bold red"), "what is there stays, since a file that came with it "
                                  "was refused; mend that one and deliver all of them again, together"))
    print_failures([book for arrival in arrivals for book in arrival.books])


def print_besides(books: Sequence[BatchBook]) -> None:
    """Print the batches that were judged in the same run: those that had waited for what arrived."""
    if not books:
        return
    say()
    say("Judged in the same run, as they had waited for it or other rules had judged them:")
    _print_judged(books[:SHOWN])
    if len(books) > SHOWN:
        say(f"… and {len(books) - SHOWN} more; mlstead data status lists all")


def print_books(books: Books) -> None:
    """Print every batch, what waits and what was refused, and whether it adds up."""
    table = _table("table", "batch", "revision", "rows in", "curated", "quarantined", "state", numbers=(2, 3, 4, 5))
    for book in books.batches:
        table.add_row(*_row(book, str(book.manifest.revision) if book.manifest else "-"))
    totals = books.totals()
    if table.row_count:
        table.add_section()
        table.add_row("", "", "", *(f"{totals[f'rows_{kind}']:,}" for kind in ("in", "curated", "quarantined")), "",
                      style="bold")
        _print_table(table)
    else:
        say("Nothing has come in yet.")
    for key in books.waiting[:SHOWN]:
        out().print(Text.assemble(("not ingested yet: ", "yellow"), key))
    _print_refused(books.refused)
    for book in books.batches:
        for problem in book.amiss:
            out().print(Text.assemble(("does not add up: ", "bold red"), f"{book.table} {book.batch}: {problem}"))
    print_former(books)
    for key in books.stray:
        out().print(Text.assemble(("does not add up: ", "bold red"), f"{key} lies in curated and is no batch's"))
    if books.batches and books.adds_up:
        unchecked = f" + {totals['rows_unchecked']:,} not checked yet" if totals["rows_unchecked"] else ""
        say(f"It adds up: {totals['rows_in']:,} in = {totals['rows_curated']:,} curated + "
            f"{totals['rows_quarantined']:,} quarantined{unchecked}.")


def print_former(books: Books) -> None:
    """Say which batches were made by another `batch` than gates.toml has now."""
    for problem in problems(books.batches):
        out().print(Text.assemble(("split otherwise: ", "bold red"), problem))


def print_report(book: BatchBook, report: Report) -> None:
    """Print what the gates said of one batch."""
    say(f"{book.table} {book.batch}, revision {report.revision}: {book.state}", "bold")
    say(f"  {report.rows_in:,} rows in = {report.rows_curated:,} curated + {report.rows_quarantined:,} quarantined, "
        f"checked {_time(report.at)}")
    if book.manifest:
        say(f"  from {_file(book.manifest.source)}, delivered {_time(book.manifest.delivered_at)}")
    if report.released:
        rules = ", ".join(report.released.get("rules") or []) or "every rule that can be waived"
        say(f"  released by {report.released.get('by')}: {report.released.get('reason')} ({rules})")
    for failure in report.failures:
        _print_failure(failure)
    for found in report.personal:
        column, kind, action, cells = (found.get(name) for name in ("column", "kind", "action", "cells"))
        say(f"  personal data: {column}: {kind}, {cells:,} cells: {action}")


def print_failures(books: Iterable[BatchBook]) -> None:
    """Say in yellow what did not pass, rule by rule."""
    for book in books:
        if book.quarantined and book.report:
            told = ", ".join(_in_short(failure) for failure in book.report.failures)
            out().print(Text.assemble(("quarantined: ", "bold yellow"),
                                      f"{book.table} {book.batch}: {counted(book.quarantined)}: {told}"))


def print_changed(books: Sequence[BatchBook]) -> None:
    """Print the batches that the gates have looked at anew."""
    say()
    if not books:
        say("There was nothing to do.")
        return
    _print_judged(books)


def _print_judged(books: Sequence[BatchBook]) -> None:
    table = _table("table", "batch", "revision", "rows in", "curated", "quarantined", "state", numbers=(2, 3, 4, 5))
    for book in books:
        table.add_row(*_row(book, str(book.manifest.revision) if book.manifest else "-"))
    _print_table(table)
    print_failures(books)


def print_diff(lines: Iterable[str]) -> None:
    """Print a change of a file."""
    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in lines:
        out().print(Text(line, style=styles.get(line[:1], "")))


def counted(count: int) -> str:
    """Give a number of rows in words."""
    return "1 row" if count == 1 else f"{count:,} rows"


def in_a_line(books: Books) -> str:
    """Give the books in a phrase, for `mlstead status`."""
    totals = books.totals()
    if not books.batches:
        return "none has come in" + (f", not ingested yet: {', '.join(books.waiting[:SHOWN])}" if books.waiting else "")
    batches = "1 batch" if totals["batches"] == 1 else f"{totals['batches']} batches"
    parts = [f"{batches}: {totals['rows_in']:,} rows in, {totals['rows_curated']:,} curated, "
             f"{totals['rows_quarantined']:,} quarantined"]
    if totals["rows_unchecked"]:
        parts.append(f"{totals['rows_unchecked']:,} not checked yet")
    if not books.adds_up:
        parts.append("does not add up")
    return ", ".join(parts)


def _time(at: str) -> str:
    """Give a time to the second, which is UTC as all of them are."""
    return at[:19].replace("T", " ")


def _file(source: str) -> str:
    """Give a source without the folders of its key: flights-04.csv, mended: rows.csv."""
    return re.sub(r"\S*/", "", source)


def _table(*columns: str, numbers: Sequence[int]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place in numbers else "left", no_wrap=place != len(columns) - 1)
    return table


def _print_table(table: Table) -> None:
    """Print a table; where the terminal is too narrow it breaks the lines, and no number, name or state is cut off."""
    widths = [max(len(str(cell)) for cell in (column.header, *column.cells)) for column in table.columns]
    *others, state = table.columns
    if sum(widths[:-1]) + GAP * len(others) + LEAST_STATE > out().width:
        state.no_wrap = True
        for column, width in zip(table.columns, widths, strict=True):
            column.min_width = width
    out().print(table)


def _row(book: BatchBook, third: str) -> list[str | Text]:
    counts = [f"{count:,}" if book.checked else "" for count in (book.curated, book.quarantined)]
    return [book.table, book.batch, third, f"{book.rows:,}", *counts, Text(book.state, style=_style(book))]


def _style(book: BatchBook) -> str:
    if book.amiss or book.state == HALF_WRITTEN:
        return "bold red"
    return "green" if book.state.startswith("passed") else "dim" if book.state == UNCHECKED else "yellow"


def _came(word: str, book: BatchBook) -> str:
    replaced = (book.manifest.replaces or {}) if book.manifest else {}
    return SEVERAL.get(word, word).format(before=replaced.get("revision", "?"))


def _print_refused(refused: Sequence[Delivery]) -> None:
    for one in refused[:SHOWN]:
        out().print(Text.assemble(("refused: ", "bold yellow"), f"{one.table} {_file(one.file)}, {_time(one.at)}: "
                                  f"{one.reason}"))
    if len(refused) > SHOWN:
        say(f"… and {len(refused) - SHOWN} more; --json lists all")


def _print_failure(failure: dict[str, Any]) -> None:
    name = failure["rule"] + (f":{failure['column']}" if failure.get("column") else "")
    found = f"; found: {failure['found']}" if failure.get("found") else ""
    count = counted(failure["rows"]) if failure["scope"] == "row" else "the batch"
    out().print(Text.assemble((f"  {name}", "bold yellow"), f"  {count}: {failure['says']}{found}"))
    for row in failure.get("sample") or []:
        cells = [f"{column}={value}" for column, value in row.items() if not column.startswith("_")]
        more = " …" if len(cells) > SAMPLE_CELLS else ""
        say(f"    row {row.get('_row', '?')}: {', '.join(cells[:SAMPLE_CELLS])}{more}", "dim")


def _in_short(failure: dict[str, Any]) -> str:
    name = failure["rule"] + (f":{failure['column']}" if failure.get("column") else "")
    if failure["scope"] == "batch":
        return f"{name} ({failure['found']})" if failure.get("found") else name
    return f"{name} ({failure['rows']:,})"
