"""Who may do what with a resource of the catalog: one entry for each principal and resource."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mlstead_toolkit.cloud.lake_formation.resource import Invalid, key_of

_OF_TYPE = {
    "CATALOG": ("Catalog",),
    "DATABASE": ("Database",),
    "TABLE": ("Table", "TableWithColumns"),
    "DATA_LOCATION": ("DataLocation",),
    "LF_TAG": ("LFTag",),
    "LF_TAG_POLICY": ("LFTagPolicy",),
    "LF_TAG_POLICY_DATABASE": ("LFTagPolicy",),
    "LF_TAG_POLICY_TABLE": ("LFTagPolicy",),
}


@dataclass
class Grant:
    """What one principal may do with one resource, and which of it it may pass on."""

    principal: str
    resource: dict[str, Any]
    permissions: set[str] = field(default_factory=set)
    passed_on: set[str] = field(default_factory=set)

    def described(self) -> dict[str, Any]:
        """Give the entry as ListPermissions answers it."""
        return {
            "Principal": {"DataLakePrincipalIdentifier": self.principal},
            "Resource": self.resource,
            "Permissions": sorted(self.permissions),
            "PermissionsWithGrantOption": sorted(self.passed_on),
        }


class Grants:
    """All grants of one account and region."""

    def __init__(self) -> None:
        self._grants: dict[tuple[str, str], Grant] = {}

    def add(self, principal: str, resource: dict[str, Any], permissions: Iterable[str], passed_on: Iterable[str]
            ) -> None:
        """Grant, in addition to what is granted already."""
        grant = self._grants.setdefault((principal, key_of(resource)), Grant(principal, resource))
        grant.permissions |= {*permissions, *passed_on}
        grant.passed_on |= set(passed_on)

    def take(self, principal: str, resource: dict[str, Any], permissions: Iterable[str], passed_on: Iterable[str]
             ) -> None:
        """Revoke; raise Invalid where nothing of it is granted."""
        key = (principal, key_of(resource))
        grant = self._grants.get(key)
        gone = set(permissions)
        if grant is None or not (grant.permissions & gone or grant.passed_on & set(passed_on)):
            raise Invalid(f"No permissions revoked. Grantee does not have: {sorted(gone)}")
        grant.permissions -= gone
        grant.passed_on -= {*gone, *passed_on}
        if not grant.permissions:
            del self._grants[key]

    def listed(self, principal: str | None, resource: dict[str, Any] | None, type_: str | None) -> list[dict[str, Any]]:
        """List the grants, of a principal, on a resource or on resources of a type."""
        return [grant.described() for _, grant in sorted(self._grants.items())
                if principal in (None, grant.principal)
                and (resource is None or key_of(resource) == key_of(grant.resource))
                and (type_ is None or _is_of_type(grant.resource, type_))]

    def forget(self, database: str, table: str | None = None) -> None:
        """Forget what was granted on a table, or on a database and all that is in it: it is deleted."""
        self._grants = {key: grant for key, grant in self._grants.items()
                        if not _concerns(grant.resource, database, table)}


def grants_of(backend: Any) -> Grants:
    """Give the grants that moto's backend of an account and region carries."""
    grants: Grants = vars(backend).setdefault("our_grants", Grants())
    return grants


def _is_of_type(resource: dict[str, Any], type_: str) -> bool:
    level = resource.get("LFTagPolicy", {}).get("ResourceType")
    return any(kind in resource for kind in _OF_TYPE.get(type_, ())) and (
        type_ not in ("LF_TAG_POLICY_DATABASE", "LF_TAG_POLICY_TABLE") or type_.endswith(f"_{level}"))


def _concerns(resource: dict[str, Any], database: str, table: str | None) -> bool:
    content = resource.get("Table") or resource.get("TableWithColumns")
    if content is not None:
        return bool(content["DatabaseName"] == database and table in (None, content.get("Name")))
    return table is None and bool(resource.get("Database", {}).get("Name") == database)
