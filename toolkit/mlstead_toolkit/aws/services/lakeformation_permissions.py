"""AWS Lake Formation: grants, of named resources and by tags."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    REGION,
    arn,
    block,
    blocks,
    boolean,
    replacing,
    string,
    string_set,
    unsupported,
)
from mlstead_toolkit.aws.schema import Call, ResourceType
from mlstead_toolkit.aws.services.lakeformation_resource import (
    COLUMNS,
    DATABASE,
    PRINCIPAL,
    TABLE,
    TAG_KEY,
    TAG_VALUE,
    catalog,
    made_of,
    name_resource,
    read_resource,
    resource_faults,
)
from mlstead_toolkit.engine.values import UNKNOWN, Properties

_DATABASE_WORDS: Final = ("ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP")
_TABLE_WORDS: Final = ("ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT")
# https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
_WORDS: Final = {
    "catalogResource": ("ALL", "CREATE_CATALOG", "CREATE_DATABASE", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION",
                        "DESCRIBE"),
    "dataLocation": ("DATA_LOCATION_ACCESS",),
    "database": _DATABASE_WORDS,
    "lfTag": ("ALTER", "ASSOCIATE", "DESCRIBE", "DROP", "GRANT_WITH_LF_TAG_EXPRESSION"),
    "table": _TABLE_WORDS,
    "tableWithColumns": ("SELECT",)}
_WORDS_BY_TAG: Final = {"DATABASE": _DATABASE_WORDS, "TABLE": _TABLE_WORDS}
_RESOURCES: Final = (*_WORDS, "lfTagPolicy")
_GIVEN: Final = ("catalogId", *_RESOURCES, "principal")
_GRANTED: Final = ("permissions", "permissionsWithGrantOptions")


def _write_grant(_operation: str, arguments: dict[str, Any], state: Properties) -> None:
    name_resource(arguments, state)
    if state.get("catalogResource"):
        arguments["Resource"] = {"Catalog": {}}


def _read_grant(values: Properties, answer: Properties) -> None:
    resource = answer.get("Resource", {})
    read_resource(values, resource)
    if "Catalog" in resource:
        values["catalogResource"] = True


def _check_grant(inputs: Properties) -> list[tuple[str, str]]:
    kind = next((name for name in _RESOURCES if inputs.get(name) not in (None, False)), None)
    faults, words = resource_faults(inputs), _WORDS.get(str(kind))
    if kind == "lfTagPolicy" and isinstance(inputs[kind], dict):
        words = _WORDS_BY_TAG.get(inputs[kind].get("resourceType"))
    if words is None:
        return faults
    for name in _GRANTED:
        given = inputs.get(name)
        for index, word in enumerate(given if isinstance(given, list) else []):
            if word is not UNKNOWN and word not in words:
                faults.append((f"{name}[{index}]", f"is {word!r}, and a grant on {kind} takes {', '.join(words)}"))
    granted, passed_on = (inputs.get(name) for name in _GRANTED)
    if isinstance(granted, list) and isinstance(passed_on, list) and UNKNOWN not in granted:
        faults += [("permissionsWithGrantOptions", f"holds {word!r}, which permissions does not")
                   for word in passed_on if word is not UNKNOWN and word not in granted]
    return faults


def _expression() -> tuple[Any, ...]:
    return (string("key", required=True, api="TagKey", pattern=TAG_KEY),
            string_set("values", required=True, api="TagValues", minimum=1, pattern=TAG_VALUE))


PERMISSIONS: Final = ResourceType(
    "aws:lakeformation/permissions:Permissions",
    service="lakeformation",
    identity="{id}",
    properties=(
        *replacing(
            string("catalogId", pattern=r"\d{12}"),
            boolean("catalogResource", api=""),
            block("dataLocation", arn("arn", required=True, api="ResourceArn"), catalog(), api="Resource.DataLocation"),
            DATABASE,
            block("lfTag", catalog(), *_expression(), api="Resource.LFTag"),
            block("lfTagPolicy", catalog(), string("resourceType", required=True),
                  blocks("expressions", *_expression(), required=True, ordered=False, api="Expression"),
                  api="Resource.LFTagPolicy"),
            string_set("permissions", required=True, minimum=1),
            string_set("permissionsWithGrantOptions", computed=True),
            string("principal", required=True, api="Principal.DataLakePrincipalIdentifier", pattern=PRINCIPAL),
            TABLE,
            COLUMNS,
        ),
        *unsupported("the local cloud has no data cells filters", "dataCellsFilter"),
        REGION,
    ),
    outputs=(made_of(*_GIVEN, *_GRANTED),),
    conflicts=(_RESOURCES,),
    one_of=(_RESOURCES,),
    validate=_check_grant,
    create=Call("GrantPermissions"),
    read=Call("ListPermissions", also=_GIVEN, result="PrincipalResourcePermissions.0"),
    delete=Call("RevokePermissions", also=(*_GIVEN, *_GRANTED)),
    gone=("InvalidInputException:No permissions revoked",),
    singleton=True,
    importable=False,
    to_api=_write_grant,
    from_api=_read_grant,
)

RESOURCE_TYPES: Final = (PERMISSIONS,)
