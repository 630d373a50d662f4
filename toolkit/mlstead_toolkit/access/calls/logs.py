"""Amazon CloudWatch Logs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html

What is done to a group is asked of the group's ARN with an empty stream behind it, which a policy meets by `:*`:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

GROUP = "log-group:{logGroupName}:log-stream:"
STREAM = "log-group:{logGroupName}:log-stream:{logStreamName}"

TABLE = Service("logs", {
    "CreateLogGroup": Row(GROUP, tags="tags"),
    **each("DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey "
           "DescribeLogStreams FilterLogEvents StartQuery ListTagsLogGroup", GROUP),
    "DescribeLogGroups": Row(),
    **each("CreateLogStream DeleteLogStream PutLogEvents GetLogEvents", STREAM),
    **each("DescribeResourcePolicies PutResourcePolicy"),
    "ListTagsForResource": Row("{resourceArn}"),
    "TagResource": Row("{resourceArn}", tags="tags"),
    "UntagResource": Row("{resourceArn}", context={"aws:TagKeys": "tagKeys"}),
}, tagging="logs:TagResource")
