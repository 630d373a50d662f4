"""What passes messages on: Amazon EventBridge, SNS, SQS, Kinesis, AWS Step Functions, AWS Lambda.

https://aws.amazon.com/eventbridge/pricing/, https://aws.amazon.com/sns/pricing/, https://aws.amazon.com/sqs/pricing/,
https://aws.amazon.com/kinesis/data-streams/pricing/, https://aws.amazon.com/firehose/pricing/,
https://aws.amazon.com/step-functions/pricing/, https://aws.amazon.com/lambda/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.cost.charge import Charge, Charges, Use, by_use
from mlstead_toolkit.review.cost.reading import number


def _stream(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    if resource.get("streamModeDetails.streamMode", "PROVISIONED") == "ON_DEMAND":
        yield Charge("kinesis-on-demand", "1 stream on demand")
    else:
        shards = number(resource, "shardCount", 1)
        yield Charge("kinesis-shard", f"{shards} shard{'s' if shards > 1 else ''}", shards)
    yield Use("records")


def _mapping(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    if resource.has("provisionedPollerConfig"):
        yield Use("pollers that are kept ready, by the hour")


CHARGES: Final[dict[str, Charges]] = {
    "aws:cloudwatch/eventArchive:EventArchive": by_use(Use("events that are kept")),
    "aws:cloudwatch/eventRule:EventRule": by_use(Use("events of one's own")),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": by_use(Use("data that is delivered")),
    "aws:kinesis/stream:Stream": _stream,
    "aws:lambda/eventSourceMapping:EventSourceMapping": _mapping,
    "aws:lambda/function:Function": by_use(Use("calls and their time")),
    "aws:scheduler/schedule:Schedule": by_use(Use("calls")),
    "aws:sfn/stateMachine:StateMachine": by_use(Use("transitions, or calls and their time")),
    "aws:sns/topic:Topic": by_use(Use("messages")),
    "aws:sqs/queue:Queue": by_use(Use("requests")),
}
