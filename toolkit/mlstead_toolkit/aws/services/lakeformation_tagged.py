"""AWS Lake Formation: the tags that a database, a table or columns bear."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    REGION,
    Property,
    block,
    blocks,
    replacing,
    string,
    string_set,
)
from mlstead_toolkit.aws.schema import Call, ResourceType
from mlstead_toolkit.aws.services.lakeformation_resource import (
    COLUMNS,
    DATABASE,
    TABLE,
    TAG_KEY,
    TAG_VALUE,
    catalog,
    made_of,
    name_resource,
    resource_faults,
)
from mlstead_toolkit.engine.provider import ProviderError
from mlstead_toolkit.engine.values import Properties

_RESOURCES: Final = ("database", "table", "tableWithColumns")
_ONE_TAG: Final = (catalog(), string("key", required=True, api="TagKey", pattern=TAG_KEY),
                   string("value", required=True, api="TagValues", pattern=TAG_VALUE))
_COLUMN_FIELDS: Final = tuple(line for line in COLUMNS.fields if line.name not in ("excludedColumnNames", "wildcard"))
_WILDCARD: Final = block("columnWildcard", string_set("excludedColumnNames"))


def _write_tags(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    name_resource(arguments, state)
    if operation == "GetResourceLFTags":
        arguments["ShowAssignedLFTags"] = True
    for tag in arguments.get("LFTags", []):
        tag["TagValues"] = [tag["TagValues"]]


def _read_tags(values: Properties, answer: Properties) -> None:
    """Read the tags that are assigned: of several columns those that every one of them bears."""
    if answer["@operation"] == "AddLFTagsToResource":
        for failure in answer.get("Failures", []):
            tag, error = failure["LFTag"], failure["Error"]
            raise ProviderError(f"The tag {tag['TagKey']}={','.join(tag['TagValues'])} was refused: "
                                f"{error['ErrorMessage']} ({error['ErrorCode']})",
                                fix="give the LfTag that key and that value, and let this depend on it")
        return
    state = answer["@state"]
    if state.get("database"):
        tags = _pairs(answer.get("LFTagOnDatabase"))
    elif state.get("table"):
        tags = _pairs(answer.get("LFTagsOnTable"))
    else:
        columns = [_pairs(column["LFTags"]) for column in answer.get("LFTagsOnColumns", [])]
        wanted = len((state.get("tableWithColumns") or {}).get("columnNames") or columns)
        tags = [tag for tag in columns[0] if all(tag in others for others in columns)] if len(columns) == wanted else []
    if "lfTag" in state:
        key = state["lfTag"]["key"]
        values["lfTag"] = next((tag for tag in tags if tag["key"] == key), None)
    else:
        values["lfTags"] = tags


def _pairs(tags: list[dict[str, Any]] | None) -> list[dict[str, str]]:
    return [{"catalogId": tag["CatalogId"], "key": tag["TagKey"], "value": value} for tag in tags or []
            for value in tag["TagValues"]]


def _tagged(token: str, columns: Property, tags: Property, *more: Property) -> ResourceType:
    return ResourceType(
        f"aws:lakeformation/{token[0].lower()}{token[1:]}:{token}",
        service="lakeformation",
        identity="{id}",
        properties=(*replacing(catalog(), DATABASE, TABLE, columns, tags), *more, REGION),
        outputs=(made_of("catalogId", *_RESOURCES, tags.name),),
        conflicts=(_RESOURCES,),
        one_of=(_RESOURCES,),
        validate=resource_faults,
        create=Call("AddLFTagsToResource"),
        read=Call("GetResourceLFTags", also=("catalogId", *_RESOURCES)),
        delete=Call("RemoveLFTagsFromResource", also=("catalogId", *_RESOURCES, tags.name)),
        singleton=True,
        importable=False,
        absent=lambda values: not values.get(tags.name),
        to_api=_write_tags,
        from_api=_read_tags,
    )


RESOURCE_TYPES: Final = (
    _tagged("ResourceLfTag", replace(COLUMNS, fields=(*_COLUMN_FIELDS, _WILDCARD)),
            block("lfTag", *_ONE_TAG, required=True, api="LFTags"),
            block("timeouts", string("create"), string("delete"), local=True)),
    _tagged("ResourceLfTags", COLUMNS, blocks("lfTags", *_ONE_TAG, required=True, ordered=False, api="LFTags")),
)
