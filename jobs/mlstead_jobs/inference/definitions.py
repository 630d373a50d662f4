"""The blocks of tables.toml and gates.toml that describe a sample: a beginning, with what was seen beside it."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence

import pyarrow as pa

from mlstead.ingestion.gate_checks import is_called_personal
from mlstead.ingestion.gate_rules import Batch, Every
from mlstead_jobs.inference.columns import ColumnSample

_CATEGORIES = 12  # values that are listed, at most
_PER_CATEGORY = 20  # rows for each of them, at least
_AGAIN = 0.01  # of the rows, at most, whose identifier came before: they are mistakes, which the gate finds
_MISSING = 0.05  # of the dates that rows are split by, at most: those rows are a batch of their own, month=none-…
_VALUES = 1000  # batches by a column's values, at most
_PERIODS = ("month", "year_month", "period", "year", "day", "date")
_IDENTIFYING = ("id", "key", "number", "code", "no", "uuid")
_OF_PERSONS = ("birth", "born", "dob", "birthday", "birthdate")


def tables_text(table: str, columns: Mapping[str, ColumnSample], batch: Batch | None, seen: str) -> str:
    """Give [raw.<table>] and [curated.<table>]."""
    return "\n".join(_zone(zone, table, columns, batch, seen) for zone in ("raw", "curated"))


def _zone(zone: str, table: str, columns: Mapping[str, ColumnSample], batch: Batch | None, seen: str) -> str:
    comment = f"To be written: what a row is. Inferred from {seen}"
    lines = [f"[{zone}.{table}]", f"comment = {_quoted(comment)}", f'path = "{table}"', "", f"[{zone}.{table}.columns]"]
    for name, column in columns.items():
        if batch and batch.every is None and name == batch.column:
            continue  # the folder's name says it
        if zone == "raw" and column.personal:
            lines.append(f'{name} = {{ type = "{column.type}", sensitivity = "pii" }}')
        elif zone == "raw" and is_called_personal(name, column.type):
            lines.append(f'{name} = {{ type = "{column.type}", sensitivity = "internal" }} # nobody\'s: small')
        else:
            lines.append(f'{name} = "{column.type}"')
    if batch:
        lines += ["", f"[{zone}.{table}.partitions]", f"{batch.label} = {_partition(columns[batch.column], batch)}"]
    return "\n".join([*lines, ""])


def _partition(column: ColumnSample, batch: Batch) -> str:
    values = column.distinct()
    if batch.every == "year":
        type_, projection = "int", 'type = "integer", range = "1970,2100"'
    elif batch.every == "month":
        type_, projection = "string", f'type = "date", format = "yyyy-MM", range = "{values[0]:%Y-%m},NOW"'
    elif batch.every:
        type_, projection = "date", f'type = "date", format = "yyyy-MM-dd", range = "{values[0]:%Y-%m-%d},NOW"'
    elif column.is_whole:
        least, greatest = (1, 12) if column.name == "month" and values[-1] <= 12 else (values[0], values[-1])
        type_, projection = column.type, f'type = "integer", range = "{least},{greatest}", digits = 2'
    else:
        type_, projection = column.type, f'type = "enum", values = {_quoted(",".join(values))}'
    return f'{{ type = "{type_}", projection = {{ {projection} }} }}'


def gates_text(
    table: str, columns: Mapping[str, ColumnSample], batch: Batch | None, seen: str, *, all_rows: bool,
) -> str:
    """Give [<table>] with rules that the sample keeps, wide enough for what is like it."""
    lines = [f"# Inferred from {seen}.", "# Read every line: a rule says what must be, not what was.", f"[{table}]"]
    if batch is None:
        lines.append("# batch = …: nothing splits these rows, so that each delivery replaces the one before.")
    elif batch.every:
        lines.append(f'batch = {{ column = "{batch.column}", every = "{batch.every}" }}')
    else:
        lines.append(f'batch = "{batch.column}"')
    if key := _key(columns):
        unique = "" if all_rows else "  # in the sample, not seen in all rows"
        if again := _again(columns, key):
            unique = f"  # not of all rows: {again:,} came before"
        lines.append(f"key = [{', '.join(_quoted(name) for name in key)}]{unique}")
    lines += ["", f"[{table}.columns]"]
    for column in columns.values():
        lines += _rules(column, is_key=key == [column.name] or _identifies(column))
    return "\n".join([*lines, ""])


def _rules(column: ColumnSample, *, is_key: bool) -> list[str]:
    rules, comments = [], []
    if column.missing == 0:
        rules.append("required = true")
    elif column.missing < 1:
        rules.append(f"missing_at_most = {min(1.0, math.ceil(column.missing * 2 * 20) / 20):g}")
        comments.append(f"{column.missing:.1%} missing")
    if column.unfit:
        comments.append(f"{column.unfit} cells are no {column.type}")
    values = column.distinct() if column.is_told and (column.type == "string" or column.is_number) else []
    if column.personal:
        action = "tokenise" if column.type == "string" else "refuse"
        rules.append(f'personal = "{action}", kind = "{column.personal}"')
        comments.append("looks personal")
    elif column.holds:
        comments.append(f"some cells hold {', '.join(column.holds)}: the gate keeps those rows back")
    elif column.names:
        comments.append("looks like names: none is listed here; if they are, add what becomes of them, personal = …")
    elif column.type == "string" and values and len(values) <= _CATEGORIES <= len(column.cells) / _PER_CATEGORY:
        rules.append(f"one_of = [{', '.join(_quoted(value) for value in values)}]")
    elif column.is_number and values and not is_key:
        least, greatest = _widened(values[0], values[-1])
        bounds = [f"{bound:.0f}" if column.is_whole else f"{bound:g}" for bound in (least, greatest)]
        rules.append(f"between = [{', '.join(bounds)}]")
        comments.append(f"seen: {values[0]:g} to {values[-1]:g}")
    if not rules:
        return [f"# {column.name}: {'; '.join(comments)}"] if comments else []
    return [f"{column.name} = {{ {', '.join(rules)} }}" + (f" # {'; '.join(comments)}" if comments else "")]


def _identifies(column: ColumnSample) -> bool:
    """Say whether a column is called like an identifier: those grow, so that a range would end them."""
    return column.name.split("_")[-1] in _IDENTIFYING


def _widened(least: float, greatest: float) -> tuple[float, float]:
    """Give bounds half the range further out, rounded outwards to two digits; what is never negative stays so."""
    margin = (greatest - least) / 2 or abs(greatest) / 2 or 1
    lower, upper = least - margin, greatest + margin
    unit = 10.0 ** (math.floor(math.log10(max(abs(lower), abs(upper)))) - 1)
    lower, upper = math.floor(lower / unit) * unit, math.ceil(upper / unit) * unit
    return (max(lower, 0) if least >= 0 else lower), upper


def guess_batch(columns: Mapping[str, ColumnSample]) -> Batch | None:
    """Guess what splits the rows: a column that is called a period, or the month of a time that is always there."""
    for name in _PERIODS:
        if name in columns and not columns[name].missing and 1 < len(columns[name].cells.unique()) <= _VALUES and (
            columns[name].is_whole or columns[name].type == "string"
        ) and columns[name].is_told:
            return Batch(column=name)
    for name, column in columns.items():
        if column.is_moment and column.missing <= _MISSING and not {*name.split("_")} & {*_OF_PERSONS}:
            return batch_by(name, columns)
    return None


def batch_by(name: str, columns: Mapping[str, ColumnSample]) -> Batch | None:
    """Give what splits the rows by a column: of dates and times the month, or what no other column is called."""
    if not columns[name].is_moment:
        return Batch(column=name)
    periods: tuple[Every, ...] = ("month", "day", "year")
    return next((Batch(column=name, every=every) for every in periods if every not in columns), None)


def _key(columns: Mapping[str, ColumnSample]) -> Sequence[str] | None:
    """Find what is unique: a column that is called like it, else a few together, times and texts first."""
    plain = {name: column for name, column in columns.items() if not column.missing and not column.unfit and (
        column.is_whole or column.is_moment or column.type == "string")}
    for name in plain:
        if _identifies(plain[name]) and _again(plain, [name]) <= _AGAIN * len(plain[name].cells):
            return [name]
    plain = {name: column for name, column in plain.items() if column.is_told}
    likely = sorted(plain, key=lambda name: (plain[name].is_whole, -len(plain[name].cells.unique())))[:8]
    for size in (2, 3, 4):
        for names in itertools.combinations(likely, size):
            if not _again(plain, names):
                return sorted(names, key=list(columns).index)
    return None


def _again(columns: Mapping[str, ColumnSample], names: Sequence[str]) -> int:
    """Count the rows whose values of these columns came before."""
    table = pa.table({name: columns[name].cells for name in names})
    return int(table.num_rows - table.group_by(list(names)).aggregate([]).num_rows)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
