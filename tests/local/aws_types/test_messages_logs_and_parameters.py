"""Topics, alarms, log groups and parameters, each through its whole life (see conftest.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


def policy(action: str, principal: object = None, resource: str = "*") -> str:
    statement: dict[str, object] = {"Sid": "one", "Effect": "Allow", "Action": action, "Resource": resource}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


KEY = {"key": "aws:kms/key:Key"}
TOPIC = {"topic": "aws:sns/topic:Topic"}
EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:sns/topic:Topic", {"displayName": "a", "kmsMasterKeyId": "alias/aws/sns", "tags": {"owner": "a"}},
            {"displayName": "b", "tags": {}},
            lambda boto, out: boto("sns").get_topic_attributes(TopicArn=out["arn"])["Attributes"]["DisplayName"],
            "a", "b", ("name", "other")),
    ("aws:sns/topicPolicy:TopicPolicy",
            {"arn": "{topic.arn}", "policy": policy("sns:Publish", {"Service": "cloudwatch.amazonaws.com"})},
            {"policy": policy("sns:Publish", {"Service": "events.amazonaws.com"})},
            lambda boto, out: json.loads(boto("sns").get_topic_attributes(TopicArn=out["arn"])["Attributes"]["Policy"])
            ["Statement"][0]["Principal"]["Service"], "cloudwatch.amazonaws.com", "events.amazonaws.com",
            ("arn", "arn:aws:sns:eu-west-1:123456789012:other"), TOPIC),
    ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 30, "kmsKeyId": "{key.arn}", "tags": {"owner": "a"}},
            {"retentionInDays": 90, "tags": {"owner": "b"}},
            lambda boto, out: boto("logs").describe_log_groups(logGroupNamePrefix=out["name"])["logGroups"][0]
            ["retentionInDays"], 30, 90, ("name", "other"), KEY),
    ("aws:cloudwatch/metricAlarm:MetricAlarm",
            {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 1,
             "alarmActions": ["{topic.arn}"], "metricQueries": [
                 {"id": "rate", "expression": "errors/calls", "returnData": True},
                 {"id": "errors", "metric": {"metricName": "Invocation5XXErrors", "namespace": "AWS/SageMaker",
                                             "period": 60, "stat": "Sum", "dimensions": {"EndpointName": "e"}}},
                 {"id": "calls", "metric": {"metricName": "Invocations", "namespace": "AWS/SageMaker", "period": 60,
                                            "stat": "Sum"}}], "tags": {"owner": "a"}},
            {"threshold": 2.5, "treatMissingData": "notBreaching", "tags": {"owner": "b"}},
            lambda boto, out: boto("cloudwatch").describe_alarms(AlarmNames=[out["name"]])["MetricAlarms"][0]
            ["Threshold"], 1.0, 2.5, ("name", "other"), TOPIC),
    ("aws:ssm/parameter:Parameter",
            {"name": "/mlstead/loop", "type": "String", "value": "on", "description": "switch", "tags": {"a": "b"}},
            {"value": "off"}, lambda boto, out: boto("ssm").get_parameter(Name=out["name"])["Parameter"]["Value"],
            "on", "off", ("name", "/other")),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)
