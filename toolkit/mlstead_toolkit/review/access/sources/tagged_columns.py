"""Which columns a grant by tag reaches: another tag on a column lets others select it, though no grant changes.

A column has the tags of its table, and that those of its database, but for keys that are tagged nearer to it.
https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mlstead_toolkit.review.access.condition import Condition, Conditions
from mlstead_toolkit.review.access.covering import Names
from mlstead_toolkit.review.access.permission import Permission
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.lake_formation import COLUMN, TAG, lake_permissions
from mlstead_toolkit.review.access.sources.reading import blocks, several

TABLE: Final = "aws:glue/catalogTable:CatalogTable"
TAGGING: Final = ("aws:lakeformation/resourceLfTag:ResourceLfTag", "aws:lakeformation/resourceLfTags:ResourceLfTags")
_Table = tuple[str, str]


@dataclass(frozen=True)
class _Tagging:
    """One tag on a database, a table or columns; `nearness` is 0, 1 or 2."""

    key: str
    value: str
    nearness: int
    database: str
    table: str = ""
    columns: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    source: str = ""

    def on(self, table: _Table, column: str) -> bool:
        """Tell whether a column has it, if nothing nearer says otherwise."""
        return (self.database == table[0] and self.table in ("", "*", table[1])
                and (not self.columns or column in self.columns) and column not in self.but)


def column_permissions(side: Side, other: Side) -> Iterator[Permission]:
    """Give the columns that grants by tag reach on a side, of tables and by grants that both sides have."""
    ours, theirs = (_granted(each) for each in (side, other))
    tables, there = _tables(side), _tables(other)
    taggings, tagged_there = (tuple(_taggings(each)) for each in (side, other))
    for table in sorted(tables.keys() & there.keys()):
        for column in sorted(tables[table] | there[table] | _named(table, (*taggings, *tagged_there))):
            tags = _tags(table, column, taggings)
            for grant in ours:
                if grant in theirs and _reaches(grant.conditions, tags):
                    nearest = max(tags.values(), key=lambda one: one.nearness)
                    yield Permission(grant.realm, grant.holder, True, grant.action,
                                     Names(f"lake:table/{table[0]}/{table[1]}"),
                                     frozenset({Condition(COLUMN, "StringEquals", (column,))}), source=nearest.source)


def _granted(side: Side) -> dict[Permission, None]:
    return dict.fromkeys(one for one in lake_permissions(side)
                         if one.resource.text == "lake:tables" and one.action.text == "lakeformation:SELECT")


def _tables(side: Side) -> dict[_Table, set[str]]:
    """Give the columns of each table that the stack makes."""
    found = {}
    for table in side.of(TABLE):
        said = table.properties
        columns = [*blocks(said.get("partitionKeys")), *(each for storage in blocks(said.get("storageDescriptor"))
                                                         for each in blocks(storage.get("columns")))]
        name = side.outputs.get(table.urn, {}).get("name") or said.get("name")
        found[str(said.get("databaseName")), str(name)] = {str(one.get("name")) for one in columns}
    return found


def _named(table: _Table, taggings: Iterable[_Tagging]) -> set[str]:
    return {column for one in taggings if (one.database, one.table) == table for column in one.columns}


def _taggings(side: Side) -> Iterator[_Tagging]:
    for resource in side.of(*TAGGING):
        said = resource.properties
        for tag in (*blocks(said.get("lfTag")), *blocks(said.get("lfTags"))):
            for place in _places(said):
                yield _Tagging(str(tag.get("key")), str(tag.get("value")), *place, source=resource.urn)


def _places(said: Mapping[str, Any]) -> Iterator[tuple[int, str, str, tuple[str, ...], tuple[str, ...]]]:
    for one in blocks(said.get("database")):
        yield 0, str(one.get("name")), "", (), ()
    for one in blocks(said.get("table")):
        yield 1, str(one.get("databaseName")), "*" if one.get("wildcard") else str(one.get("name")), (), ()
    for one in blocks(said.get("tableWithColumns")):
        wildcards = blocks(one.get("columnWildcard"))
        but = [*several(one.get("excludedColumnNames")),
               *(name for each in wildcards for name in several(each.get("excludedColumnNames")))]
        yield 2, str(one.get("databaseName")), str(one.get("name")), tuple(several(one.get("columnNames"))), tuple(but)


def _tags(table: _Table, column: str, taggings: Iterable[_Tagging]) -> dict[str, _Tagging]:
    found: dict[str, _Tagging] = {}
    for one in taggings:
        if one.on(table, column) and (one.key not in found or one.nearness >= found[one.key].nearness):
            found[one.key] = one
    return found


def _reaches(conditions: Conditions, tags: Mapping[str, _Tagging]) -> bool:
    return bool(conditions) and all(
        (key := one.key.removeprefix(TAG)) in tags and tags[key].value in one.values for one in conditions)
