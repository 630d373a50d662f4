"""Which columns Lake Formation lets a principal select: decided from grants, assigned tags and tables as they stand.

Written from AWS's rules, not from the local cloud's code, which it holds to them:
- a table has its database's tags, a column its table's, and an own value for a key stands before the inherited one;
- a grant by tags reaches the columns whose tags meet every part of its expression;
- a grant to IAM_ALLOWED_PRINCIPALS leaves the decision to IAM, so it opens everything.
https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EVERYBODY = "IAM_ALLOWED_PRINCIPALS"
Tags = dict[str, str]
Table = tuple[str, str]
Grant = Mapping[str, Any]
"""An entry of ListPermissions."""


@dataclass
class LakeFormation:
    """What decides: grants, and the tags that are assigned to databases, tables and columns."""

    grants: list[Grant]
    columns: dict[Table, list[str]]
    database_tags: dict[str, Tags] = field(default_factory=dict)
    table_tags: dict[Table, Tags] = field(default_factory=dict)
    column_tags: dict[tuple[str, str, str], Tags] = field(default_factory=dict)

    @classmethod
    def read(cls, client: Callable[[str], Any]) -> LakeFormation:
        """Read everything that decides."""
        glue, lake_formation = client("glue"), client("lakeformation")

        def assigned(resource: dict[str, Any]) -> dict[str, Any]:
            return lake_formation.get_resource_lf_tags(Resource=resource, ShowAssignedLFTags=True)

        found = cls(lake_formation.list_permissions()["PrincipalResourcePermissions"], {})
        for database in (each["Name"] for each in glue.get_databases()["DatabaseList"]):
            tags = assigned({"Database": {"Name": database}})
            found.database_tags[database] = _tags(tags.get("LFTagOnDatabase"))
            for described in glue.get_tables(DatabaseName=database)["TableList"]:
                table = described["Name"]
                columns = [*described["StorageDescriptor"]["Columns"], *described.get("PartitionKeys", [])]
                found.columns[database, table] = [column["Name"] for column in columns]
                tags = assigned({"Table": {"DatabaseName": database, "Name": table}})
                found.table_tags[database, table] = _tags(tags.get("LFTagsOnTable"))
                for column in tags.get("LFTagsOnColumns", []):
                    found.column_tags[database, table, column["Name"]] = _tags(column["LFTags"])
        return found

    def selectable(self, principal: str, table: Table) -> set[str]:
        """Give the columns of a table that a principal may select."""
        return {column for grant in self.grants for column in self.columns[table]
                if grant["Principal"]["DataLakePrincipalIdentifier"] in (principal, EVERYBODY)
                and {"SELECT", "ALL"} & set(grant["Permissions"])
                and self._reaches(grant["Resource"], table, column)}

    def effective(self, table: Table, column: str) -> Tags:
        """Give a column's tags with those that it inherits."""
        return {**self.database_tags.get(table[0], {}), **self.table_tags.get(table, {}),
                **self.column_tags.get((*table, column), {})}

    def _reaches(self, resource: Mapping[str, Any], table: Table, column: str) -> bool:
        if policy := resource.get("LFTagPolicy"):
            tags = self.effective(table, column)
            return policy["ResourceType"] == "TABLE" and all(
                tags.get(part["TagKey"]) in part["TagValues"] for part in policy["Expression"])
        if named := resource.get("Table"):
            return named["DatabaseName"] == table[0] and ("TableWildcard" in named or named.get("Name") == table[1])
        if named := resource.get("TableWithColumns"):
            but = named.get("ColumnWildcard", {}).get("ExcludedColumnNames", [])
            return (named["DatabaseName"], named["Name"]) == table and (
                column in named.get("ColumnNames", []) or ("ColumnWildcard" in named and column not in but))
        return False


def _tags(pairs: list[dict[str, Any]] | None) -> Tags:
    return {pair["TagKey"]: pair["TagValues"][0] for pair in pairs or []}
