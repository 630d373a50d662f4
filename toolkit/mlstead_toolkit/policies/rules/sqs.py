"""SQS: queues that are encrypted, reached over TLS, open to nobody unnamed, and that lose nothing unsaid.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import NOTHING_LOST, OWN_KEYS
from mlstead_toolkit.policies.resource_policy import open_to_everybody, tls_guards

QUEUE: Final = "aws:sqs/queue:Queue"
QUEUE_POLICY: Final = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE_POLICY: Final = "aws:sqs/redrivePolicy:RedrivePolicy"

# What names a queue as the one for what could not be delivered, and where.
_LEAVES_TO = {
    QUEUE: "redrivePolicy",
    REDRIVE_POLICY: "redrivePolicy",
    "aws:cloudwatch/eventTarget:EventTarget": "deadLetterConfig.arn",
    "aws:cloudwatch/eventBus:EventBus": "deadLetterConfig.arn",
    "aws:scheduler/schedule:Schedule": "target.deadLetterConfig.arn",
    "aws:lambda/function:Function": "deadLetterConfig.targetArn",
    "aws:sns/topicSubscription:TopicSubscription": "redrivePolicy",
}
_EVENTS = ("aws:cloudwatch/eventTarget:EventTarget", "aws:scheduler/schedule:Schedule")


def _encrypted(queue: Resource, _stack: Stack) -> Iterator[str]:
    if not queue.filled("kmsMasterKeyId") and not queue.flag("sqsManagedSseEnabled", True):
        yield "messages lie in clear"


def _own_key(queue: Resource, stack: Stack) -> Iterator[str]:
    if queue.filled("kmsMasterKeyId"):
        own = not queue.value("kmsMasterKeyId").endswith("alias/aws/sqs")
    else:
        own = not queue.flag("sqsManagedSseEnabled", True)  # then it is in clear, which is another rule's
    # Without a right to the key EventBridge would lose, unsaid, just what the queue is there to keep.
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    if not own and not any(stack.related(queue, type, via=_LEAVES_TO[type]) for type in _EVENTS):
        yield "messages are encrypted with a key of AWS's, which nobody here can revoke"


def _named(queue: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(queue)


def _tls_only(queue: Resource, stack: Stack) -> Iterator[str]:
    policies = [*([queue] if queue.filled("policy") else ()), *stack.related(queue, QUEUE_POLICY, via="queueUrl")]
    if not any(tls_guards(policy, "sqs:SendMessage", "sqs:ReceiveMessage") for policy in policies):
        yield "no statement of a policy denies requests over plain HTTP"


def _redriven(queue: Resource, stack: Stack) -> Iterator[str]:
    if queue.filled("redrivePolicy") or stack.related(queue, REDRIVE_POLICY, via="queueUrl"):
        return
    if queue.filled("redriveAllowPolicy") or any(
        stack.related(queue, type, via=via) for type, via in _LEAVES_TO.items()
    ):
        return
    yield "a message that cannot be worked on comes back until it is lost"


RULES: Final = (
    Rule(
        id="sqs-encrypted",
        level=Level.MANDATORY,
        controls=("FSBP SQS.1",),
        title="A queue is encrypted.",
        fix="Set kms_master_key_id=key_arn, or sqs_managed_sse_enabled=True.",
        types=(QUEUE,),
        check=_encrypted,
    ),
    Rule(
        id="sqs-customer-key",
        level=Level.ADVISORY,
        controls=(OWN_KEYS,),
        title="A queue is encrypted with a customer-managed KMS key, unless it keeps events that went astray.",
        fix="Set kms_master_key_id=key_arn, and let the key's policy admit the services that send.",
        types=(QUEUE,),
        check=_own_key,
    ),
    Rule(
        id="sqs-not-public",
        level=Level.MANDATORY,
        controls=("FSBP SQS.3", "CIS 2.21"),
        title="A queue's policy allows nothing to everybody.",
        fix="Name the principals, or hold the statement to aws:SourceArn.",
        types=(QUEUE, QUEUE_POLICY),
        check=_named,
    ),
    Rule(
        id="sqs-tls-only",
        level=Level.MANDATORY,
        controls=("cdk-nag SQS4",),
        title="A queue's policy denies plain HTTP.",
        fix='Deny sqs:* to everybody where {"Bool": {"aws:SecureTransport": "false"}}.',
        types=(QUEUE,),
        check=_tls_only,
    ),
    Rule(
        id="sqs-dead-letters",
        level=Level.ADVISORY,
        controls=("cdk-nag SQS3", NOTHING_LOST),
        title="What a queue cannot get rid of goes to another.",
        fix="Set redrive_policy with deadLetterTargetArn and maxReceiveCount.",
        types=(QUEUE,),
        check=_redriven,
    ),
)
