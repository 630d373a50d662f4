"""The blocks of tables.toml and gates.toml that describe a sample: a beginning, with what was seen beside it."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence

import pyarrow as pa

from mlstead.ingestion.gate_rules import Batch, Every
from mlstead_jobs.inference.columns import ColumnSample

_CATEGORIES = 12  # values that are listed, at most
_PER_CATEGORY = 20  # rows for each of them, at least
_PERIODS = ("month", "year_month", "period", "year", "day", "date")
_IDENTIFYING = ("id", "key", "number", "code", "no", "uuid")


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
    elif batch.every or column.type == "date":
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
        lines.append(f"key = [{', '.join(_quoted(name) for name in key)}]{unique}")
    lines += ["", f"[{table}.columns]"]
    lines += [line for column in columns.values() if (line := _rules(column))]
    return "\n".join([*lines, ""])


def _rules(column: ColumnSample) -> str | None:
    rules, comments = [], []
    if column.missing == 0:
        rules.append("required = true")
    elif column.missing < 1:
        rules.append(f"missing_at_most = {min(1.0, math.ceil(column.missing * 2 * 20) / 20):g}")
        comments.append(f"{column.missing:.1%} missing")
    if column.unfit:
        comments.append(f"{column.unfit} cells are no {column.type}")
    values = column.distinct() if column.type == "string" or column.is_number else []
    if column.personal:
        action = '"tokenise"' if column.type == "string" else '"mask"'
        rules.append(f'personal = {action}, kind = "{column.personal}"')
        comments.append("looks personal")
    elif column.type == "string" and values and len(values) <= _CATEGORIES <= len(column.cells) / _PER_CATEGORY:
        rules.append(f"one_of = [{', '.join(_quoted(value) for value in values)}]")
    elif column.is_number and values:
        least, greatest = _widened(values[0], values[-1])
        bounds = [f"{bound:.0f}" if column.is_whole else f"{bound:g}" for bound in (least, greatest)]
        rules.append(f"between = [{', '.join(bounds)}]")
        comments.append(f"seen: {values[0]:g} to {values[-1]:g}")
    if not rules:
        return None
    return f"{column.name} = {{ {', '.join(rules)} }}" + (f" # {'; '.join(comments)}" if comments else "")


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
        if name in columns and not columns[name].missing and len(columns[name].cells.unique()) > 1 and (
            columns[name].is_whole or columns[name].type in ("string", "date")
        ):
            return Batch(column=name)
    for name, column in columns.items():
        if column.type == "timestamp" and not column.missing and not column.unfit:
            return batch_by(name, columns)
    return None


def batch_by(name: str, columns: Mapping[str, ColumnSample]) -> Batch | None:
    """Give what splits the rows by a column: of times the month, or what no other column is called."""
    if columns[name].type != "timestamp":
        return Batch(column=name)
    periods: tuple[Every, ...] = ("month", "day", "year")
    return next((Batch(column=name, every=every) for every in periods if every not in columns), None)


def _key(columns: Mapping[str, ColumnSample]) -> Sequence[str] | None:
    """Find what is unique: a column that is called like it, else a few together, times and texts first."""
    plain = {name: column for name, column in columns.items() if not column.missing and not column.unfit and (
        column.is_whole or column.is_moment or column.type == "string")}
    for name in plain:
        if name.split("_")[-1] in _IDENTIFYING and _unique(plain, [name]):
            return [name]
    likely = sorted(plain, key=lambda name: (plain[name].is_whole, -len(plain[name].cells.unique())))[:8]
    for size in (2, 3, 4):
        for names in itertools.combinations(likely, size):
            if _unique(plain, names):
                return sorted(names, key=list(columns).index)
    return None


def _unique(columns: Mapping[str, ColumnSample], names: Sequence[str]) -> bool:
    table = pa.table({name: columns[name].cells for name in names})
    return bool(table.group_by(list(names)).aggregate([]).num_rows == table.num_rows)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
