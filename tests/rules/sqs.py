"""Examples of the theme sqs."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.rules.sqs import QUEUE, QUEUE_POLICY

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:jobs"
TLS = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": QUEUE_ARN,
       "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
REDRIVEN = '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead", "maxReceiveCount": 5}'
ANYBODY = {"Principal": "*", "Action": "sqs:SendMessage", "Resource": QUEUE_ARN}
TARGET = "aws:cloudwatch/eventTarget:EventTarget"


def _queue(*statements: dict[str, Any], beside: tuple[Resource, ...] = (), **changed: Any) -> Stack:
    queue = resource(QUEUE, **{"kmsMasterKeyId": KEY, "redrivePolicy": REDRIVEN} | changed)
    written = policy(*(statements or (TLS,)))
    return stack(queue, resource(QUEUE_POLICY, refers={"queueUrl": queue}, policy=written), *beside)


def _dead_letters(**properties: Any) -> Stack:
    queue = resource(QUEUE, **properties)
    target = resource(TARGET, rule="arrivals", arn="arn:aws:sqs:eu-west-1:123456789012:jobs",
                      deadLetterConfig={"arn": QUEUE_ARN}, refers={"deadLetterConfig": queue})
    return stack(queue, resource(QUEUE_POLICY, refers={"queueUrl": queue}, policy=policy(TLS)), target)


GOOD = (_queue(), _dead_letters(), _dead_letters(sqsManagedSseEnabled=True))

EXAMPLES = {
    "sqs-encrypted": example(GOOD, _queue(kmsMasterKeyId=None, sqsManagedSseEnabled=False)),
    "sqs-customer-key": example(GOOD, (
        _queue(kmsMasterKeyId=None), _queue(kmsMasterKeyId=None, sqsManagedSseEnabled=True),
        _queue(kmsMasterKeyId="alias/aws/sqs"),
    )),
    "sqs-not-public": example(
        (*GOOD, _queue(TLS, ANYBODY | {"Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::flights"}}})),
        (_queue(TLS, ANYBODY), _queue(TLS, ANYBODY | {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}})),
    ),
    "sqs-tls-only": example(GOOD, (
        stack(resource(QUEUE, kmsMasterKeyId=KEY, redrivePolicy=REDRIVEN)),
        _queue(TLS | {"Action": "sqs:SendMessage"}), _queue(TLS | {"Effect": "Allow", "Principal": {
            "AWS": "arn:aws:iam::123456789012:role/loader"}}),
    )),
    "sqs-dead-letters": example((*GOOD, _queue(redrivePolicy=None, redriveAllowPolicy="{}")),
                                _queue(redrivePolicy=None)),
}
