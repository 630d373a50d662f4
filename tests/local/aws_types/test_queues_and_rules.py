"""Queues, rules and their targets, each through its whole life (see conftest.py), and an object's way to a queue."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


def policy(service: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", "Principal": {"Service": service}}]})


def attribute(name: str, unsaid: str | None = None) -> Callable[..., Any]:
    """Read an attribute of a queue; `unsaid` is AWS's default, which LocalStack does not tell."""
    def seen(boto: Callable[[str], Any], out: dict[str, Any]) -> Any:
        url = out.get("url") or out["queueUrl"]
        return boto("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"].get(name, unsaid)

    return seen


QUEUE = {"queue": "aws:sqs/queue:Queue"}
PATTERN = {"source": ["aws.s3"], "detail-type": ["Object Created"]}
EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:sqs/queue:Queue", {"kmsMasterKeyId": "alias/aws/sqs", "delaySeconds": 5, "tags": {"owner": "a"}},
            {"delaySeconds": 0, "messageRetentionSeconds": 3600, "tags": {"owner": "b"}},
            attribute("DelaySeconds"), "5", "0", ("name", "other")),
    ("aws:sqs/queue:Queue", {"name": "ordered.fifo", "fifoQueue": True, "contentBasedDeduplication": True},
            {"visibilityTimeoutSeconds": 60}, attribute("VisibilityTimeout"), "30", "60", ("name", "other.fifo")),
    ("aws:sqs/queue:Queue", {"kmsMasterKeyId": "{key.arn}", "messageRetentionSeconds": 1209600},
            {"kmsDataKeyReusePeriodSeconds": 600}, attribute("KmsDataKeyReusePeriodSeconds", "300"), "300", "600",
            ("name", "other"), {"key": "aws:kms/key:Key"}),
    ("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": "{queue.url}", "policy": policy("events.amazonaws.com")},
            {"policy": policy("s3.amazonaws.com")},
            lambda boto, out: json.loads(attribute("Policy")(boto, out))["Statement"][0]["Principal"]["Service"],
            "events.amazonaws.com", "s3.amazonaws.com", ("queueUrl", "http://other"), QUEUE),
    ("aws:cloudwatch/eventRule:EventRule",
            {"description": "a", "eventPattern": json.dumps(PATTERN), "tags": {"owner": "a"}},
            {"description": "b", "state": "DISABLED", "tags": {"owner": "b"}},
            lambda boto, out: [boto("events").describe_rule(Name=out["name"])[name]
                               for name in ("Description", "State")],
            ["a", "ENABLED"], ["b", "DISABLED"], ("name", "other")),
    ("aws:cloudwatch/eventRule:EventRule", {"scheduleExpression": "rate(1 day)"},
            {"scheduleExpression": "cron(0 6 * * ? *)", "description": "nightly"},
            lambda boto, out: boto("events").describe_rule(Name=out["name"])["ScheduleExpression"],
            "rate(1 day)", "cron(0 6 * * ? *)", ("name", "other")),
    ("aws:cloudwatch/metricAlarm:MetricAlarm",
            {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 0, "period": 300,
             "namespace": "AWS/SQS", "metricName": "ApproximateNumberOfMessagesVisible", "statistic": "Maximum",
             "dimensions": {"QueueName": "{queue.name}"}, "treatMissingData": "notBreaching"}, {"threshold": 5},
            lambda boto, out: (lambda alarm: (alarm["Namespace"], alarm["Threshold"]))
            (boto("cloudwatch").describe_alarms(AlarmNames=[out["name"]])["MetricAlarms"][0]),
            ("AWS/SQS", 0.0), ("AWS/SQS", 5.0), ("name", "other"), QUEUE),
    ("aws:cloudwatch/eventTarget:EventTarget",
            {"rule": "{rule.name}", "arn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p",
             "roleArn": "arn:aws:iam::123456789012:role/starts", "deadLetterConfig": {"arn": "{queue.arn}"},
             "sagemakerPipelineTarget": {"pipelineParameterLists": [{"name": "Key", "value": "$.detail.object.key"}]}},
            {"retryPolicy": {"maximumRetryAttempts": 2, "maximumEventAgeInSeconds": 3600}},
            lambda boto, out: [target.get("RetryPolicy", {}).get("MaximumRetryAttempts") for target in
                               boto("events").list_targets_by_rule(Rule=out["rule"])["Targets"]],
            [None], [2], ("rule", "other"), {"rule": "aws:cloudwatch/eventRule:EventRule", **QUEUE}),
    ("aws:cloudwatch/eventTarget:EventTarget",
            {"rule": "{rule.name}", "arn": "{queue.arn}", "retryPolicy": {"maximumRetryAttempts": 3}},
            {"input": '{"fixed": true}'},
            lambda boto, out: [target.get("Input") for target in
                               boto("events").list_targets_by_rule(Rule=out["rule"])["Targets"]],
            [None], ['{"fixed": true}'], ("rule", "other"), {"rule": "aws:cloudwatch/eventRule:EventRule", **QUEUE}),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)


def test_an_object_that_lands_under_a_prefix_reaches_a_queue(stand: Any, boto: Callable[[str], Any]) -> None:
    bucket = stand.create("aws:s3/bucket:Bucket", {})[2]["bucket"]
    stand.create("aws:s3/bucketNotification:BucketNotification", {"bucket": bucket, "eventbridge": True})
    queue = stand.create(QUEUE["queue"], {"policy": policy("events.amazonaws.com")})[2]
    rule = stand.create("aws:cloudwatch/eventRule:EventRule", {"eventPattern": json.dumps({
        **PATTERN, "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": "flights/"}]}}})})[2]
    stand.create("aws:cloudwatch/eventTarget:EventTarget", {"rule": rule["name"], "arn": queue["arn"]})

    for key in ("other/2013.csv", "flights/2013.csv"):
        boto("s3").put_object(Bucket=bucket, Key=key, Body=b"1")

    messages = boto("sqs").receive_message(QueueUrl=queue["url"], MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(message["Body"])["detail"]["object"]["key"] for message in messages] == ["flights/2013.csv"]


def test_an_event_reaches_a_queue_although_another_target_is_gone(stand: Any, boto: Callable[[str], Any]) -> None:
    queue = stand.create(QUEUE["queue"], {"policy": policy("events.amazonaws.com")})[2]
    rule = stand.create("aws:cloudwatch/eventRule:EventRule", {"eventPattern": json.dumps({"source": ["mine"]})})[2]
    for name, arn in (("gone", f"{queue['arn']}-gone"), ("there", queue["arn"])):
        stand.create("aws:cloudwatch/eventTarget:EventTarget",
                     {"rule": rule["name"], "arn": arn, "targetId": name}, name)

    answer = boto("events").put_events(Entries=[{"Source": "mine", "DetailType": "test", "Detail": '{"a": 1}'}])

    assert answer["FailedEntryCount"] == 0
    messages = boto("sqs").receive_message(QueueUrl=queue["url"])["Messages"]
    assert json.loads(messages[0]["Body"])["detail"] == {"a": 1}
