"""Examples of the theme sns."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.sns import SUBSCRIPTION, TOPIC, TOPIC_POLICY

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
TOPIC_ARN = "arn:aws:sns:eu-west-1:123456789012:alarms"
TLS = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sns:Publish", "Resource": TOPIC_ARN,
       "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
ANYBODY = {"Principal": {"AWS": "*"}, "Action": "sns:Publish", "Resource": TOPIC_ARN}
# What AWS puts on a topic that is given no policy.
DEFAULT = ANYBODY | {"Action": ["sns:Publish", "sns:Subscribe"],
                     "Condition": {"StringEquals": {"aws:SourceOwner": "123456789012"}}}


def _topic(*statements: dict[str, Any], apart: bool = True, **changed: Any) -> Stack:
    written = policy(*(statements or (TLS,)))
    if not apart:
        return stack(resource(TOPIC, kmsMasterKeyId=KEY, policy=written))
    topic = resource(TOPIC, **{"kmsMasterKeyId": KEY} | changed)
    return stack(topic, resource(TOPIC_POLICY, refers={"arn": topic}, policy=written))


GOOD = (_topic(), _topic(TLS, DEFAULT), _topic(TLS, apart=False))

EXAMPLES = {
    "sns-customer-key": example(GOOD, (_topic(kmsMasterKeyId=None), _topic(kmsMasterKeyId="alias/aws/sns"))),
    "sns-not-public": example(GOOD, (
        _topic(TLS, ANYBODY), _topic(TLS, ANYBODY, apart=False),
        _topic(TLS, ANYBODY | {"Condition": {"StringLike": {"aws:SourceArn": "arn:aws:s3:*:*:*"}}}),
    )),
    "sns-tls-only": example(GOOD, (
        stack(resource(TOPIC, kmsMasterKeyId=KEY)), _topic(DEFAULT), _topic(TLS | {"Action": "sns:Subscribe"}),
    )),
    "sns-delivers-over-tls": example(
        stack(resource(SUBSCRIPTION, topic=TOPIC_ARN, protocol="https", endpoint="https://example.org/")),
        stack(resource(SUBSCRIPTION, topic=TOPIC_ARN, protocol="http", endpoint="http://example.org/")),
    ),
}
