"""Amazon CloudWatch.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

ACTIONS = {"cloudwatch:AlarmActions": "AlarmActions"}

TABLE = Service("cloudwatch", {
    **each("PutMetricAlarm PutCompositeAlarm", "alarm:{AlarmName}", tags="Tags", context=ACTIONS),
    "DeleteAlarms": Row("alarm:{AlarmNames}"),
    "DescribeAlarms": Row("alarm:{AlarmNames}"),
    "DescribeAlarmHistory": Row("alarm:{AlarmName}"),
    "PutMetricData": Row(context={"cloudwatch:namespace": "Namespace"}),
    **each("GetMetricData GetMetricStatistics ListMetrics DescribeAlarmsForMetric"),
    "ListTagsForResource": Row("{ResourceARN}"),
    "TagResource": Row("{ResourceARN}", tags="Tags"),
    "UntagResource": Row("{ResourceARN}", context={"aws:TagKeys": "TagKeys"}),
}, tagging="cloudwatch:TagResource")
