"""What counts as a change, what only a new resource can take, and what is the same in another spelling."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.provider import CheckResult, DiffResult
from mlstead_toolkit.engine.values import UNKNOWN

Check = Callable[..., CheckResult]
Diff = Callable[..., DiffResult]

BUCKET, POLICY, ROLE = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy", "aws:iam/role:Role"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ALARM, KEY, PIPELINE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:kms/key:Key", "aws:sagemaker/pipeline:Pipeline"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
ENDPOINT, GROUP = "aws:sagemaker/endpoint:Endpoint", "aws:sagemaker/modelPackageGroup:ModelPackageGroup"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
CONFIG = {"productionVariants": [{"modelName": "m", "variantName": "v", "instanceType": "ml.m5.large",
                                  "initialInstanceCount": 1}]}


@pytest.fixture
def diff(provider: AwsProvider, check: Check) -> Diff:
    def run(token: str, old: dict[str, Any], new: dict[str, Any], *ignore: str) -> DiffResult:
        before = check(token, old)
        after = check(token, new, before.inputs)
        assert before.failures == after.failures == ()
        outputs = {"tagsAll": {"env": "local", **(before.inputs.get("tags") or {})}}
        return provider.diff(token, "id", before.inputs, outputs, after.inputs, ignore)

    return run


def _policy(**facts: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                 "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["arn:aws:s3:::b/*"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **facts}]}, indent=2)


SAME: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (POLICY, {"bucket": "b", "policy": _policy()},
     {"bucket": "b", "policy": json.dumps(json.loads(_policy(Action=["s3:PutObject", "s3:GetObject"])))}),
    (POLICY, {"bucket": "b", "policy": _policy()},
     {"bucket": "b", "policy": _policy(Principal={"AWS": ["123456789012"]})}),
    (POLICY, {"bucket": "b", "policy": _policy()}, {"bucket": "b", "policy": _policy(Resource="arn:aws:s3:::b/*")}),
    (KEY, {}, {"isEnabled": True, "enableKeyRotation": False, "keyUsage": "ENCRYPT_DECRYPT", "tags": {}}),
    (KEY, {"description": "what AWS or someone chose"}, {}),
    (ALARM, {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "metricName": "m", "namespace": "n",
             "period": 60, "statistic": "Sum", "threshold": 1, "alarmActions": ["arn:aws:sns:eu-west-1:123456789012:a",
                                                                                "arn:aws:sns:eu-west-1:123456789012:b"]},
     {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "metricName": "m", "namespace": "n",
      "period": 60, "statistic": "Sum", "threshold": 1.0, "alarmActions": ["arn:aws:sns:eu-west-1:123456789012:b",
                                                                           "arn:aws:sns:eu-west-1:123456789012:a"]}),
    (LIFECYCLE,
     {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "transitions": [
         {"days": 1, "storageClass": "GLACIER"}, {"days": 9, "storageClass": "DEEP_ARCHIVE"}]}]},
     {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "filter": {"prefix": ""}, "transitions": [
         {"days": 9, "storageClass": "DEEP_ARCHIVE"}, {"days": 1, "storageClass": "GLACIER"}]}]}),
    (PIPELINE, {"pipelineName": "p", "pipelineDisplayName": "p", "roleArn": "arn:aws:iam::123456789012:role/r",
                "pipelineDefinition": '{"Steps": [], "Version": "2020-12-01"}'},
     {"pipelineName": "p", "pipelineDisplayName": "p", "roleArn": "arn:aws:iam::123456789012:role/r",
      "pipelineDefinition": '{ "Version":"2020-12-01","Steps":[] }'}),
    (CONFIGURATION, CONFIG, {"productionVariants": [{**CONFIG["productionVariants"][0], "initialVariantWeight": 1.0}]}),
]


@pytest.mark.parametrize(("token", "old", "new"), SAME, ids=[f"{row[0].rsplit(':', 1)[-1]}-{n}"
                                                             for n, row in enumerate(SAME)])
def test_another_spelling_of_the_same_is_no_change(diff: Diff, token: str, old: dict[str, Any],
                                                   new: dict[str, Any]) -> None:
    assert diff(token, old, new) == DiffResult()


CHANGED: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, str], tuple[str, ...]]] = [
    (BUCKET, {"tags": {"a": "1", "gone": "x"}}, {"tags": {"a": "2", "new one": "y"}},
     {"tags.a": "update", "tags.gone": "delete", 'tags["new one"]': "add"}, ()),
    (BUCKET, {"bucket": "one"}, {"bucket": "two"}, {"bucket": "update"}, ("bucket",)),
    (KEY, {"keyUsage": "SIGN_VERIFY", "customerMasterKeySpec": "RSA_2048"},
     {"keyUsage": "ENCRYPT_DECRYPT", "customerMasterKeySpec": "RSA_2048"}, {"keyUsage": "update"}, ("keyUsage",)),
    (KEY, {"keyUsage": "GENERATE_VERIFY_MAC", "customerMasterKeySpec": "HMAC_256"},
     {"keyUsage": "GENERATE_VERIFY_MAC", "customerMasterKeySpec": "HMAC_512"}, {"customerMasterKeySpec": "update"},
     ("customerMasterKeySpec",)),
    (KEY, {}, {"multiRegion": True}, {"multiRegion": "add"}, ("multiRegion",)),
    (KEY, {"description": "a"}, {"description": "b"}, {"description": "update"}, ()),
    (KEY, {"description": "a"}, {"description": UNKNOWN}, {"description": "update"}, ()),
    (ROLE, {"assumeRolePolicy": TRUST, "description": "a"}, {"assumeRolePolicy": TRUST}, {"description": "delete"}, ()),
    (ROLE, {"assumeRolePolicy": TRUST, "name": "a"}, {"assumeRolePolicy": TRUST, "name": "b"}, {"name": "update"},
     ("name",)),
    (LIFECYCLE, {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "expiration": {"days": 1}}]},
     {"bucket": "b", "rules": [{"id": "s", "status": "Enabled", "expiration": {"days": 2}}]},
     {"rules[0].id": "update", "rules[0].expiration.days": "update"}, ()),
    (LIFECYCLE, {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "expiration": {"days": 1}}]},
     {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "expiration": {"days": 1}},
                               {"id": "s", "status": "Enabled", "expiration": {"days": 2}}]}, {"rules[1]": "add"}, ()),
    (CONFIGURATION, CONFIG, {"productionVariants": [{**CONFIG["productionVariants"][0], "initialInstanceCount": 2}]},
     {"productionVariants[0].initialInstanceCount": "update"}, ("productionVariants[0].initialInstanceCount",)),
    (ENDPOINT, {"endpointConfigName": "a"}, {"endpointConfigName": "b"}, {"endpointConfigName": "update"}, ()),
    (GROUP, {"modelPackageGroupName": "g", "modelPackageGroupDescription": "a"},
     {"modelPackageGroupName": "g", "modelPackageGroupDescription": "b"}, {"modelPackageGroupDescription": "update"},
     ("modelPackageGroupDescription",)),
    (BUCKET, {}, {"region": "us-east-1"}, {"region": "add"}, ("region",)),
]


@pytest.mark.parametrize(("token", "old", "new", "changes", "replaces"), CHANGED,
                         ids=[f"{row[0].rsplit(':', 1)[-1]}-{n}" for n, row in enumerate(CHANGED)])
def test_a_change_is_named_by_path_and_kind_and_says_whether_it_replaces(
        diff: Diff, token: str, old: dict[str, Any], new: dict[str, Any], changes: dict[str, str],
        replaces: tuple[str, ...]) -> None:
    result = diff(token, old, new)

    assert (result.changes, result.replaces) == (changes, replaces)


@pytest.mark.parametrize("pattern", ["tags", "tags.a", 'tags["a"]', "tags.*"])
def test_ignored_changes_are_not_changes(diff: Diff, pattern: str) -> None:
    assert diff(BUCKET, {"tags": {"a": "1"}}, {"tags": {"a": "2"}}, pattern) == DiffResult()


def test_an_element_of_any_list_entry_can_be_ignored(diff: Diff) -> None:
    old = {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "expiration": {"days": 1}}]}
    new = {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "expiration": {"days": 2}}]}

    assert diff(LIFECYCLE, old, new, "rules[*].expiration") == DiffResult()


def test_a_replacement_under_the_same_name_deletes_before_it_creates(diff: Diff) -> None:
    old, new = {"name": "fixed", "path": "/a/", "assumeRolePolicy": TRUST}, {"name": "fixed", "assumeRolePolicy": TRUST}

    assert diff(ROLE, old, new).delete_before_replace
    assert not diff(ROLE, {**old, "name": "one"}, new).delete_before_replace


def test_a_replacement_of_something_automatically_named_creates_first(diff: Diff) -> None:
    old, new = {"path": "/a/", "assumeRolePolicy": TRUST}, {"assumeRolePolicy": TRUST}

    result = diff(ROLE, old, new)

    assert result.replaces == ("path",)
    assert not result.delete_before_replace


def test_a_name_beside_an_id_that_aws_makes_up_counts_as_well(diff: Diff) -> None:
    old, new = {"name": "jobs", "vpcId": "vpc-1", "description": "a"}, {"name": "jobs", "vpcId": "vpc-1"}
    automatic = {"vpcId": "vpc-1"}

    assert diff(SECURITY_GROUP, old, new).delete_before_replace
    assert not diff(SECURITY_GROUP, {**automatic, "description": "a"}, automatic).delete_before_replace


def test_other_default_tags_change_every_tagged_resource(provider: AwsProvider, check: Check) -> None:
    inputs = check(BUCKET, {"tags": {"a": "1"}}).inputs

    result = provider.diff(BUCKET, "id", inputs, {"tagsAll": {"env": "dev", "a": "1"}}, inputs, ())

    assert result.changes == {"tagsAll.env": "update"}


def test_a_preview_leaves_to_the_cloud_what_the_cloud_chooses(provider: AwsProvider, check: Check) -> None:
    inputs = check(KEY, {"tags": {"a": "1"}}).inputs

    resource_id, outputs = provider.create(KEY, "urn", inputs, preview=True, timeout=None)

    assert resource_id == ""
    assert (outputs["arn"], outputs["keyId"], outputs["policy"]) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert outputs["tagsAll"] == {"env": "local", "a": "1"}
    assert outputs["isEnabled"] is True


def test_a_preview_of_an_update_keeps_what_does_not_change(provider: AwsProvider, check: Check) -> None:
    old = check(KEY, {"description": "a"}).inputs
    outputs = {**old, "arn": "arn:aws:kms:eu-west-1:123456789012:key/k", "keyId": "k", "id": "k"}

    after = provider.update(KEY, "urn", "k", old, outputs, {**old, "description": "b"}, preview=True, timeout=None,
                            ignore_changes=())

    assert (after["arn"], after["description"]) == (outputs["arn"], "b")
