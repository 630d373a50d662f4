"""What Lake Formation's tags and grants are about, in the words that their types share: database, table, columns."""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    Property,
    block,
    boolean,
    string,
    string_set,
)
from mlstead_toolkit.engine.values import Properties

PRINCIPAL: Final = r"IAM_ALLOWED_PRINCIPALS|\d{12}(:IAMPrincipals)?|arn:aws[\w-]*:\S+"
TAG_KEY: Final = r"[\w\s.:/=+\-@%]{1,128}"
TAG_VALUE: Final = r"[\w\s.:*/=+\-@%]{1,255}"


def catalog(name: str = "catalogId") -> Property:
    """Give the catalog of a block: the account's own where none is named."""
    return string(name, computed=True, pattern=r"\d{12}")


DATABASE: Final = block("database", catalog(), string("name", required=True), api="Resource.Database")
TABLE: Final = block("table", catalog(), string("databaseName", required=True), string("name", computed=True),
                     boolean("wildcard", default=False, api=""), api="Resource.Table")
COLUMNS: Final = block("tableWithColumns", catalog(), string("databaseName", required=True),
                       string("name", required=True), string_set("columnNames"),
                       string_set("excludedColumnNames", api="ColumnWildcard.ExcludedColumnNames"),
                       boolean("wildcard", default=False, api=""), api="Resource.TableWithColumns")


def made_of(*names: str) -> Property:
    """Give the id of a resource that AWS knows by no name: a number made of the properties that it is."""

    def number(facts: Properties) -> str:
        given = {name: facts[name] for name in names if facts.get(name) is not None}
        return str(zlib.crc32(json.dumps(given, sort_keys=True).encode()))

    return string("id", api="", template=number)


def name_resource(arguments: dict[str, Any], state: Properties) -> None:
    """Write the wildcards, which AWS wants as empty structures."""
    resource = arguments.get("Resource", {})
    for name, member, wildcard in (("table", "Table", "TableWildcard"),
                                   ("tableWithColumns", "TableWithColumns", "ColumnWildcard")):
        if (state.get(name) or {}).get("wildcard"):
            resource[member].setdefault(wildcard, {})


def read_resource(values: Properties, resource: dict[str, Any]) -> None:
    """Read the wildcards."""
    for name, member, wildcard in (("table", "Table", "TableWildcard"),
                                   ("tableWithColumns", "TableWithColumns", "ColumnWildcard")):
        if wildcard in resource.get(member, {}):
            values[name]["wildcard"] = True


def resource_faults(inputs: Properties) -> list[tuple[str, str]]:
    """Say which table or columns are not named."""
    faults = []
    table, columns = inputs.get("table"), inputs.get("tableWithColumns")
    if isinstance(table, dict) and not _given(table, "name", "wildcard"):
        faults.append(("table", "needs a name, or wildcard: true"))
    if isinstance(columns, dict):
        wildcard = _given(columns, "wildcard") or "columnWildcard" in columns
        if not wildcard and not _given(columns, "columnNames"):
            faults.append(("tableWithColumns", "needs columnNames, or a wildcard"))
        if not wildcard and _given(columns, "excludedColumnNames"):
            faults.append(("tableWithColumns.excludedColumnNames", "needs wildcard: true as well"))
    return faults


def _given(block: Properties, *names: str) -> bool:
    return any(block.get(name) not in (None, False, "", []) for name in names)
