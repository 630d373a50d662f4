"""What is not empty is deleted only where the user says so; what is there is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider, Target
from mlstead_toolkit.aws.failures import Refusal
from mlstead_toolkit.engine.provider import ProviderError

BUCKET, REPOSITORY = "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository"
GROUP, KEY = "aws:sagemaker/modelPackageGroup:ModelPackageGroup", "aws:kms/key:Key"


def test_a_bucket_that_is_not_empty_is_kept_and_emptied_with_every_version_only_by_purge(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    careful = AwsProvider(aws.target, {})
    resource_id, inputs, outputs = stand.create(BUCKET, {})
    s3, urn = boto("s3"), stand.urn(BUCKET)
    s3.put_bucket_versioning(Bucket=resource_id, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"one", b"two"):
        s3.put_object(Bucket=resource_id, Key="data.csv", Body=body)
    s3.delete_object(Bucket=resource_id, Key="data.csv")

    with pytest.raises(ProviderError, match="forceDestroy"):
        careful.delete(BUCKET, urn, resource_id, inputs, outputs, timeout=60)
    assert len(s3.list_object_versions(Bucket=resource_id)["Versions"]) == 2

    aws.delete(BUCKET, urn, resource_id, inputs, outputs, timeout=60)
    assert aws.read(BUCKET, resource_id, inputs, outputs) is None


def test_a_deleted_object_leaves_no_version_behind(aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    bucket = stand.create(BUCKET, {})[0]
    boto("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    boto("s3").put_object(Bucket=bucket, Key="data.csv.bak", Body=b"kept")
    token = "aws:s3/bucketObjectv2:BucketObjectv2"
    resource_id, inputs, outputs = stand.create(token, {"bucket": bucket, "key": "data.csv", "content": "one"})
    aws.update(token, stand.urn(token), resource_id, inputs, outputs, {**inputs, "content": "two"}, preview=False,
               timeout=60, ignore_changes=())

    aws.delete(token, stand.urn(token), resource_id, inputs, outputs, timeout=60)

    left = boto("s3").list_object_versions(Bucket=bucket)
    assert ([one["Key"] for one in left["Versions"]], left.get("DeleteMarkers", [])) == (["data.csv.bak"], [])


def test_the_users_own_aws_settings_have_no_say_in_how_the_local_cloud_is_reached(
        aws: AwsProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_PROFILE", "there-is-none")

    other = AwsProvider(Target.local(aws.target.default.address, "eu-west-1"), {})

    assert other.identity() == aws.identity()
    assert other.read(BUCKET, "there-is-none", {}, {}) is None


def test_a_model_package_group_with_versions_is_emptied_only_by_purge(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    careful = AwsProvider(aws.target, {})
    resource_id, inputs, outputs = stand.create(GROUP, {"modelPackageGroupName": "full"})
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/none:1"
    boto("sagemaker").create_model_package(
        ModelPackageGroupName="full", ModelApprovalStatus="PendingManualApproval", InferenceSpecification={
            "Containers": [{"Image": image}], "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"]})

    with pytest.raises(ProviderError):
        careful.delete(GROUP, stand.urn(GROUP), resource_id, inputs, outputs, timeout=60)
    aws.delete(GROUP, stand.urn(GROUP), resource_id, inputs, outputs, timeout=60)

    assert aws.read(GROUP, resource_id, inputs, outputs) is None


def test_a_deleted_key_is_named_with_the_day_it_goes(aws: AwsProvider, stand: Any) -> None:
    resource_id, inputs, outputs = stand.create(KEY, {"description": "the lake's"})

    note = aws.delete(KEY, stand.urn(KEY), resource_id, inputs, outputs, timeout=60)

    assert note is not None
    assert resource_id in note
    assert "the lake's" in note
    assert "will be deleted on 20" in note


def test_a_key_whose_creation_was_cut_off_is_told_from_others_by_its_tags(aws: AwsProvider, stand: Any) -> None:
    first = stand.create(KEY, {"description": "same", "tags": {"zone": "raw"}})
    second = stand.create(KEY, {"description": "same", "tags": {"zone": "curated"}})
    assert aws.recover(KEY, stand.urn(KEY), second[1], time.time() - 60) == second[0]
    assert aws.recover(KEY, stand.urn(KEY), first[1], time.time() + 60) is None


def test_what_is_still_there_is_not_taken_for_gone_because_something_else_is(
        aws: AwsProvider, stand: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """LocalStack refuses to delete an endpoint whose route it does not find."""
    network = stand.needs({"vpc": "aws:ec2/vpc:Vpc"})["vpc"]
    token = "aws:ec2/vpcEndpoint:VpcEndpoint"
    resource_id, inputs, outputs = stand.create(token, {
        "vpcId": network["id"], "serviceName": "com.amazonaws.eu-west-1.s3"})
    call = aws.target.call

    def without_route(service: str, operation: str, *rest: Any, **more: Any) -> Any:
        if operation == "DeleteVpcEndpoints":
            raise Refusal("ec2 DeleteVpcEndpoints", "InvalidRoute.NotFound", "no route", where=None)
        return call(service, operation, *rest, **more)

    monkeypatch.setattr(aws.target, "call", without_route)
    with pytest.raises(ProviderError, match=r"InvalidRoute\.NotFound"):
        aws.delete(token, stand.urn(token), resource_id, inputs, outputs, timeout=60)


def test_a_refusal_names_the_operation_the_code_and_the_resource(aws: AwsProvider, stand: Any) -> None:
    token, inputs = "aws:s3/bucketVersioning:BucketVersioning", {
        "bucket": "there-is-none", "versioningConfiguration": {"status": "Enabled"}}

    told = r"s3 PutBucketVersioning was refused: .*NoSuchBucket(.|\n)*BucketVersioning raw"
    with pytest.raises(ProviderError, match=told):
        aws.create(token, stand.urn(token, "raw"), inputs, preview=False, timeout=60)
