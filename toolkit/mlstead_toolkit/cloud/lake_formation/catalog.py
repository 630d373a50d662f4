"""What AWS Glue does for Lake Formation: new tables are granted what the settings say, deleted ones nothing.

In an account as AWS hands it over, the settings grant ALL to IAM_ALLOWED_PRINCIPALS: IAM alone decides.
https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
"""

from __future__ import annotations

from typing import Any

from mlstead_toolkit.cloud.lake_formation.grants import grants_of
from mlstead_toolkit.cloud.lake_formation.resource import plain
from mlstead_toolkit.cloud.lake_formation.tags import tags_of

_DEFAULTS = "CreateTableDefaultPermissions"


def install() -> None:
    """Put it behind the catalog's operations."""
    from moto.glue.models import GlueBackend

    create_database, create_table = GlueBackend.create_database, GlueBackend.create_table
    delete_database, delete_table = GlueBackend.delete_database, GlueBackend.delete_table

    def database_created(self: Any, database_name: str, database_input: dict[str, Any], tags: Any = None) -> Any:
        settings = _lake_formation(self).settings[self.account_id]
        if database_input.get(_DEFAULTS) is None:
            database_input[_DEFAULTS] = settings.get(_DEFAULTS, [])
        made = create_database(self, database_name, database_input, tags)
        _grant(self, {"Database": {"Name": database_name}}, settings.get("CreateDatabaseDefaultPermissions", []))
        return made

    def table_created(self: Any, database_name: str, table_name: str, *rest: Any, **more: Any) -> Any:
        made = create_table(self, database_name, table_name, *rest, **more)
        defaults = self.databases[database_name].input.get(_DEFAULTS) or []
        _grant(self, {"Table": {"DatabaseName": database_name, "Name": table_name}}, defaults)
        return made

    def database_deleted(self: Any, database_name: str) -> None:
        delete_database(self, database_name)
        _forget(self, database_name)

    def table_deleted(self: Any, database_name: str, table_name: str) -> None:
        delete_table(self, database_name, table_name)
        _forget(self, database_name, table_name)

    for name, function in (("create_database", database_created), ("create_table", table_created),
                           ("delete_database", database_deleted), ("delete_table", table_deleted)):
        setattr(GlueBackend, name, function)


def _lake_formation(glue: Any) -> Any:
    from moto.lakeformation.models import lakeformation_backends

    return lakeformation_backends[glue.account_id][glue.region_name]


def _grant(glue: Any, resource: dict[str, Any], defaults: list[dict[str, Any]]) -> None:
    for default in defaults:
        grants_of(_lake_formation(glue)).add(default["Principal"]["DataLakePrincipalIdentifier"],
                                             plain(resource, glue.account_id), default["Permissions"], [])


def _forget(glue: Any, database: str, table: str | None = None) -> None:
    backend = _lake_formation(glue)
    grants_of(backend).forget(database, table)
    tags_of(backend).forget(database, table)
