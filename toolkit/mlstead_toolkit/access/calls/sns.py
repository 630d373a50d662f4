"""Amazon SNS.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.access.calls.call import ApiCall, Known, Need
from mlstead_toolkit.access.calls.row import Row, Service, each
from mlstead_toolkit.access.calls.through import uses_key

TOPIC = "{TopicArn}"


def _key(call: ApiCall, known: Known) -> Iterator[Need]:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html: permissions of the publisher."""
    key = known.encryption(str(call.parameters.get("TopicArn") or call.parameters.get("TargetArn"))).key
    yield from uses_key(call, known, "sns", key, "kms:GenerateDataKey", "kms:Decrypt")


TABLE = Service("sns", {
    "CreateTopic": Row("{Name}", tags="Tags"),
    **each("DeleteTopic GetTopicAttributes SetTopicAttributes ListSubscriptionsByTopic", TOPIC),
    "Publish": Row(TOPIC, more=_key),
    "Subscribe": Row(TOPIC, context={"sns:Protocol": "Protocol", "sns:Endpoint": "Endpoint"}),
    **each("Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes ListTopics ListSubscriptions"),
    "ListTagsForResource": Row("{ResourceArn}"),
    "TagResource": Row("{ResourceArn}", tags="Tags"),
    "UntagResource": Row("{ResourceArn}", context={"aws:TagKeys": "TagKeys"}),
}, tagging="sns:TagResource")
