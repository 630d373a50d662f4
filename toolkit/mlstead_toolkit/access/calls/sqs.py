"""Amazon SQS.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.access.calls.call import ApiCall, Known, Need
from mlstead_toolkit.access.calls.row import Row, Service, each
from mlstead_toolkit.access.calls.template import Template
from mlstead_toolkit.access.calls.through import uses_key

QUEUE = "{queue:QueueUrl}"


def _send(call: ApiCall, known: Known) -> Iterator[Need]:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html: producers."""
    yield from uses_key(call, known, "sqs", _key(call, known), "kms:GenerateDataKey", "kms:Decrypt")


def _receive(call: ApiCall, known: Known) -> Iterator[Need]:
    yield from uses_key(call, known, "sqs", _key(call, known), "kms:Decrypt")


def _key(call: ApiCall, known: Known) -> str:
    return "".join(known.encryption(arn).key for arn in Template(QUEUE).filled(call, known, TABLE.start(call)))


TABLE = Service("sqs", {
    "CreateQueue": Row("{QueueName}", tags="tags"),
    "GetQueueUrl": Row("{QueueName}"),
    **each("DeleteQueue GetQueueAttributes SetQueueAttributes ListQueueTags PurgeQueue DeleteMessage "
           "ChangeMessageVisibility", QUEUE),
    "SendMessage": Row(QUEUE, more=_send),
    "SendMessageBatch": Row(QUEUE, action="sqs:SendMessage", more=_send),
    "DeleteMessageBatch": Row(QUEUE, action="sqs:DeleteMessage"),
    "ReceiveMessage": Row(QUEUE, more=_receive),
    "ListQueues": Row(),
    "TagQueue": Row(QUEUE, tags="Tags"),
    "UntagQueue": Row(QUEUE, context={"aws:TagKeys": "TagKeys"}),
}, tagging="sqs:TagQueue")
