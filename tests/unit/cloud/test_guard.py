"""What nothing implements is refused at once, by name; what would destroy is stopped. Contracts with moto 5.2.5."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
import moto.s3.responses
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mlstead_toolkit.cloud.guard import UNKNOWN_TO_MOTO

Boto = Callable[[str], Any]


@pytest.fixture(scope="module")
def bucket(boto: Boto) -> str:
    boto("s3").create_bucket(Bucket="guarded", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return "guarded"


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("sagemaker", "list_monitoring_schedules", {}),
        ("sagemaker", "list_spaces", {}),
        ("glue", "list_data_quality_results", {}),
        (
            "iam",
            "simulate_principal_policy",
            {"PolicySourceArn": "arn:aws:iam::123456789012:role/r", "ActionNames": ["s3:*"]},
        ),
        ("cloudwatch", "describe_anomaly_detectors", {}),
        ("qbusiness", "list_applications", {}),
        ("s3", "get_bucket_metadata_configuration", {"Bucket": "guarded"}),
        (
            "s3",
            "put_bucket_request_payment",
            {"Bucket": "guarded", "RequestPaymentConfiguration": {"Payer": "Requester"}},
        ),
    ],
)
def test_what_nothing_implements_is_refused_at_once_by_name(
    boto: Boto, bucket: str, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    method = getattr(boto(service), operation)
    began = time.monotonic()
    with pytest.raises(ClientError) as raised:
        method(**arguments)
    assert time.monotonic() - began < 3, "an SDK has retried"
    answer = raised.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert operation.replace("_", "") in answer["Error"]["Message"].lower()


@pytest.mark.parametrize("noun", ["analytics", "metrics", "intelligent_tiering"])
def test_deleting_a_buckets_configuration_leaves_the_bucket(boto: Boto, bucket: str, noun: str) -> None:
    with pytest.raises(ClientError, match="does not implement s3:DeleteBucket"):
        getattr(boto("s3"), f"delete_bucket_{noun}_configuration")(Bucket=bucket, Id="one")
    boto("s3").head_bucket(Bucket=bucket)


def test_the_sub_resources_that_moto_does_not_know_are_exactly_those_guarded() -> None:
    """Contract: when this fails after an upgrade of moto or botocore, UNKNOWN_TO_MOTO wants an edit."""
    model = botocore.session.get_session().get_service_model("s3")
    source = inspect.getsource(moto.s3.responses)
    queries = (model.operation_model(name).http["requestUri"].partition("?")[2] for name in model.operation_names)
    asked = {query.split("&")[0].split("=")[0] for query in queries if query}
    assert {one for one in asked if f'"{one}"' not in source} == UNKNOWN_TO_MOTO


@pytest.mark.parametrize("operation", ["create_transform_job", "create_hyper_parameter_tuning_job"])
def test_jobs_that_would_only_pretend_are_refused(boto: Boto, operation: str) -> None:
    endpoint = boto("sagemaker").meta.endpoint_url
    client = boto3.client(
        "sagemaker",
        endpoint_url=endpoint,
        region_name="eu-west-1",
        aws_access_key_id="mlstead",
        aws_secret_access_key="mlstead",
        config=Config(parameter_validation=False),
    )
    with pytest.raises(ClientError, match="does not implement sagemaker:Create"):
        getattr(client, operation)()


def test_metadata_with_an_underscore_keeps_it(boto: Boto, bucket: str) -> None:
    boto("s3").put_object(Bucket=bucket, Key="meta", Body=b"x", Metadata={"a_b": "1", "c-d": "2"})
    assert boto("s3").head_object(Bucket=bucket, Key="meta")["Metadata"] == {"a_b": "1", "c-d": "2"}


def test_large_objects_survive_the_round_trip(boto: Boto, bucket: str, tmp_path: Any) -> None:
    content = bytes(range(256)) * 80_000  # 20 MB: several parts
    (tmp_path / "large").write_bytes(content)
    boto("s3").upload_file(str(tmp_path / "large"), bucket, "large/ü b")
    boto("s3").download_file(bucket, "large/ü b", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == content


def test_sagemaker_of_two_regions_is_kept_apart(boto: Boto) -> None:
    boto("sagemaker").create_model_package_group(ModelPackageGroupName="here")
    there = boto3.client(
        "sagemaker",
        endpoint_url=boto("sagemaker").meta.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="mlstead",
        aws_secret_access_key="mlstead",
    )
    assert there.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


def test_resources_are_found_by_their_tags(boto: Boto) -> None:
    group = boto("sagemaker").create_model_package_group(
        ModelPackageGroupName="tagged", Tags=[{"Key": "project", "Value": "p"}]
    )["ModelPackageGroupArn"]
    package = boto("sagemaker").create_model_package(ModelPackageGroupName="tagged")["ModelPackageArn"]
    boto("sagemaker").add_tags(ResourceArn=package, Tags=[{"Key": "project", "Value": "p"}])
    found = boto("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "project", "Values": ["p"]}])
    assert {group, package} <= {one["ResourceARN"] for one in found["ResourceTagMappingList"]}


def test_search_finds_by_member_and_tag(boto: Boto) -> None:
    sagemaker = boto("sagemaker")
    for name, owner in (("found-a", "x"), ("found-b", "y")):
        sagemaker.create_model_package_group(ModelPackageGroupName=name, Tags=[{"Key": "owner", "Value": owner}])

    def search(*filters: tuple[str, str, str], operator: str = "And") -> set[str]:
        results = sagemaker.search(
            Resource="ModelPackageGroup",
            SearchExpression={
                "Filters": [{"Name": name, "Operator": how, "Value": value} for name, how, value in filters],
                "Operator": operator,
            },
        )["Results"]
        return {one["ModelPackageGroup"]["ModelPackageGroupName"] for one in results}

    assert search(("ModelPackageGroupName", "Contains", "found-")) == {"found-a", "found-b"}
    assert search(("ModelPackageGroupName", "Contains", "found-"), ("Tags.owner", "Equals", "y")) == {"found-b"}
    assert search(("Tags.owner", "Equals", "x"), ("Tags.owner", "Equals", "y"), operator="Or") == {"found-a", "found-b"}
