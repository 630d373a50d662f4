"""AWS Lake Formation: who governs the data lake, where its data lies, and the tags that columns and grants share.

What is tagged is in lakeformation_tagged, grants are in lakeformation_permissions.
"""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    REGION,
    Property,
    arn,
    arn_set,
    blocks,
    boolean,
    mapping,
    replacing,
    string,
    string_list,
    string_set,
)
from mlstead_toolkit.aws.schema import Call, ResourceType, Step
from mlstead_toolkit.aws.services.lakeformation_resource import PRINCIPAL, TAG_KEY, TAG_VALUE
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

_CATALOG: Final = string("catalogId", replaces=True, computed=True, template="{account}")
_PRINCIPALS: Final = {"DataLakeAdmins": "admins", "ReadOnlyAdmins": "readOnlyAdmins",
                      "ExternalDataFilteringAllowList": "externalDataFilteringAllowLists"}
_EVERYBODY: Final = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]
_AWS_DEFAULT: Final = {"CreateDatabaseDefaultPermissions": _EVERYBODY, "CreateTableDefaultPermissions": _EVERYBODY,
                       "DataLakeAdmins": [], "ReadOnlyAdmins": [], "TrustedResourceOwners": []}


def _write_principals(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    settings = arguments.get("DataLakeSettings", {})
    if operation == "PutDataLakeSettings" and state["@whole"]:
        for member in _PRINCIPALS:
            if member in settings:
                settings[member] = [{"DataLakePrincipalIdentifier": principal} for principal in settings[member]]


def _read_principals(values: Properties, answer: Properties) -> None:
    for member, name in _PRINCIPALS.items():
        if answer.get(member):
            values[name] = [principal["DataLakePrincipalIdentifier"] for principal in answer[member]]


def _defaults(name: str) -> Property:
    member = f"DataLakeSettings.{name[0].upper()}{name[1:]}"
    return blocks(name, string_set("permissions", computed=True),
                  string("principal", computed=True, api="Principal.DataLakePrincipalIdentifier", pattern=PRINCIPAL),
                  computed=True, maximum=3, api=member)


def _own_role(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    """Register with the service's own role where the program names none, as the real provider does."""
    if operation == "RegisterResource" and "roleArn" not in state:
        arguments.setdefault("UseServiceLinkedRole", True)


def _change_values(work: Work) -> None:
    old, new = set(work.old_inputs["values"]), set(work.inputs["values"])
    changes = {"TagValuesToAdd": sorted(new - old), "TagValuesToDelete": sorted(old - new)}
    work.call("UpdateLFTag", CatalogId=work.state()["catalogId"], TagKey=work.inputs["key"],
              **{member: values for member, values in changes.items() if values})


DATA_LAKE_SETTINGS: Final = ResourceType(
    "aws:lakeformation/dataLakeSettings:DataLakeSettings",
    service="lakeformation",
    identity="{catalogId}",
    properties=(
        _CATALOG,
        arn_set("admins", computed=True, api="DataLakeSettings.DataLakeAdmins"),
        arn_set("readOnlyAdmins", computed=True, api="DataLakeSettings.ReadOnlyAdmins"),
        boolean("allowExternalDataFiltering", api="DataLakeSettings.AllowExternalDataFiltering"),
        boolean("allowFullTableExternalDataAccess", api="DataLakeSettings.AllowFullTableExternalDataAccess"),
        string_list("authorizedSessionTagValueLists", computed=True,
                    api="DataLakeSettings.AuthorizedSessionTagValueList"),
        _defaults("createDatabaseDefaultPermissions"),
        _defaults("createTableDefaultPermissions"),
        string_set("externalDataFilteringAllowLists", computed=True, pattern=PRINCIPAL,
                   api="DataLakeSettings.ExternalDataFilteringAllowList"),
        mapping("parameters", computed=True, api="DataLakeSettings.Parameters"),
        string_list("trustedResourceOwners", computed=True, pattern=r"\d{12}",
                    api="DataLakeSettings.TrustedResourceOwners"),
        REGION,
    ),
    create=Call("PutDataLakeSettings"),
    read=Call("GetDataLakeSettings", result="DataLakeSettings"),
    # A catalog always has settings: to delete them is to put AWS's default, by which IAM alone decides.
    delete=Call("PutDataLakeSettings", fixed=(("DataLakeSettings", _AWS_DEFAULT),)),
    singleton=True,
    to_api=_write_principals,
    from_api=_read_principals,
)

RESOURCE: Final = ResourceType(
    "aws:lakeformation/resource:Resource",
    service="lakeformation",
    identity="{arn}",
    properties=(
        *replacing(
            arn("arn", required=True, api="ResourceArn"),
            arn("roleArn", computed=True),
            boolean("useServiceLinkedRole"),
            boolean("hybridAccessEnabled", computed=True),
            boolean("withFederation", computed=True),
            boolean("withPrivilegedAccess", computed=True),
        ),
        REGION,
    ),
    outputs=(string("lastModified", volatile=True),),
    conflicts=(("roleArn", "useServiceLinkedRole"),),
    create=Call("RegisterResource"),
    read=Call("DescribeResource", result="ResourceInfo"),
    delete=Call("DeregisterResource"),
    to_api=_own_role,
)

LF_TAG: Final = ResourceType(
    "aws:lakeformation/lfTag:LfTag",
    service="lakeformation",
    identity="{catalogId}:{key}",
    properties=(
        _CATALOG,
        string("key", required=True, replaces=True, api="TagKey", pattern=TAG_KEY),
        string_set("values", required=True, api="TagValues", minimum=1, maximum=50, pattern=TAG_VALUE),
        REGION,
    ),
    create=Call("CreateLFTag"),
    read=Call("GetLFTag"),
    delete=Call("DeleteLFTag"),
    steps=(Step(("values",), _change_values, on_create=False),),
)

RESOURCE_TYPES: Final = (DATA_LAKE_SETTINGS, RESOURCE, LF_TAG)
