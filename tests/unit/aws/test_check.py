"""What AWS would refuse is refused at preview, and what it would take is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.provider import CheckResult, ProviderError
from mlstead_toolkit.engine.values import UNKNOWN

Check = Callable[..., CheckResult]

KEY, BUCKET, ROLE = "aws:kms/key:Key", "aws:s3/bucket:Bucket", "aws:iam/role:Role"
POLICY, ALARM = "aws:s3/bucketPolicy:BucketPolicy", "aws:cloudwatch/metricAlarm:MetricAlarm"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
PIPELINE, MODEL = "aws:sagemaker/pipeline:Pipeline", "aws:sagemaker/model:Model"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
TOPIC, PARAMETER = "aws:sns/topic:Topic", "aws:ssm/parameter:Parameter"
ARN = "arn:aws:iam::123456789012:role/train"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def _statement(**facts: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", **facts}]})


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    (KEY, {"enableKeyRotaton": True}, "enableKeyRotaton", "did you mean 'enableKeyRotation'?"),
    (KEY, {"keyUsage": "ENCRYPT"}, "keyUsage", "did you mean 'ENCRYPT_DECRYPT'?"),
    (KEY, {"deletionWindowInDays": 3}, "deletionWindowInDays", "must not be below 7"),
    (KEY, {"isEnabled": "perhaps"}, "isEnabled", "must be true or false"),
    (KEY, {"xksKeyId": "x"}, "xksKeyId", "is not supported by the local cloud"),
    (KEY, {"rotationPeriodInDays": 100}, "rotationPeriodInDays", "needs enableKeyRotation"),
    (KEY, {"tags": {"a": ["b"]}}, "tags.a", "must be a string"),
    (BUCKET, {"bucket": "Upper"}, "bucket", "does not match"),
    (BUCKET, {"bucket": "b" * 64}, "bucket", "must not be above 63"),
    (BUCKET, {"bucket": "abc", "bucketPrefix": "x"}, "bucketPrefix", "conflicts with bucket"),
    (BUCKET, {"versioning": {"enabled": True}}, "versioning", "use aws.s3.BucketVersioning"),
    (ROLE, {}, "assumeRolePolicy", "is required and missing"),
    (ROLE, {"assumeRolePolicy": "{"}, "assumeRolePolicy", "is not valid JSON"),
    (ROLE, {"assumeRolePolicy": _statement()}, "assumeRolePolicy", "a trust policy must not have"),
    (ROLE, {"assumeRolePolicy": TRUST, "permissionsBoundary": "boundary"}, "permissionsBoundary", "is no ARN"),
    (ROLE, {"assumeRolePolicy": TRUST, "maxSessionDuration": 60}, "maxSessionDuration", "must not be below 3600"),
    (ROLE, {"assumeRolePolicy": TRUST, "name": "a b"}, "name", "does not match"),
    (POLICY, {"bucket": "b", "policy": _statement(Effect="allow")}, "policy", "must be Allow or Deny"),
    (POLICY, {"bucket": "b", "policy": _statement(Actions="x")}, "policy", "did you mean 'Action'?"),
    (POLICY, {"bucket": "b", "policy": _statement(Action="GetObject")}, "policy", "is not service:Action"),
    (POLICY, {"bucket": "b", "policy": _statement(Condition={"StringEqual": {"a": "b"}})}, "policy",
     "did you mean 'StringEquals'?"),
    (POLICY, {"bucket": "b", "policy": "{\"Version\": \"2012-10-17\"}"}, "policy", "has no Statement"),
    (POLICY, {"bucket": "b", "policy": json.dumps({"Statement": []})}, "policy", "has no valid Version"),
    (LIFECYCLE, {"bucket": "b", "rules": [{"id": "r", "status": "On", "expiration": {"days": 1}}]},
     "rules[0].status", "is not one of Enabled, Disabled"),
    (LIFECYCLE, {"bucket": "b", "rules": [{"id": "r", "status": "Enabled"}]}, "rules[0]", "does nothing"),
    (LIFECYCLE, {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "expiration": {"day": 1}}]},
     "rules[0].expiration.day", "did you mean 'days'?"),
    (ENCRYPTION, {"bucket": "b", "rules": {"applyServerSideEncryptionByDefault": {}}}, "rules", "must be a list"),
    (ENCRYPTION, {"bucket": "b", "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "kms"}}]},
     "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "is not one of"),
    (ALARM, {"comparisonOperator": "GreaterThan", "evaluationPeriods": 1, "metricName": "m", "namespace": "n",
             "period": 60, "statistic": "Sum", "threshold": 1}, "comparisonOperator", "is not one of"),
    (ALARM, {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "metricName": "m",
             "namespace": "n", "period": 61, "statistic": "Sum", "threshold": 1}, "period", "multiple of 60"),
    (ALARM, {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 1}, "metricName",
     "is missing"),
    (PIPELINE, {"pipelineName": "p", "pipelineDisplayName": "p", "roleArn": ARN}, "pipelineDefinition", "is missing"),
    (PIPELINE, {"pipelineName": "p_", "pipelineDisplayName": "p", "roleArn": ARN, "pipelineDefinition": "{}"},
     "pipelineName", "does not match"),
    (PIPELINE, {"pipelineName": "p", "pipelineDisplayName": "p", "pipelineDefinition": "{}", "roleArn": "train"},
     "roleArn", "is no ARN"),
    (MODEL, {"executionRoleArn": ARN}, "primaryContainer", "give primaryContainer or containers"),
    (MODEL, {"executionRoleArn": ARN, "primaryContainer": {"image": "x"}, "containers": [{"image": "x"}]},
     "containers", "conflicts with primaryContainer"),
    (CONFIGURATION, {"productionVariants": [{"modelName": "m"}]}, "productionVariants[0]", "needs an instanceType"),
    (CONFIGURATION, {"productionVariants": [{"modelName": "m", "instanceType": "ml.m5.huge"}]},
     "productionVariants[0].instanceType", "is not one of"),
    (TOPIC, {"name": "t", "fifoTopic": True}, "name", "must end in .fifo"),
    (TOPIC, {"signatureVersion": 3}, "signatureVersion", "is not one of 1, 2"),
    (PARAMETER, {"type": "String", "value": "v", "name": "a/b"}, "name", "must start with /"),
    (PARAMETER, {"type": "Strings", "value": "v"}, "type", "did you mean 'String'?"),
]


@pytest.mark.parametrize(("token", "inputs", "path", "reason"), REFUSED,
                         ids=[f"{token.rsplit(':', 1)[-1]}-{path}-{index}"
                              for index, (token, _, path, _) in enumerate(REFUSED)])
def test_a_wrong_input_is_refused_by_path_and_reason(check: Check, token: str, inputs: dict[str, Any], path: str,
                                                     reason: str) -> None:
    failures = check(token, inputs).failures

    assert [failure for failure in failures if failure.property == path and reason in failure.reason], failures


@pytest.mark.parametrize(("token", "inputs"), [
    (POLICY, {"bucket": UNKNOWN, "policy": UNKNOWN}),
    (ENCRYPTION, {"bucket": UNKNOWN, "rules": [{"applyServerSideEncryptionByDefault": {
        "sseAlgorithm": "aws:kms", "kmsMasterKeyId": UNKNOWN}}]}),
    (MODEL, {"executionRoleArn": UNKNOWN, "primaryContainer": UNKNOWN}),
    (CONFIGURATION, {"productionVariants": [{"modelName": UNKNOWN, "instanceType": "ml.m5.large"}]}),
    (KEY, {"tags": UNKNOWN, "policy": UNKNOWN}),
    ("aws:cloudwatch/eventTarget:EventTarget", {
        "rule": "r", "arn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p", "roleArn": UNKNOWN}),
    (ALARM, {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "metricName": "m", "namespace": "n",
             "period": 60, "statistic": "Sum", "threshold": 1, "alarmActions": [UNKNOWN],
             "dimensions": {"EndpointName": UNKNOWN}}),
    (PIPELINE, {"pipelineName": "p", "pipelineDisplayName": "p", "roleArn": UNKNOWN, "pipelineDefinition": UNKNOWN}),
])
def test_what_is_not_known_yet_is_accepted_anywhere(check: Check, token: str, inputs: dict[str, Any]) -> None:
    assert check(token, inputs).failures == ()


def test_a_policy_given_as_an_object_becomes_a_document(check: Check) -> None:
    result = check(POLICY, {"bucket": "b", "policy": json.loads(_statement())})

    assert result.failures == ()
    assert json.loads(result.inputs["policy"]) == json.loads(_statement())


def test_numbers_and_truth_values_are_read_from_text_as_pulumi_does(check: Check) -> None:
    inputs = check(KEY, {"deletionWindowInDays": "7", "enableKeyRotation": "true", "tags": {"level": 3}}).inputs

    assert (inputs["deletionWindowInDays"], inputs["enableKeyRotation"], inputs["tags"]) == (7, True, {"level": "3"})


def test_an_unknown_type_is_refused_with_the_nearest_name(check: Check) -> None:
    with pytest.raises(ProviderError, match=r"did you mean 'aws:s3/bucket:Bucket'\?"):
        check("aws:s3/buckets:Buckets", {})


def test_an_unknown_provider_setting_is_refused(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match=r"did you mean 'defaultTags'\?"):
        AwsProvider(provider.target, {"defaultTag": {}})


def test_an_account_that_the_settings_do_not_allow_is_refused(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match="123456789012"):
        AwsProvider(provider.target, {"allowedAccountIds": "[\"999999999999\"]"})


def test_a_refused_secret_is_not_shown(check: Check) -> None:
    failures = check(PARAMETER, {"type": "SecureString", "value": ["hush"]}).failures

    assert [failure.property for failure in failures] == ["value"]
    assert "hush" not in failures[0].reason
