"""What Lake Formation lets a principal do with databases, tables, columns and locations.

Tags and columns are written as conditions, since that is what they are: the more of them, the less is reached.
https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.review.access.condition import Condition, Conditions
from mlstead_toolkit.review.access.covering import Names
from mlstead_toolkit.review.access.permission import Holder, Permission, Realm
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.identity import holder
from mlstead_toolkit.review.access.sources.reading import blocks, several

PERMISSIONS: Final = "aws:lakeformation/permissions:Permissions"
FILTER: Final = "aws:lakeformation/dataCellsFilter:DataCellsFilter"
SETTINGS: Final = "aws:lakeformation/dataLakeSettings:DataLakeSettings"
TAG: Final = "lakeformation:tag/"
COLUMN: Final = "lakeformation:column"
ROWS: Final = "lakeformation:rows"


def lake_permissions(side: Side) -> Iterator[Permission]:
    """Give what Lake Formation's grants say, and who administers it."""
    for grant in side.of(PERMISSIONS):
        who = _who(side, str(grant.properties.get("principal")))
        for resource, conditions in _reached(side, grant.properties):
            for passed_on, path in (("", "permissions"), (" to others", "permissionsWithGrantOptions")):
                for permission in several(grant.properties.get(path)):
                    yield Permission(Realm.LAKE, who, True, Names(f"lakeformation:{permission}{passed_on}"),
                                     Names(resource), conditions, source=grant.urn)
    for settings in side.of(SETTINGS):
        for admin in several(settings.properties.get("admins")):
            yield Permission(Realm.LAKE, _who(side, admin), True, Names("lakeformation:ADMINISTER"),
                             Names("lake:Lake Formation"), source=settings.urn)
        for kind in ("createDatabaseDefaultPermissions", "createTableDefaultPermissions"):
            for default in blocks(settings.properties.get(kind)):
                for permission in several(default.get("permissions")):
                    yield Permission(Realm.LAKE, _who(side, str(default.get("principal"))), True,
                                     Names(f"lakeformation:{permission}"),
                                     Names("lake:new databases" if "Database" in kind else "lake:new tables"),
                                     source=settings.urn)


def _who(side: Side, principal: str) -> Holder:
    return Holder("AWS", "*") if principal.endswith("IAM_ALLOWED_PRINCIPALS") else holder(side, principal, "aws:iam/*")


def _reached(side: Side, grant: Mapping[str, Any]) -> Iterator[tuple[str, Conditions]]:
    none: Conditions = frozenset()
    if grant.get("catalogResource"):
        yield "lake:the catalog", none
    for database in blocks(grant.get("database")):
        yield f"lake:database/{database.get('name')}", none
    for table in blocks(grant.get("table")):
        yield _table(table, "*" if table.get("wildcard") else table.get("name")), none
    for table in blocks(grant.get("tableWithColumns")):
        where = _table(table, table.get("name"))
        if names := several(table.get("columnNames")):
            yield from ((where, frozenset({Condition(COLUMN, "StringEquals", (name,))})) for name in names)
        else:
            yield where, frozenset(Condition(COLUMN, "StringEquals", (name,), negated=True)
                                   for name in several(table.get("excludedColumnNames")))
    for location in blocks(grant.get("dataLocation")):
        yield f"lake:location/{location.get('arn')}", none
    for tag in blocks(grant.get("lfTag")):
        yield from ((f"lake:tag/{tag.get('key')}={value}", none) for value in several(tag.get("values")))
    for policy in blocks(grant.get("lfTagPolicy")):
        held = [[Condition(f"{TAG}{each.get('key')}", "StringEquals", (value,))
                 for value in several(each.get("values"))] for each in blocks(policy.get("expressions"))]
        for chosen in product(*held):
            yield f"lake:{str(policy.get('resourceType')).lower()}s", frozenset(chosen)
    for cells in blocks(grant.get("dataCellsFilter")):
        yield from _cells(side, cells)


def _table(table: Mapping[str, Any], name: object) -> str:
    return f"lake:table/{table.get('databaseName')}/{name}"


def _cells(side: Side, cells: Mapping[str, Any]) -> Iterator[tuple[str, Conditions]]:
    """Read what a filter of this stack lets through; what it says of rows is held as it is written."""
    where = f"lake:table/{cells.get('databaseName')}/{cells.get('tableName')}"
    data = next((found for found in map(_data, side.of(FILTER)) if _same(found, cells)), None)
    if data is None:
        yield where, frozenset({Condition(ROWS, "Filter", (str(cells.get("name")),))})
        return
    held = frozenset(Condition(ROWS, "Filter", (str(expression),)) for each in blocks(data.get("rowFilter"))
                     if (expression := each.get("filterExpression")))
    if names := several(data.get("columnNames")):
        yield from ((where, held | {Condition(COLUMN, "StringEquals", (name,))}) for name in names)
    else:
        excluded = [name for each in blocks(data.get("columnWildcard"))
                    for name in several(each.get("excludedColumnNames"))]
        yield where, held | {Condition(COLUMN, "StringEquals", (name,), negated=True) for name in excluded}


def _data(filter_: Resource) -> Mapping[str, Any]:
    return next(iter(blocks(filter_.properties.get("tableData"))), {})


def _same(data: Mapping[str, Any], cells: Mapping[str, Any]) -> bool:
    return all(data.get(key) == cells.get(key) for key in ("databaseName", "tableName", "name"))
