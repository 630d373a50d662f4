"""AWS Glue Data Quality: rulesets in its own language, DQDL."""

from __future__ import annotations

from typing import Final

from mlstead_toolkit.aws.properties import REGION, TAGS, block, string
from mlstead_toolkit.aws.schema import AutomaticName, Call, ResourceType, Step, Tagging
from mlstead_toolkit.dqdl import fault
from mlstead_toolkit.engine.values import Properties


def _check_ruleset(inputs: Properties) -> list[tuple[str, str]]:
    ruleset = inputs.get("ruleset")
    wrong = fault(ruleset) if isinstance(ruleset, str) else None
    return [("ruleset", wrong)] if wrong else []


RULESET: Final = ResourceType(
    "aws:glue/dataQualityRuleset:DataQualityRuleset",
    service="glue",
    identity="{name}",
    name=AutomaticName("name", 255),
    properties=(
        string("name", replaces=True, computed=True),
        string("description"),
        string("ruleset", required=True),
        block("targetTable", string("databaseName", required=True), string("tableName", required=True),
              string("catalogId"), replaces=True),
        REGION, TAGS,
    ),
    outputs=(
        string("arn", api="", template="arn:{partition}:glue:{region}:{account}:dataQualityRuleset/{name}"),
        string("createdOn"), string("lastModifiedOn", volatile=True), string("recommendationRunId"),
    ),
    validate=_check_ruleset,
    create=Call("CreateDataQualityRuleset"),
    read=Call("GetDataQualityRuleset"),
    delete=Call("DeleteDataQualityRuleset"),
    steps=(Step(("description", "ruleset"), Call("UpdateDataQualityRuleset"), on_create=False),),
    tagging=Tagging(handle=("ResourceArn", "arn"), listing="GetTags", listed="Tags", add="TagResource",
                    remove="UntagResource", tags="TagsToAdd", keys="TagsToRemove", as_map=True),
)

RESOURCE_TYPES: Final = (RULESET,)
