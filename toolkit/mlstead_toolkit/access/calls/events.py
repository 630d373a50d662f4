"""Amazon EventBridge.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

# A rule on a bus of one's own is rule/BUS/NAME; on the default one, which is all that we have, rule/NAME.
RULE = "rule/{Name}"

TABLE = Service("events", {
    "PutRule": Row(RULE, tags="Tags"),
    **each("DescribeRule DeleteRule EnableRule DisableRule", RULE),
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
    "PutTargets": Row("rule/{Rule}", context={"events:TargetArn": "Targets.Arn"}, passes=("Targets.RoleArn",)),
    **each("ListTargetsByRule RemoveTargets", "rule/{Rule}"),
    "PutEvents": Row("event-bus/{Entries.EventBusName|default}", context={
        "events:source": "Entries.Source", "events:detail-type": "Entries.DetailType",
    }),
    **each("ListRules"),
    "ListTagsForResource": Row("{ResourceARN}"),
    "TagResource": Row("{ResourceARN}", tags="Tags"),
    "UntagResource": Row("{ResourceARN}", context={"aws:TagKeys": "TagKeys"}),
}, tagging="events:TagResource", passed_to="events.amazonaws.com")
