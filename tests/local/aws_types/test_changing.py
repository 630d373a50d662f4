"""What a change and a recovery leave behind is what the program says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from mlstead_toolkit.aws import AwsProvider

ALARM, KEY = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:kms/key:Key"
BUCKET, ROLE = "aws:s3/bucket:Bucket", "aws:iam/role:Role"


def test_what_a_program_no_longer_says_is_not_said_again(aws: AwsProvider, stand: Any,
                                                         boto: Callable[[str], Any]) -> None:
    plain = {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "metricName": "m", "namespace": "n",
             "period": 60, "statistic": "Sum", "threshold": 1}
    resource_id, inputs, outputs = stand.create(ALARM, {**plain, "alarmDescription": "old", "datapointsToAlarm": 1})
    changed = aws.check(ALARM, stand.urn(ALARM), inputs, plain, b"").inputs

    aws.update(ALARM, stand.urn(ALARM), resource_id, inputs, outputs, changed, preview=False, timeout=60,
               ignore_changes=())

    alarm = boto("cloudwatch").describe_alarms(AlarmNames=[resource_id])["MetricAlarms"][0]
    assert (alarm.get("AlarmDescription"), alarm.get("DatapointsToAlarm")) == (None, None)


def test_a_creation_that_was_cut_off_is_completed(aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    inputs = aws.check(KEY, stand.urn(KEY), None, {"description": "cut off", "enableKeyRotation": True}, b"s").inputs
    made = boto("kms").create_key(Description="cut off", KeyUsage="ENCRYPT_DECRYPT",
                                  Tags=[{"TagKey": "env", "TagValue": "local"}])["KeyMetadata"]

    assert aws.recover(KEY, stand.urn(KEY), inputs, time.time() - 60) == made["KeyId"]
    assert boto("kms").get_key_rotation_status(KeyId=made["KeyId"])["KeyRotationEnabled"]


def test_what_was_made_without_its_tags_gets_them(aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    boto("s3").create_bucket(Bucket="cut-off", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    inputs = aws.check(BUCKET, stand.urn(BUCKET), None, {"bucket": "cut-off", "tags": {"a": "b"}}, b"s").inputs

    assert aws.recover(BUCKET, stand.urn(BUCKET), inputs, time.time() - 60) == "cut-off"
    tags = boto("s3").get_bucket_tagging(Bucket="cut-off")["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"env": "local", "a": "b"}


def test_what_bears_other_tags_is_somebody_elses(aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    """It has the name, and what was cut off would have made it with ours."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
    boto("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=trust, Tags=[{"Key": "env", "Value": "theirs"}])
    inputs = aws.check(ROLE, stand.urn(ROLE), None, {"name": "theirs", "assumeRolePolicy": trust}, b"s").inputs

    assert aws.recover(ROLE, stand.urn(ROLE), inputs, time.time() - 60) is None
    assert boto("iam").list_role_tags(RoleName="theirs")["Tags"] == [{"Key": "env", "Value": "theirs"}]
