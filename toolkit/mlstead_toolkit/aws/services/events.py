"""Amazon EventBridge: rules on the default bus, and where they send what matches."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    arn,
    block,
    blocks,
    boolean,
    document,
    integer,
    mapping,
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
from mlstead_toolkit.engine.values import Properties

# AWS's own services report to the default bus alone.
_BUS: Final = string("eventBusName", default="default", replaces=True, enum=("default",))


def _wrap_target(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation == "PutTargets":
        arguments["Targets"] = [arguments["Targets"]]
    elif operation == "RemoveTargets":
        arguments["Ids"] = [state["targetId"]]


EVENT_RULE: Final = ResourceType(
    "aws:cloudwatch/eventRule:EventRule",
    service="events",
    identity="{name}",
    name=AutomaticName("name", 64, prefix_property="namePrefix"),
    properties=(
        string("name", replaces=True, computed=True),
        string("namePrefix", replaces=True, computed=True, local=True, maximum=38),
        string("description"),
        _BUS,
        document("eventPattern", maximum=4096),
        boolean("forceDestroy", default=False, api="Force"),
        arn("roleArn"),
        string("scheduleExpression", maximum=256),
        string("state", default="ENABLED"),
        *unsupported("deprecated; use state", "isEnabled"),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="", template="arn:{partition}:events:{region}:{account}:rule/{name}"),),
    conflicts=(("name", "namePrefix"),),
    one_of=(("eventPattern", "scheduleExpression"),),
    create=Call("PutRule"),
    read=Call("DescribeRule"),
    delete=Call("DeleteRule", also=("eventBusName", "forceDestroy")),
    coverage=Coverage.REAL,
    steps=(Step(("*",), Call("PutRule"), on_create=False),),
    tagging=Tagging(handle=("ResourceARN", "arn"), listing="ListTagsForResource", listed="Tags", add="TagResource",
                    remove="UntagResource"),
)

EVENT_TARGET: Final = ResourceType(
    "aws:cloudwatch/eventTarget:EventTarget",
    service="events",
    identity="{id}",
    name=AutomaticName("targetId", 64),
    properties=(
        arn("arn", required=True, api="Targets.Arn"),
        string("rule", required=True, replaces=True),
        string("targetId", replaces=True, computed=True, api="Targets.Id"),
        _BUS,
        block("deadLetterConfig", arn("arn"), api="Targets.DeadLetterConfig"),
        boolean("forceDestroy", default=False, local=True),
        string("input", api="Targets.Input"),
        string("inputPath", api="Targets.InputPath"),
        block("inputTransformer", mapping("inputPaths", api="InputPathsMap"), string("inputTemplate", required=True),
              api="Targets.InputTransformer"),
        block("retryPolicy", integer("maximumEventAgeInSeconds"), integer("maximumRetryAttempts"),
              api="Targets.RetryPolicy"),
        arn("roleArn", api="Targets.RoleArn"),
        block("sagemakerPipelineTarget",
              blocks("pipelineParameterLists", string("name", required=True), string("value", required=True),
                     ordered=False, api="PipelineParameterList"),
              api="Targets.SageMakerPipelineParameters"),
        block("sqsTarget", string("messageGroupId"), api="Targets.SqsParameters"),
        *unsupported("the local cloud delivers to queues, topics, log groups and pipelines", "appsyncTarget",
                     "batchTarget", "ecsTarget", "httpTarget", "kinesisTarget", "redshiftTarget", "runCommandTargets"),
        REGION,
    ),
    outputs=(string("id", api="", template="{rule}-{targetId}"),),
    conflicts=(("input", "inputPath", "inputTransformer"),),
    coverage=Coverage.REAL,
    create=Call("PutTargets"),
    read=Call("ListTargetsByRule", also=("rule", "eventBusName"), result="Targets", match=("Id", "targetId")),
    delete=Call("RemoveTargets", also=("rule", "eventBusName")),
    singleton=True,
    importable=False,
    to_api=_wrap_target,
)

RESOURCE_TYPES: Final = (EVENT_RULE, EVENT_TARGET)
