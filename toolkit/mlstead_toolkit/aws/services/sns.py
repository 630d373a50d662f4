"""Amazon SNS: topics and their policies. A topic's settings are a map of strings, set one at a time."""

from __future__ import annotations

import json
from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.members import as_string
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    arn,
    boolean,
    document,
    integer,
    policy,
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

_PROTOCOLS: Final = {"application": "Application", "firehose": "Firehose", "http": "HTTP", "lambda": "Lambda",
                     "sqs": "SQS"}
_ATTRIBUTES: Final = (
    string("displayName", api="DisplayName"),
    string("kmsMasterKeyId", api="KmsMasterKeyId"),
    policy("policy", computed=True, attached="resource", api="Policy"),
    document("deliveryPolicy", api="DeliveryPolicy"),
    document("archivePolicy", api="ArchivePolicy"),
    boolean("contentBasedDeduplication", default=False, api="ContentBasedDeduplication"),
    string("fifoThroughputScope", computed=True, api="FifoThroughputScope", enum=("Topic", "MessageGroup")),
    integer("signatureVersion", computed=True, api="SignatureVersion", enum=(1, 2)),
    string("tracingConfig", computed=True, api="TracingConfig", enum=("Active", "PassThrough")),
    *(arn(f"{protocol}{outcome}FeedbackRoleArn", api=f"{member}{outcome}FeedbackRoleArn")
      for protocol, member in _PROTOCOLS.items() for outcome in ("Failure", "Success")),
    *(integer(f"{protocol}SuccessFeedbackSampleRate", minimum=0, maximum=100,
              api=f"{member}SuccessFeedbackSampleRate") for protocol, member in _PROTOCOLS.items()),
)


def _suffix(inputs: Properties) -> str:
    return ".fifo" if inputs.get("fifoTopic") is True else ""


def _check_topic(inputs: Properties) -> list[tuple[str, str]]:
    name = inputs.get("name")
    if isinstance(name, str) and name.endswith(".fifo") != (inputs.get("fifoTopic") is True):
        return [("name", "must end in .fifo exactly where fifoTopic is true")]
    return []


def _set_attributes(work: Work) -> None:
    for row in _ATTRIBUTES:
        if row.name in work.changed:
            value = work.inputs.get(row.name)
            work.call("SetTopicAttributes", TopicArn=work.resource_id, AttributeName=row.api,
                      AttributeValue="" if value is None else as_string(value))


def _name_topic(values: Properties, _answer: Properties) -> None:
    if "arn" in values:
        values["name"] = values["arn"].rsplit(":", 1)[-1]


def _read_policy(values: Properties, answer: Properties) -> None:
    if "Policy" in answer:
        values["policy"] = answer["Policy"]


def _topic_arn(work: Work, _since: float) -> str | None:
    """Find a topic by the ARN that its name gives."""
    name = work.inputs.get("name")
    work.resource_id = f"arn:{work.target.partition}:sns:{work.region}:{work.target.account}:{name}"
    return work.resource_id if name and work.describe(TOPIC.read) is not None else None


def _restore_policy(work: Work) -> None:
    """Put back the policy that AWS gives a new topic: a topic is never without one."""
    actions = [f"SNS:{action}" for action in ("GetTopicAttributes", "SetTopicAttributes", "AddPermission",
               "RemovePermission", "DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish")]
    statement = {"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": actions,
                 "Resource": work.resource_id,
                 "Condition": {"StringEquals": {"AWS:SourceOwner": work.target.account}}}
    default = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    work.call("SetTopicAttributes", TopicArn=work.resource_id, AttributeName="Policy",
              AttributeValue=json.dumps(default))


def _owner(facts: Properties) -> Any:
    return facts["account"]


TOPIC: Final = ResourceType(
    "aws:sns/topic:Topic",
    service="sns",
    identity="{arn}",
    name=AutomaticName("name", 256, prefix_property="namePrefix", suffix=_suffix),
    properties=(
        string("name", replaces=True, computed=True, pattern=r"[A-Za-z0-9_-]{1,251}(\.fifo)?|[A-Za-z0-9_-]{1,256}"),
        string("namePrefix", replaces=True, computed=True, local=True),
        boolean("fifoTopic", default=False, replaces=True, api="FifoTopic"),
        *_ATTRIBUTES,
        *unsupported("the emulator does not keep it", "maximumMessageSize"),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="TopicArn"), string("owner", template=_owner), string("beginningArchiveTime")),
    conflicts=(("name", "namePrefix"),),
    validate=_check_topic,
    create=Call("CreateTopic", attributes="Attributes"),
    read=Call("GetTopicAttributes", result="Attributes"),
    delete=Call("DeleteTopic"),
    coverage=Coverage.REAL,
    steps=(Step(tuple(row.name for row in _ATTRIBUTES), _set_attributes, on_create=False),),
    tagging=Tagging(handle=("ResourceArn", "arn"), listing="ListTagsForResource", listed="Tags", add="TagResource",
                    remove="UntagResource"),
    from_api=_name_topic,
    find=_topic_arn,
)

TOPIC_POLICY: Final = ResourceType(
    "aws:sns/topicPolicy:TopicPolicy",
    service="sns",
    identity="{arn}",
    properties=(
        arn("arn", required=True, replaces=True, api="TopicArn"),
        policy("policy", required=True, attached="resource", api="AttributeValue"),
        REGION,
    ),
    outputs=(string("owner", template=_owner),),
    create=Call("SetTopicAttributes", fixed=(("AttributeName", "Policy"),)),
    read=Call("GetTopicAttributes", result="Attributes"),
    delete=None,
    coverage=Coverage.REAL,
    before_delete=_restore_policy,
    singleton=True,
    from_api=_read_policy,
    absent=lambda values: "__default_policy_ID" in (values.get("policy") or ""),
)

RESOURCE_TYPES: Final = (TOPIC, TOPIC_POLICY)
