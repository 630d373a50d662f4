"""What gates.toml says, held against tables.toml: columns that exist, rules that fit their types, personal data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from mlstead.catalog.table_definitions import Table, Tables
from mlstead.ingestion.gate_rules import Batch, ColumnRules, TableRules, is_number
from mlstead.ingestion.personal_names import NUMBERS, called
from mlstead.lake.zones import Zone
from mlstead.refusal import Refusal
from mlstead.reviewed_file import guess

_KEPT = ("landing", "incoming", "deliveries", "manifests", "locks", "files", "reports", "releases")
_BATCHES: tuple[Zone, ...] = ("raw", "quarantine", "curated")
_WRITTEN = {"day": "yyyy-MM-dd", "month": "yyyy-MM", "year": "yyyy"}
_FOLDERS = {"day": "day=2024-03-31", "month": "month=2024-03", "year": "year=2024"}
_WHOLE = ("tinyint", "smallint", "int", "bigint")


def is_text(type_: str) -> bool:
    """Say whether a type of Glue's holds text."""
    return re.match(r"string|varchar|char", type_) is not None


def is_whole(type_: str) -> bool:
    """Say whether a type of Glue's holds whole numbers."""
    return type_ in _WHOLE


def is_numeric(type_: str) -> bool:
    """Say whether a type of Glue's holds numbers."""
    return type_ in (*_WHOLE, "float", "double") or type_.startswith("decimal")


def is_moment(type_: str) -> bool:
    """Say whether a type of Glue's holds dates or times."""
    return type_ in ("date", "timestamp")


def is_plain(type_: str) -> bool:
    """Say whether two values of a type of Glue's can be equal: no list, no floating-point number."""
    return is_text(type_) or is_whole(type_) or is_moment(type_) or type_ == "boolean" or type_.startswith("decimal")


def is_called_personal(column: str, type_: str) -> bool:
    """Say whether numbers are called like somebody's; a count or a flag of one or two bytes is too small to be one."""
    return is_numeric(type_) and type_ not in ("tinyint", "smallint") and called(column) in NUMBERS


def file_columns(table: Table, rules: TableRules) -> dict[str, str]:
    """Give the columns of the files of a table in raw and their types; what splits it into batches is one of them."""
    columns = {name: about.type for name, about in table.columns.items()}
    if rules.batch and rules.batch.column in table.partitions:
        columns[rules.batch.column] = table.partitions[rules.batch.column].type
    return columns


def check_folders(tables: Tables, file: Path) -> None:
    """Refuse a table that lies where the jobs keep something else, or elsewhere than where they put its batches."""
    where = str(file.parent / "tables.toml")
    for name in tables.get("raw", {}):
        if name in _KEPT:
            raise Refusal(f"[raw.{name}]: {name}/ is a folder of the jobs' own.", where=where,
                          fix=f"call the table something else, for example {name}_rows")
        for zone in _BATCHES:
            table = tables.get(zone, {}).get(name)
            if table and table.path != name:
                raise Refusal(f"[{zone}.{name}] says path = {table.path!r}, and its batches are put below {name}/.",
                              where=where, fix=f'write path = "{name}"')


def check_partitions(name: str, batch: Batch | None, tables: Tables, file: Path) -> None:
    """Refuse partitions that are not the folders of a table's batches: Athena would find nothing, and say nothing.

    A table without any is read with all folders below it, which is right, and dear where there are many.

    Args:
        name: the table's name.
        batch: what splits it; None: one folder, batch=all.
        tables: what tables.toml describes.
        file: gates.toml, for messages.

    Raises:
        Refusal: names the table, and the partition to write.
    """
    label = batch.label if batch else "batch"
    folders = _FOLDERS[batch.every] if batch and batch.every else f"{label}=…"
    says = f"[{name}] of gates.toml makes folders {folders}"
    for zone in _BATCHES:
        table = tables.get(zone, {}).get(name)
        if table is None or not table.partitions:
            continue
        where, place = str(file.parent / "tables.toml"), f"[{zone}.{name}.partitions]"
        if [*table.partitions] != [label]:
            raise Refusal(f"{place} names {', '.join(table.partitions)}, and {says}.", where=where,
                          fix=f"write {place} {label} = {_partition(batch)} and nothing else there, or change batch")
        projection = table.partitions[label].projection
        if batch and batch.every and projection.type != "enum" and (
            projection.format if projection.type == "date" else "yyyy" if batch.every == "year" else None
        ) != _WRITTEN[batch.every]:
            raise Refusal(f"{place} {label} is projected as {projection.format or projection.type}, and {says}.",
                          where=where, fix=f"write {label} = {_partition(batch)}")
        least = (projection.range or "").partition(",")[0].strip()
        if projection.type == "integer" and not (batch and batch.every) and least.isdigit() and (
            str(int(least)).zfill(projection.digits or 1) != f"{int(least):02d}"
        ):
            raise Refusal(f"{place} {label} has {_digits(projection.digits)}, and {says} of at least two: 04.",
                          where=where, fix=f"write digits = 2 in the projection of {label}")


def _partition(batch: Batch | None) -> str:
    """Give the partition that finds a table's batches."""
    if batch is None:
        return '{ type = "string", projection = { type = "enum", values = "all" } }'
    if batch.every == "year":
        return '{ type = "int", projection = { type = "integer", range = "1970,2100" } }'
    if batch.every:
        first = {"month": "2020-01", "day": "2020-01-01"}[batch.every]
        return ('{ type = "string", projection = { type = "date", '
                f'format = "{_WRITTEN[batch.every]}", range = "{first},NOW" }} }}')
    return '{ type = "…", projection = { type = "integer", range = "1,12", digits = 2 } }, or of type enum or date'


def _digits(count: int | None) -> str:
    return f"digits = {count}" if count else "no digits"


class _Place:
    """A place in the file, to refuse what it says."""

    def __init__(self, file: Path, columns: Mapping[str, str], *parts: str) -> None:
        self._file, self._columns, self._name = file, columns, f"[{'.'.join(parts)}]"

    def refuse(self, what: str, fix: str) -> Refusal:
        return Refusal(f"{self._name} {what}", where=str(self._file), fix=fix)

    def column(self, key: str, column: str, fits: Callable[[str], bool], kind: str) -> None:
        """Refuse a column that the table does not have, or whose type does not fit."""
        columns = self._columns
        if column not in columns:
            raise self.refuse(f"{key} names {column}, which is no column of the table.{guess(column, columns)}",
                              f"the columns are {', '.join(columns)}")
        if not fits(columns[column]):
            raise self.refuse(f"{key} names {column}, which is a {columns[column]}.", f"name a column of {kind}")


def check_table(name: str, rules: TableRules, all_rules: Mapping[str, TableRules], tables: Tables, file: Path) -> None:
    """Refuse what tables.toml does not bear out.

    Args:
        name: the table's name.
        rules: what is demanded of it.
        all_rules: what is demanded of every table.
        tables: what tables.toml describes.
        file: gates.toml, for messages.

    Raises:
        Refusal: names the place, and what to write.
    """
    table = tables["raw"][name]
    columns = file_columns(table, rules)
    place = _Place(file, columns, name)
    if rules.batch and rules.batch.every:
        place.column("batch", rules.batch.column, is_moment, "dates or times, or leave every out")
    elif rules.batch:
        place.column("batch", rules.batch.column, lambda type_: is_text(type_) or is_whole(type_) or type_ == "date",
                     "texts, whole numbers or dates; a time needs every")
    if rules.batch:
        _check_no_names(place, rules.batch.column, rules, table)
    for column in rules.key:
        place.column("key", column, is_plain, "texts, whole numbers, decimals, dates, times or truth values")
    if rules.fresh:
        place.column("fresh", rules.fresh.column, is_moment, "dates or times")
    for column, about in rules.columns.items():
        place.column("columns", column, lambda _: True, "any type")
        inside = _Place(file, columns, name, "columns", column)
        _check_column(inside, column, about, columns[column])
        _check_personal(inside, column, about, columns[column], tables.get("curated", {}).get(name), name)
    for column, described in table.columns.items():
        pii = (described.sensitivity or table.sensitivity) == "pii"
        if pii and (column not in rules.columns or rules.columns[column].personal is None):
            raise place.refuse(
                f"does not say what becomes of {column}, which tables.toml tags pii.",
                f'write [{name}.columns] {column} = {{ personal = "tokenise", kind = "…" }}, or "mask", "refuse", '
                f'{{ keep = "the reason" }}',
            )
        if described.sensitivity is None and is_called_personal(column, columns[column]) and (
            column not in rules.columns or rules.columns[column].personal is None
        ):
            raise place.refuse(
                f"does not say what becomes of {column}, a {columns[column]} that is called like personal data; of "
                "numbers only cards can be told by what they are.",
                f"make {column} a string in tables.toml and write [{name}.columns] {column} = "
                f'{{ personal = "tokenise", kind = "{called(column)}" }}; or, where it is nobody\'s, tag it in '
                f'[raw.{name}.columns]: {column} = {{ type = "{columns[column]}", sensitivity = "internal" }}',
            )
    _check_relations(name, rules, all_rules, tables, file)


def _check_no_names(place: _Place, column: str, rules: TableRules, table: Table) -> None:
    """Refuse batches by a personal column: their folders' names, in curated too, would be its values."""
    described = table.columns.get(column)
    about = rules.columns.get(column)
    said = about.personal.action if about and about.personal else None
    if said not in (None, "keep") or (said is None and described and described.sensitivity == "pii"):
        raise place.refuse(f"splits its rows by {column}, which is personal: folders would be called by it.",
                           "choose a column that is not personal")


def _check_column(place: _Place, column: str, about: ColumnRules, type_: str) -> None:
    unfit = {
        "matches": (about.matches, is_text(type_)),
        "length": (about.length, is_text(type_)),
        "mean_between": (about.mean_between, is_numeric(type_)),
        "one_of": (about.one_of, is_whole(type_) if type(next(iter(about.one_of or ("",)))) is int else is_text(type_)),
        "between": (about.between, _bounds_fit(about.between or (), type_)),
    }
    for rule, (said, fits) in unfit.items():
        if said is not None and not fits:
            raise place.refuse(f"{rule} is {_shown(said)}, but {column} is a {type_}.", {
                "between": "give numbers for a number, dates for a date, times for a timestamp",
                "one_of": "give texts for a text, whole numbers for a whole number",
                "mean_between": "use it on a column of numbers",
            }.get(rule, "use it on a column of texts"))


def _bounds_fit(bounds: Iterable[object], type_: str) -> bool:
    if all(map(is_number, bounds)):
        return is_numeric(type_)
    return type_ == "timestamp" or (type_ == "date" and not any(isinstance(each, datetime) for each in bounds))


def _shown(said: object) -> str:
    if isinstance(said, tuple):
        return f"[{', '.join(each.isoformat() if isinstance(each, date) else repr(each) for each in said)}]"
    return repr(said)


def _check_personal(
    place: _Place, column: str, about: ColumnRules, type_: str, curated: Table | None, name: str,
) -> None:
    if about.personal is None:
        return
    if about.personal.action in ("mask", "tokenise") and not is_text(type_):
        raise place.refuse(f"would {about.personal.action} {column}, a {type_}; what stands in its place is text.",
                           f'use "refuse" or {{ keep = "the reason" }}, or make {column} a string in tables.toml')
    if about.personal.action == "keep":
        described = curated.columns.get(column) if curated else None
        if curated is None or described is None or (described.sensitivity or curated.sensitivity) != "pii":
            raise place.refuse(
                f"keeps {column} as it is, but [curated.{name}] of tables.toml does not tag it pii.",
                f'write [curated.{name}.columns] {column} = {{ type = "{type_}", sensitivity = "pii" }}',
            )


def _check_relations(
    name: str, rules: TableRules, all_rules: Mapping[str, TableRules], tables: Tables, file: Path,
) -> None:
    columns = file_columns(tables["raw"][name], rules)
    for other, relation in rules.relations.items():
        place = _Place(file, columns, name, "relations", other)
        others = [each for each in all_rules if each != name]
        if other not in others:
            raise place.refuse(f"leads to {other}, which is no other table of raw.{guess(other, others)}",
                               f"the others are {', '.join(others) or 'none'}")
        for column in relation.columns:
            place.column("columns", column, is_plain, "texts, whole numbers, decimals, dates, times or truth values")
            counterpart = file_columns(tables["raw"][other], all_rules[other])
            _check_counterpart(place, other, column, columns[column], counterpart, all_rules[other])
        if not _same_batches(rules.batch, all_rules[other].batch):
            raise place.refuse(
                f"leads to {other}, whose batches are not those of {name}.",
                f"split both by the same, so that a batch has its counterpart; or leave batch out of [{other}]",
            )


def _check_counterpart(
    place: _Place, other: str, column: str, here: str, counterpart: Mapping[str, str], rules: TableRules,
) -> None:
    if column not in counterpart:
        raise place.refuse(f"names {column}, which is no column of {other}.{guess(column, counterpart)}",
                           f"the columns of {other} are {', '.join(counterpart)}")
    there = counterpart[column]
    if here != there and not (is_text(here) and is_text(there)) and not (is_whole(here) and is_whole(there)):
        raise place.refuse(f"names {column}, which is a {here} here and a {there} in {other}.",
                           "give both the same type in tables.toml")
    about = rules.columns.get(column)
    if about and about.personal and about.personal.action in ("mask", "tokenise"):
        raise place.refuse(f"names {column}, of which {other} keeps no values in curated.", "relate by other columns")


def _same_batches(batch: Batch | None, other: Batch | None) -> bool:
    return other is None or (batch is not None and batch.label == other.label and batch.every == other.every)


def check_admitted(admitted: Mapping[str, str], tables: Tables, file: Path) -> None:
    """Refuse to admit a column that is in no table.

    Raises:
        Refusal: names it, and what was probably meant.
    """
    known = {column for described in tables.values() for table in described.values() for column in table.columns}
    for column in admitted:
        if column not in known:
            raise Refusal(f"[features] admitted names {column}, which is no column of any table."
                          f"{guess(column, known)}", where=str(file), fix="correct it, or take it out")
