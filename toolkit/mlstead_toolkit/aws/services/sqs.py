"""Amazon SQS: queues and their policies. A queue's settings are a map of strings."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.failures import Refusal
from mlstead_toolkit.aws.members import as_string
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    boolean,
    document,
    integer,
    policy,
    string,
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

_ATTRIBUTES: Final = (
    boolean("contentBasedDeduplication", default=False, api="ContentBasedDeduplication"),
    string("deduplicationScope", computed=True, api="DeduplicationScope", enum=("messageGroup", "queue")),
    integer("delaySeconds", default=0, minimum=0, maximum=900, api="DelaySeconds"),
    string("fifoThroughputLimit", computed=True, api="FifoThroughputLimit", enum=("perQueue", "perMessageGroupId")),
    integer("kmsDataKeyReusePeriodSeconds", computed=True, minimum=60, maximum=86400,
            api="KmsDataKeyReusePeriodSeconds"),
    string("kmsMasterKeyId", api="KmsMasterKeyId"),
    integer("maxMessageSize", default=262144, minimum=1024, maximum=1048576, api="MaximumMessageSize"),
    integer("messageRetentionSeconds", default=345600, minimum=60, maximum=1209600, api="MessageRetentionPeriod"),
    policy("policy", computed=True, attached="resource", api="Policy"),
    integer("receiveWaitTimeSeconds", default=0, minimum=0, maximum=20, api="ReceiveMessageWaitTimeSeconds"),
    document("redriveAllowPolicy", computed=True, api="RedriveAllowPolicy"),
    document("redrivePolicy", computed=True, api="RedrivePolicy"),
    boolean("sqsManagedSseEnabled", computed=True, api="SqsManagedSseEnabled"),
    integer("visibilityTimeoutSeconds", default=30, minimum=0, maximum=43200, api="VisibilityTimeout"),
)
_GONE: Final = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_READ: Final = Call("GetQueueAttributes", fixed=(("AttributeNames", ["All"]),), result="Attributes")


def _suffix(inputs: Properties) -> str:
    return ".fifo" if inputs.get("fifoQueue") is True else ""


def _check_queue(inputs: Properties) -> list[tuple[str, str]]:
    faults = []
    name = inputs.get("name")
    if isinstance(name, str) and name.endswith(".fifo") != (inputs.get("fifoQueue") is True):
        faults.append(("name", "must end in .fifo exactly where fifoQueue is true"))
    if inputs.get("contentBasedDeduplication") is True and inputs.get("fifoQueue") is not True:
        faults.append(("contentBasedDeduplication", "needs fifoQueue as well"))
    return faults


def _only_of_fifo(operation: str, arguments: dict[str, Any], _state: Properties) -> None:
    """Leave out what SQS knows of FIFO queues alone: saying no is refused as well."""
    if operation == "CreateQueue":
        attributes = arguments.get("Attributes", {})
        for name in ("FifoQueue", "ContentBasedDeduplication"):
            if attributes.get(name) == "false":
                del attributes[name]


def _name_queue(values: Properties, _answer: Properties) -> None:
    if "arn" in values:
        values["name"] = values["arn"].rsplit(":", 1)[-1]


def _set_attributes(work: Work) -> None:
    changed = {str(row.api): work.inputs.get(row.name) for row in _ATTRIBUTES if row.name in work.changed}
    work.call("SetQueueAttributes", QueueUrl=work.resource_id, Attributes={
        name: "" if value is None else as_string(value) for name, value in changed.items()})


def _find_queue(work: Work, _since: float) -> str | None:
    """Find a queue by its name."""
    try:
        return str(work.call("GetQueueUrl", QueueName=work.inputs["name"])["QueueUrl"])
    except Refusal as refusal:
        if refusal.says_gone(_GONE):
            return None
        raise


QUEUE: Final = ResourceType(
    "aws:sqs/queue:Queue",
    service="sqs",
    identity="{url}",
    name=AutomaticName("name", 80, prefix_property="namePrefix", suffix=_suffix),
    properties=(
        string("name", replaces=True, computed=True, api="QueueName",
               pattern=r"[A-Za-z0-9_-]{1,75}\.fifo|[A-Za-z0-9_-]{1,80}"),
        string("namePrefix", replaces=True, computed=True, local=True),
        boolean("fifoQueue", default=False, replaces=True, api="FifoQueue"),
        *_ATTRIBUTES,
        REGION, TAGS,
    ),
    outputs=(string("arn", api="QueueArn"), string("url", api="QueueUrl")),
    conflicts=(("name", "namePrefix"), ("kmsMasterKeyId", "sqsManagedSseEnabled")),
    validate=_check_queue,
    create=Call("CreateQueue", attributes="Attributes"),
    read=_READ,
    delete=Call("DeleteQueue"),
    coverage=Coverage.REAL,
    gone=_GONE,
    steps=(Step(tuple(row.name for row in _ATTRIBUTES), _set_attributes, on_create=False),),
    tagging=Tagging(handle=("QueueUrl", "url"), listing="ListQueueTags", listed="Tags", add="TagQueue",
                    remove="UntagQueue", on_create="tags", as_map=True),
    to_api=_only_of_fifo,
    from_api=_name_queue,
    find=_find_queue,
)

QUEUE_POLICY: Final = ResourceType(
    "aws:sqs/queuePolicy:QueuePolicy",
    service="sqs",
    identity="{queueUrl}",
    properties=(
        string("queueUrl", required=True, replaces=True),
        policy("policy", required=True, attached="resource", api="Policy"),
        REGION,
    ),
    create=Call("SetQueueAttributes", attributes="Attributes"),
    read=_READ,
    delete=Call("SetQueueAttributes", fixed=(("Attributes", {"Policy": ""}),)),
    gone=_GONE,
    coverage=Coverage.REAL,
    singleton=True,
    absent=lambda values: not values.get("policy"),
)

RESOURCE_TYPES: Final = (QUEUE, QUEUE_POLICY)
