"""Lake Formation's operations over our own grants, tags, settings and registered locations.

moto keeps grants apart that AWS merges, knows no inheritance of tags, forgets what a location was registered with, and
lacks UpdateResource. Contract: tests/unit/cloud/test_lake_formation.py.
"""

from __future__ import annotations

import json
import time
from typing import Any

from mlstead_toolkit.cloud.lake_formation import catalog
from mlstead_toolkit.cloud.lake_formation.grants import grants_of
from mlstead_toolkit.cloud.lake_formation.resource import Invalid, Missing, plain, require
from mlstead_toolkit.cloud.lake_formation.tags import Tags, tags_of

PARAMETERS = {"CROSS_ACCOUNT_VERSION": "1", "SET_CONTEXT": "TRUE"}
OWN_ROLE = "aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess"


def install() -> None:
    """Put our operations in the place of moto's, and have the catalog grant what its settings say."""
    from moto.lakeformation import urls
    from moto.lakeformation.responses import LakeFormationResponse

    for operation in OPERATIONS:
        setattr(LakeFormationResponse, operation.__name__, operation)
    urls.url_paths["{0}/UpdateResource$"] = urls.response.dispatch
    catalog.install()


def put_data_lake_settings(self: Any) -> str:
    """PutDataLakeSettings: the whole of them; no default permissions means that Lake Formation decides alone."""
    settings = self._get_param("DataLakeSettings")
    empty: dict[str, list[Any]] = {name: [] for name in (
        "DataLakeAdmins", "ReadOnlyAdmins", "CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions",
        "TrustedResourceOwners", "ExternalDataFilteringAllowList")}
    self.lakeformation_backend.settings[_catalog(self)] = {**empty, "AllowExternalDataFiltering": False, **settings}
    return "{}"


def get_data_lake_settings(self: Any) -> str:
    """GetDataLakeSettings."""
    settings = self.lakeformation_backend.settings[_catalog(self)]
    return json.dumps({"DataLakeSettings": {"ReadOnlyAdmins": [], "Parameters": PARAMETERS, **settings}})


def register_resource(self: Any) -> str:
    """RegisterResource."""
    arn = self._get_param("ResourceArn")
    if arn in self.lakeformation_backend.resources:
        from moto.lakeformation.exceptions import AlreadyExists

        raise AlreadyExists(f"Resource is already registered: {arn}")
    return _keep_location(self, arn)


def update_resource(self: Any) -> str:
    """UpdateResource."""
    return _keep_location(self, _location(self)["ResourceArn"])


def describe_resource(self: Any) -> str:
    """DescribeResource."""
    return json.dumps({"ResourceInfo": _location(self)})


def deregister_resource(self: Any) -> str:
    """DeregisterResource."""
    del self.lakeformation_backend.resources[_location(self)["ResourceArn"]]
    return "{}"


def list_resources(self: Any) -> str:
    """ListResources."""
    return json.dumps({"ResourceInfoList": list(self.lakeformation_backend.resources.values())})


def grant_permissions(self: Any) -> str:
    """GrantPermissions."""
    _grant(self, {name: self._get_param(name) for name in _GRANT})
    return "{}"


def revoke_permissions(self: Any) -> str:
    """RevokePermissions."""
    _revoke(self, {name: self._get_param(name) for name in _GRANT})
    return "{}"


def batch_grant_permissions(self: Any) -> str:
    """BatchGrantPermissions."""
    return _batch(self, _grant)


def batch_revoke_permissions(self: Any) -> str:
    """BatchRevokePermissions."""
    return _batch(self, _revoke)


def list_permissions(self: Any) -> str:
    """ListPermissions."""
    principal, resource = self._get_param("Principal"), self._get_param("Resource")
    if principal is not None and resource is None:
        raise Invalid("Resource is mandatory if Principal is set in the input.")
    found = grants_of(self.lakeformation_backend).listed(
        principal and principal["DataLakePrincipalIdentifier"], resource and plain(resource, self.current_account),
        self._get_param("ResourceType"))
    return json.dumps({"PrincipalResourcePermissions": found})


def create_lf_tag(self: Any) -> str:
    """CreateLFTag."""
    _tags(self).create(self._get_param("TagKey"), self._get_param("TagValues"))
    return "{}"


def get_lf_tag(self: Any) -> str:
    """GetLFTag."""
    key = self._get_param("TagKey")
    return json.dumps({"CatalogId": _catalog(self), "TagKey": key, "TagValues": _tags(self).of_key(key)})


def list_lf_tags(self: Any) -> str:
    """ListLFTags."""
    return json.dumps({"LFTags": [{"CatalogId": _catalog(self), "TagKey": key, "TagValues": values}
                                  for key, values in _tags(self).values.items()]})


def update_lf_tag(self: Any) -> str:
    """UpdateLFTag."""
    _tags(self).change(self._get_param("TagKey"), self._get_param("TagValuesToAdd") or [],
                       self._get_param("TagValuesToDelete") or [])
    return "{}"


def delete_lf_tag(self: Any) -> str:
    """DeleteLFTag."""
    _tags(self).delete(self._get_param("TagKey"))
    return "{}"


def add_lf_tags_to_resource(self: Any) -> str:
    """AddLFTagsToResource."""
    return json.dumps({"Failures": _tags(self).assign(_resource(self), self._get_param("LFTags"))})


def remove_lf_tags_from_resource(self: Any) -> str:
    """RemoveLFTagsFromResource."""
    _tags(self).remove(_resource(self), self._get_param("LFTags"))
    return json.dumps({"Failures": []})


def get_resource_lf_tags(self: Any) -> str:
    """GetResourceLFTags."""
    return json.dumps(_tags(self).described(_resource(self), assigned=bool(self._get_param("ShowAssignedLFTags"))))


_GRANT = ("Principal", "Resource", "Permissions", "PermissionsWithGrantOption")
OPERATIONS = (
    put_data_lake_settings, get_data_lake_settings, register_resource, update_resource, describe_resource,
    deregister_resource, list_resources, grant_permissions, revoke_permissions, batch_grant_permissions,
    batch_revoke_permissions, list_permissions, create_lf_tag, get_lf_tag, list_lf_tags, update_lf_tag, delete_lf_tag,
    add_lf_tags_to_resource, remove_lf_tags_from_resource, get_resource_lf_tags,
)


def _catalog(response: Any) -> str:
    return str(response._get_param("CatalogId") or response.current_account)


def _tags(response: Any) -> Tags:
    return tags_of(response.lakeformation_backend)


def _resource(response: Any) -> dict[str, Any]:
    resource = plain(response._get_param("Resource"), response.current_account)
    require(resource, response.current_account, response.region)
    return resource


def _location(response: Any) -> dict[str, Any]:
    arn = response._get_param("ResourceArn")
    location: dict[str, Any] | None = response.lakeformation_backend.resources.get(arn)
    if location is None:
        raise Missing(f"Resource is not registered: {arn}")
    return location


def _keep_location(response: Any, arn: str) -> str:
    role = response._get_param("RoleArn") or f"arn:aws:iam::{response.current_account}:role/{OWN_ROLE}"
    location = {"ResourceArn": arn, "RoleArn": role, "LastModified": time.time()}
    for name in ("WithFederation", "HybridAccessEnabled", "WithPrivilegedAccess"):
        location[name] = bool(response._get_param(name))
    response.lakeformation_backend.resources[arn] = location
    return "{}"


def _grant(response: Any, entry: dict[str, Any]) -> None:
    account, backend = response.current_account, response.lakeformation_backend
    resource = plain(entry["Resource"], account)
    require(resource, account, response.region)
    for tag in ([resource["LFTag"]] if "LFTag" in resource else resource.get("LFTagPolicy", {}).get("Expression", [])):
        tags_of(backend).require(tag["TagKey"], tag["TagValues"])
    arn = resource.get("DataLocation", {}).get("ResourceArn")
    if arn and not any(arn == known or arn.startswith(f"{known.rstrip('/')}/") for known in backend.resources):
        raise Invalid(f"You must register the S3 path before granting data location permissions: {arn}")
    _apply(grants_of(backend).add, entry, resource)


def _revoke(response: Any, entry: dict[str, Any]) -> None:
    resource = plain(entry["Resource"], response.current_account)
    _apply(grants_of(response.lakeformation_backend).take, entry, resource)


def _apply(change: Any, entry: dict[str, Any], resource: dict[str, Any]) -> None:
    change(entry["Principal"]["DataLakePrincipalIdentifier"], resource, entry.get("Permissions") or [],
           entry.get("PermissionsWithGrantOption") or [])


def _batch(response: Any, change: Any) -> str:
    from moto.core.exceptions import JsonRESTError

    failures = []
    for entry in response._get_param("Entries"):
        try:
            change(response, entry)
        except JsonRESTError as error:
            told = {"ErrorCode": error.error_type, "ErrorMessage": error.message}
            failures.append({"RequestEntry": entry, "Error": told})
    return json.dumps({"Failures": failures})
