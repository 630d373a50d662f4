"""Amazon EventBridge: rules on the default bus, by pattern or by schedule, and where they send what happens."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.documents import suggestion
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
from mlstead_toolkit.schedule import parse

# AWS's own services report to the default bus alone.
_BUS: Final = string("eventBusName", default="default", replaces=True, enum=("default",))


# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
_FILTERS: Final = ("anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard")


def _check_rule(inputs: Properties) -> list[tuple[str, str]]:
    expression, pattern, faults = inputs.get("scheduleExpression"), inputs.get("eventPattern"), []
    if isinstance(expression, str) and expression:
        try:
            parse(expression)
        except ValueError as error:
            faults.append(("scheduleExpression", str(error)))
    with suppress(ValueError):  # what is no JSON has been refused as that
        if isinstance(pattern, str):
            faults += [("eventPattern", fault) for fault in _pattern_faults(json.loads(pattern), "")]
    return faults


def _pattern_faults(pattern: Any, path: str) -> list[str]:
    """Check that every leaf of a pattern is a list of values and filters that EventBridge knows."""
    if isinstance(pattern, dict):
        return [fault for name, inner in pattern.items() for fault in (
            [one for branch in inner for one in _pattern_faults(branch, path)] if name == "$or"
            else _pattern_faults(inner, f"{path}.{name}".strip(".")))]
    if not isinstance(pattern, list) or not pattern:
        return [f"has {pattern!r} at {path or 'its root'}, where a list of values or filters must stand"]
    named = [name for entry in pattern if isinstance(entry, dict) for name in entry]
    return [f"has a filter {name!r} at {path}, which EventBridge does not know{suggestion(name, _FILTERS)}"
            for name in named if name not in _FILTERS]


def _check_target(inputs: Properties) -> list[tuple[str, str]]:
    arn, queue, faults = inputs.get("arn"), inputs.get("deadLetterConfig"), []
    if isinstance(arn, str) and ":sagemaker:" in arn and inputs.get("roleArn") in (None, ""):
        faults.append(("roleArn", "is missing: EventBridge starts a pipeline in the name of a role"))
    dead = queue.get("arn") if isinstance(queue, dict) else None
    if isinstance(dead, str) and (":sqs:" not in dead or dead.endswith(".fifo")):
        faults.append(("deadLetterConfig.arn", f"is {dead!r}, and must be that of a standard SQS queue"))
    return faults


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
    validate=_check_rule,
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
        block("retryPolicy", integer("maximumEventAgeInSeconds", minimum=60, maximum=86400),
              integer("maximumRetryAttempts", minimum=0, maximum=185), api="Targets.RetryPolicy"),
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
    validate=_check_target,
    coverage=Coverage.REAL,
    create=Call("PutTargets"),
    read=Call("ListTargetsByRule", also=("rule", "eventBusName"), result="Targets", match=("Id", "targetId")),
    delete=Call("RemoveTargets", also=("rule", "eventBusName")),
    singleton=True,
    importable=False,
    to_api=_wrap_target,
)

RESOURCE_TYPES: Final = (EVENT_RULE, EVENT_TARGET)
