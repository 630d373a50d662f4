"""Amazon CloudWatch Logs: log groups."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    arn,
    boolean,
    integer,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

_DAYS: Final = (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
                3653)


def _retain(work: Work) -> None:
    if days := work.inputs.get("retentionInDays"):
        work.call("PutRetentionPolicy", logGroupName=work.resource_id, retentionInDays=days)
    else:
        work.call("DeleteRetentionPolicy", logGroupName=work.resource_id)


def _encrypt(work: Work) -> None:
    if key := work.inputs.get("kmsKeyId"):
        work.call("AssociateKmsKey", logGroupName=work.resource_id, kmsKeyId=key)
    else:
        work.call("DisassociateKmsKey", logGroupName=work.resource_id)


def _name_prefix(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation == "DescribeLogGroups":
        arguments.clear()
        arguments["logGroupNamePrefix"] = state["name"]


LOG_GROUP: Final = ResourceType(
    "aws:cloudwatch/logGroup:LogGroup",
    service="logs",
    identity="{name}",
    name=AutomaticName("name", 512, prefix_property="namePrefix"),
    properties=(
        string("name", replaces=True, computed=True, api="logGroupName"),
        string("namePrefix", replaces=True, computed=True, local=True),
        arn("kmsKeyId"),
        integer("retentionInDays", default=0, enum=_DAYS),
        string("logGroupClass", computed=True, replaces=True),
        boolean("skipDestroy", default=False, local=True),
        *unsupported("the emulator does not keep it", "deletionProtectionEnabled"),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="", template="arn:{partition}:logs:{region}:{account}:log-group:{name}"),),
    conflicts=(("name", "namePrefix"),),
    create=Call("CreateLogGroup"),
    read=Call("DescribeLogGroups", result="logGroups", match=("logGroupName", "name")),
    delete=Call("DeleteLogGroup"),
    coverage=Coverage.REAL,
    steps=(Step(("retentionInDays",), _retain), Step(("kmsKeyId",), _encrypt, on_create=False)),
    tagging=Tagging(handle=("resourceArn", "arn"), listing="ListTagsForResource", listed="tags", add="TagResource",
                    remove="UntagResource", on_create="tags", tags="tags", keys="tagKeys", as_map=True),
    to_api=_name_prefix,
)

RESOURCE_TYPES: Final = (LOG_GROUP,)
