"""LF-tags: keys with their values, and what bears them. A table inherits from its database, a column from its table.

https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html
"""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError

from mlstead_toolkit.cloud.lake_formation.resource import Invalid, Missing, columns_of, table_columns, tables_of

Bearer = tuple[str, ...]
"""A database, a table or a column, by the names that lead to it."""


class Tags:
    """The tags of one account and region."""

    def __init__(self, account: str, region: str) -> None:
        self._account, self._region = account, region
        self.values: dict[str, list[str]] = {}
        self._assigned: dict[Bearer, dict[str, str]] = {}

    def create(self, key: str, values: list[str]) -> None:
        """Make a tag."""
        if key in self.values:
            raise Invalid(f"Tag key already exists: {key}")
        self.values[key] = list(values)

    def of_key(self, key: str) -> list[str]:
        """Give the values of a tag."""
        if key not in self.values:
            raise Missing(f"Tag key not found: {key}")
        return self.values[key]

    def change(self, key: str, added: list[str], dropped: list[str]) -> None:
        """Change the values of a tag; one that something bears stays."""
        values = self.of_key(key)
        borne = {tags[key] for tags in self._assigned.values() if key in tags}
        if kept := borne & set(dropped):
            raise Invalid(f"Update not allowed. {', '.join(sorted(kept))} of {key} is still assigned to a resource.")
        self.values[key] = [value for value in dict.fromkeys([*values, *added]) if value not in dropped]

    def delete(self, key: str) -> None:
        """Delete a tag, from what bears it, too."""
        self.of_key(key)
        del self.values[key]
        for tags in self._assigned.values():
            tags.pop(key, None)

    def require(self, key: str, values: list[str]) -> None:
        """Raise where there is no such tag, or no such value of it."""
        if set(values) - {"*"} - set(self.values.get(key, ())) or key not in self.values:
            raise Missing(f"Tag or tag value does not exist: {key}={', '.join(values)}")

    def assign(self, resource: dict[str, Any], tags: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Assign tags, one value a key, and give those that were refused with the reason."""
        bearers, failures = self._bearers(resource), []
        for tag in tags:
            key, values = tag["TagKey"], tag["TagValues"]
            try:
                self.require(key, values)
                if len(values) != 1:
                    raise Invalid("A resource bears one value of a tag.")
            except JsonRESTError as error:
                told = {"ErrorCode": error.error_type, "ErrorMessage": error.message}
                failures.append({"LFTag": tag, "Error": told})
                continue
            for bearer in bearers:
                self._assigned.setdefault(bearer, {})[key] = values[0]
        return failures

    def remove(self, resource: dict[str, Any], tags: list[dict[str, Any]]) -> None:
        """Take tags away."""
        for bearer in self._bearers(resource):
            assigned = self._assigned.get(bearer, {})
            for tag in tags:
                if assigned.get(tag["TagKey"]) in tag["TagValues"]:
                    del assigned[tag["TagKey"]]

    def described(self, resource: dict[str, Any], *, assigned: bool) -> dict[str, Any]:
        """Give the tags of a resource as GetResourceLFTags does: those in force, or only those `assigned` to it."""
        content = resource.get("Table") or resource.get("TableWithColumns")
        if content is None:
            return {"LFTagOnDatabase": self._pairs(self._bearers(resource)[0], assigned)}
        database, tables = content["DatabaseName"], tables_of(resource, self._account, self._region)
        answer: dict[str, Any] = {"LFTagOnDatabase": self._pairs((database,), assigned)}
        for table in tables[:1]:
            answer["LFTagsOnTable"] = self._pairs((database, table), assigned)
            borne = [{"Name": bearer[-1], "LFTags": self._pairs(bearer, assigned)}
                     for bearer in self._columns(resource, database, table)]
            answer["LFTagsOnColumns"] = [column for column in borne if column["LFTags"]]
        return {member: tags for member, tags in answer.items() if tags}

    def forget(self, database: str, table: str | None = None) -> None:
        """Forget what a table, or a database and all that is in it, bore: it is deleted."""
        names = (database,) if table is None else (database, table)
        self._assigned = {bearer: tags for bearer, tags in self._assigned.items() if bearer[:len(names)] != names}

    def _bearers(self, resource: dict[str, Any]) -> list[Bearer]:
        if "Database" in resource:
            return [(resource["Database"]["Name"],)]
        content = resource.get("Table") or resource.get("TableWithColumns")
        if content is None:
            raise Invalid("Only databases, tables and columns bear tags.")
        tables = tables_of(resource, self._account, self._region)
        if "Table" in resource:
            return [(content["DatabaseName"], table) for table in tables]
        return [(content["DatabaseName"], tables[0], column)
                for column in columns_of(resource, self._account, self._region)]

    def _columns(self, resource: dict[str, Any], database: str, table: str) -> list[Bearer]:
        if "TableWithColumns" in resource:
            return self._bearers(resource)
        from moto.glue.models import glue_backends

        found = glue_backends[self._account][self._region].databases[database].tables[table]
        return [(database, table, column) for column in table_columns(found)]

    def _pairs(self, bearer: Bearer, assigned: bool) -> list[dict[str, Any]]:
        levels = [bearer] if assigned else [bearer[:length] for length in range(1, len(bearer) + 1)]
        tags: dict[str, str] = {}
        for level in levels:
            tags |= self._assigned.get(level, {})
        return [{"CatalogId": self._account, "TagKey": key, "TagValues": [value]}
                for key, value in sorted(tags.items())]


def tags_of(backend: Any) -> Tags:
    """Give the tags that moto's backend of an account and region carries."""
    tags: Tags = vars(backend).setdefault("our_tags", Tags(backend.account_id, backend.region_name))
    return tags
