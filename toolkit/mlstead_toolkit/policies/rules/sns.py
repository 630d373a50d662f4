"""SNS: topics that are encrypted, reached over TLS, and open to nobody unnamed.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import OWN_KEYS
from mlstead_toolkit.policies.resource_policy import open_to_everybody, tls_guards

TOPIC: Final = "aws:sns/topic:Topic"
TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"


def _own_key(topic: Resource, _stack: Stack) -> Iterator[str]:
    if not topic.filled("kmsMasterKeyId") or topic.value("kmsMasterKeyId").endswith("alias/aws/sns"):
        yield "messages are not encrypted with a KMS key of your own"


def _named(topic: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(topic)


def _tls_only(topic: Resource, stack: Stack) -> Iterator[str]:
    policies = [*([topic] if topic.filled("policy") else ()), *stack.related(topic, TOPIC_POLICY, via="arn")]
    if not any(tls_guards(policy, "sns:Publish") for policy in policies):
        yield "no statement of a policy denies publishing over plain HTTP"


def _encrypted_delivery(subscription: Resource, _stack: Stack) -> Iterator[str]:
    if subscription.value("protocol") == "http":
        yield "messages leave AWS in clear"


RULES: Final = (
    Rule(
        id="sns-customer-key",
        level=Level.MANDATORY,
        controls=("FSBP SNS.1", OWN_KEYS),
        title="A topic is encrypted with a customer-managed KMS key.",
        fix="Set kms_master_key_id=key_arn.",
        types=(TOPIC,),
        check=_own_key,
    ),
    Rule(
        id="sns-not-public",
        level=Level.MANDATORY,
        controls=("FSBP SNS.4", "CIS 2.21"),
        title="A topic's policy allows nothing to everybody.",
        fix="Name the principals, or hold the statement to aws:SourceAccount.",
        types=(TOPIC, TOPIC_POLICY),
        check=_named,
    ),
    Rule(
        id="sns-tls-only",
        level=Level.MANDATORY,
        controls=("cdk-nag SNS3",),
        title="A topic's policy denies plain HTTP.",
        fix='Deny sns:Publish to everybody where {"Bool": {"aws:SecureTransport": "false"}}.',
        types=(TOPIC,),
        check=_tls_only,
    ),
    Rule(
        id="sns-delivers-over-tls",
        level=Level.MANDATORY,
        controls=("cdk-nag SNS3",),
        title="Messages are delivered encrypted.",
        fix='Set protocol="https".',
        types=(SUBSCRIPTION,),
        check=_encrypted_delivery,
    ),
)
