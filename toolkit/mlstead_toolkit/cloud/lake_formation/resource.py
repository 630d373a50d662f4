"""A resource of Lake Formation as its requests write it, brought into one form so that equal ones compare equal."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.glue.models import FakeTable, glue_backends

KINDS = ("Catalog", "Database", "Table", "TableWithColumns", "DataLocation", "LFTag", "LFTagPolicy")


class Missing(JsonRESTError):
    """What the request names is not there."""

    def __init__(self, what: str) -> None:
        super().__init__("EntityNotFoundException", what)


class Invalid(JsonRESTError):
    """What the request asks for cannot be."""

    def __init__(self, what: str) -> None:
        super().__init__("InvalidInputException", what)


def plain(resource: dict[str, Any], account: str) -> dict[str, Any]:
    """Bring a resource into one form: its one kind, the catalog named, lists in order."""
    kinds = [kind for kind in KINDS if resource.get(kind) is not None]
    if len(kinds) != 1:
        raise Invalid(f"Resource must have exactly one of {', '.join(KINDS)}.")
    content: dict[str, Any] = _ordered(resource[kinds[0]])
    if kinds[0] != "Catalog":
        content.setdefault("CatalogId", account)
    return {kinds[0]: content}


def key_of(resource: dict[str, Any]) -> str:
    """Give a text that is the same for the same resource."""
    return json.dumps(resource, sort_keys=True)


def require(resource: dict[str, Any], account: str, region: str) -> None:
    """Raise where the catalog does not have the database, the table or a column."""
    if name := resource.get("Database", {}).get("Name"):
        _database(account, region, name)
    if "Table" in resource:
        tables_of(resource, account, region)
    if "TableWithColumns" in resource:
        columns_of(resource, account, region)


def tables_of(resource: dict[str, Any], account: str, region: str) -> list[str]:
    """Name the tables that a Table or TableWithColumns resource is about."""
    content = resource.get("Table") or resource["TableWithColumns"]
    tables = _database(account, region, content["DatabaseName"]).tables
    if "Name" not in content:
        return list(tables)
    if content["Name"] not in tables:
        raise Missing(f"Table not found: {content['Name']}")
    return [content["Name"]]


def columns_of(resource: dict[str, Any], account: str, region: str) -> list[str]:
    """Name the columns that a TableWithColumns resource is about, in the table's order."""
    content = resource["TableWithColumns"]
    name = tables_of(resource, account, region)[0]
    present = table_columns(_database(account, region, content["DatabaseName"]).tables[name])
    if "ColumnWildcard" in content:
        return [column for column in present if column not in content["ColumnWildcard"].get("ExcludedColumnNames", [])]
    for column in content.get("ColumnNames", []):
        if column not in present:
            raise Missing(f"Column not found: {column} in {content['DatabaseName']}.{name}")
    return [column for column in present if column in content.get("ColumnNames", [])]


def table_columns(table: FakeTable) -> list[str]:
    """Name the columns of a table, those it is partitioned by last."""
    described = table.as_dict()
    columns = (described.get("StorageDescriptor") or {}).get("Columns") or []
    return [column["Name"] for column in (*columns, *(described.get("PartitionKeys") or []))]


def _database(account: str, region: str, name: str) -> Any:
    database = glue_backends[account][region].databases.get(name)
    if database is None:
        raise Missing(f"Database not found: {name}")
    return database


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return sorted((_ordered(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value
