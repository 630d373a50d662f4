"""Endpoints really serve, and keep serving."""

from __future__ import annotations

import io
import json
import tarfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError


def pack(version: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("version.txt")
        member.size = len(version)
        archive.addfile(member, io.BytesIO(version.encode()))
    return buffer.getvalue()


def make_config(bench: Any, version: str, **more: Any) -> str:
    """Make a model of a version and an endpoint configuration for it."""
    sagemaker = bench.boto("sagemaker")
    bench.boto("s3").put_object(Bucket=bench.bucket, Key=f"packed/{version}.tar.gz", Body=pack(version))
    sagemaker.create_model(
        ModelName=f"model-{version}",
        ExecutionRoleArn=bench.role,
        PrimaryContainer={"Image": bench.image, "ModelDataUrl": f"s3://{bench.bucket}/packed/{version}.tar.gz"},
    )
    sagemaker.create_endpoint_config(
        EndpointConfigName=f"config-{version}",
        ProductionVariants=[
            {
                "VariantName": "main",
                "ModelName": f"model-{version}",
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 1,
            }
        ],
        **more,
    )
    return f"config-{version}"


@pytest.fixture(scope="module")
def capturing(bench: Any, waiting: Any) -> Iterator[str]:
    """An endpoint in service that captures everything; gives its name."""
    wait_while, _ = waiting
    config = make_config(
        bench,
        "one",
        DataCaptureConfig={
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": f"s3://{bench.bucket}/capture",
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]},
        },
    )
    bench.boto("sagemaker").create_endpoint(EndpointName="capturing", EndpointConfigName=config)
    described = settle(bench, wait_while, "capturing")
    assert described["EndpointStatus"] == "InService", described
    yield "capturing"
    bench.boto("sagemaker").delete_endpoint(EndpointName="capturing")


def settle(bench: Any, wait_while: Any, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = wait_while(
        lambda: bench.boto("sagemaker").describe_endpoint(EndpointName=name), "EndpointStatus", "Creating", "Updating"
    )
    return answer


def invoke(bench: Any, name: str, body: bytes, kind: str = "text/csv", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = bench.boto("sagemaker-runtime").invoke_endpoint(
        EndpointName=name, Body=body, ContentType=kind, **more
    )
    answer["Body"] = answer["Body"].read()
    return answer


def test_an_endpoint_answers_with_the_models_type(bench: Any, capturing: str) -> None:
    answer = invoke(bench, capturing, b"1,2")
    assert (answer["Body"], answer["ContentType"], answer["InvokedProductionVariant"]) == (
        b"one:1,2",
        "text/csv",
        "main",
    )
    assert invoke(bench, capturing, b"{}", "application/json")["ContentType"] == "application/json"


def test_what_the_model_refuses_is_a_model_error(bench: Any, capturing: str) -> None:
    with pytest.raises(ClientError, match=r"Received client error \(415\) from primary.*only text/csv") as raised:
        invoke(bench, capturing, b"<x/>", "text/xml")
    assert raised.value.response["Error"]["Code"] == "ModelError"
    assert raised.value.response["OriginalStatusCode"] == 415
    with pytest.raises(ClientError, match=r"Received server error \(500\)"):
        invoke(bench, capturing, b"raise")


def test_an_endpoint_that_does_not_exist_is_named(bench: Any) -> None:
    with pytest.raises(ClientError, match="Endpoint nowhere of account 123456789012 not found"):
        invoke(bench, "nowhere", b"1")


def test_an_unsigned_invocation_is_refused_as_aws_does(bench: Any) -> None:
    url = f"{bench.status.endpoint}/endpoints/anything/invocations"
    request = urllib.request.Request(url, b"1", {"Content-Type": "text/csv"})
    with pytest.raises(urllib.error.HTTPError, match="403") as raised:
        urllib.request.urlopen(request)
    assert json.load(raised.value)["message"] == "Missing Authentication Token"


def test_requests_and_answers_are_captured(bench: Any, capturing: str, waiting: Any) -> None:
    _, wait_until = waiting
    invoke(bench, capturing, b"captured,1", InferenceId="inference-1")
    invoke(bench, capturing, b"\x00\x01", "application/octet-stream")

    def lines() -> dict[str, Any] | None:
        found = {}
        for key in bench.keys(f"capture/{capturing}/main/{datetime.now(UTC):%Y/%m/%d}"):
            for line in bench.read(f"s3://{bench.bucket}/{key}").splitlines():
                one = json.loads(line)
                found[one["captureData"]["endpointInput"]["data"]] = one
        return found if {"captured,1", "AAE="} <= found.keys() else None

    records = wait_until(lines)
    text = records["captured,1"]
    assert text["captureData"]["endpointInput"] == {
        "observedContentType": "text/csv",
        "mode": "INPUT",
        "data": "captured,1",
        "encoding": "CSV",
    }
    assert text["captureData"]["endpointOutput"]["data"] == "one:captured,1"
    assert text["eventMetadata"]["inferenceId"] == "inference-1"
    assert records["AAE="]["captureData"]["endpointInput"]["encoding"] == "BASE64"


def test_invocations_are_counted_in_cloudwatch(bench: Any, capturing: str, waiting: Any) -> None:
    _, wait_until = waiting

    def total(name: str, statistic: str) -> float:
        now = datetime.now(UTC)
        points = bench.boto("cloudwatch").get_metric_statistics(
            Namespace="AWS/SageMaker",
            MetricName=name,
            StartTime=now - timedelta(minutes=10),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=[statistic],
            Dimensions=[{"Name": "EndpointName", "Value": capturing}, {"Name": "VariantName", "Value": "main"}],
        )["Datapoints"]
        return sum(point[statistic] for point in points)

    before = wait_until(lambda: total("Invocations", "Sum"))
    invoke(bench, capturing, b"1")
    with pytest.raises(ClientError):
        invoke(bench, capturing, b"raise")
    wait_until(lambda: total("Invocations", "Sum") >= before + 2)
    assert total("Invocation5XXErrors", "Sum") >= 1
    assert 10 < total("ModelLatency", "Average") < 5_000_000


def test_an_update_never_leaves_a_gap(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_endpoint(EndpointName="moving", EndpointConfigName=make_config(bench, "old"))
    assert settle(bench, wait_while, "moving")["EndpointStatus"] == "InService"
    answers, done = [], threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            answers.append(invoke(bench, "moving", b"x")["Body"])

    asking = threading.Thread(target=keep_asking)
    asking.start()
    sagemaker.update_endpoint(EndpointName="moving", EndpointConfigName=make_config(bench, "new"))
    described = settle(bench, wait_while, "moving")
    time.sleep(0.1)  # some answers of the new one
    done.set()
    asking.join()
    assert described["EndpointConfigName"] == "config-new"
    assert set(answers) == {b"old:x", b"new:x"}
    assert answers == sorted(answers, reverse=True), "it went back to the old one"
    sagemaker.delete_endpoint(EndpointName="moving")


def test_a_failed_update_keeps_the_old_model_serving(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_endpoint(EndpointName="steady", EndpointConfigName=make_config(bench, "steady"))
    settle(bench, wait_while, "steady")
    sagemaker.update_endpoint(EndpointName="steady", EndpointConfigName=make_config(bench, "broken"))
    described = settle(bench, wait_while, "steady")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "config-steady")
    assert "variant main did not pass the ping health check" in described["FailureReason"]
    assert "no such model" in described["FailureReason"]
    assert invoke(bench, "steady", b"x")["Body"] == b"steady:x"
    sagemaker.delete_endpoint(EndpointName="steady")


def test_an_endpoint_that_cannot_start_fails_with_the_reason(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_model(
        ModelName="dataless",
        ExecutionRoleArn=bench.role,
        PrimaryContainer={"Image": bench.image, "ModelDataUrl": f"s3://{bench.bucket}/none.tar.gz"},
    )
    sagemaker.create_endpoint_config(
        EndpointConfigName="dataless",
        ProductionVariants=[
            {"VariantName": "main", "ModelName": "dataless", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        ],
    )
    sagemaker.create_endpoint(EndpointName="dataless", EndpointConfigName="dataless")
    described = settle(bench, wait_while, "dataless")
    assert described["EndpointStatus"] == "Failed"
    assert f"s3://{bench.bucket}/none.tar.gz" in described["FailureReason"]
    sagemaker.delete_endpoint(EndpointName="dataless")
    with pytest.raises(ClientError, match="Could not find endpoint"):
        sagemaker.describe_endpoint(EndpointName="dataless")


def test_a_model_server_that_dies_is_restarted(bench: Any, waiting: Any) -> None:
    wait_while, wait_until = waiting
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_endpoint(EndpointName="mortal", EndpointConfigName=make_config(bench, "mortal"))
    settle(bench, wait_while, "mortal")
    with pytest.raises(ClientError, match=r"ServiceUnavailable|die"):
        invoke(bench, "mortal", b"die")

    def again() -> bool:
        try:
            return bool(invoke(bench, "mortal", b"x")["Body"] == b"mortal:x")
        except ClientError:
            return False

    wait_until(again)
    assert any("restarted" in line for line in bench.log("/aws/sagemaker/Endpoints/mortal", "main/"))
    sagemaker.delete_endpoint(EndpointName="mortal")


def test_traffic_is_split_by_weight_and_can_be_shifted(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    sagemaker = bench.boto("sagemaker")
    make_config(bench, "left")
    make_config(bench, "right")
    sagemaker.create_endpoint_config(
        EndpointConfigName="both",
        ProductionVariants=[
            {
                "VariantName": name,
                "ModelName": f"model-{name}",
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": weight,
            }
            for name, weight in (("left", 1.0), ("right", 0.0))
        ],
    )
    sagemaker.create_endpoint(EndpointName="split", EndpointConfigName="both")
    assert settle(bench, wait_while, "split")["EndpointStatus"] == "InService"
    assert {invoke(bench, "split", b"x")["Body"] for _ in range(10)} == {b"left:x"}
    assert invoke(bench, "split", b"x", TargetVariant="right")["Body"] == b"right:x"
    sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="split",
        DesiredWeightsAndCapacities=[
            {"VariantName": "left", "DesiredWeight": 0.0},
            {"VariantName": "right", "DesiredWeight": 1.0},
        ],
    )
    assert {invoke(bench, "split", b"x")["Body"] for _ in range(10)} == {b"right:x"}
    sagemaker.delete_endpoint(EndpointName="split")


def test_only_an_approved_model_package_can_be_deployed(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    sagemaker = bench.boto("sagemaker")
    bench.boto("s3").put_object(Bucket=bench.bucket, Key="packed/package.tar.gz", Body=pack("package"))
    sagemaker.create_model_package_group(ModelPackageGroupName="group")
    package = sagemaker.create_model_package(
        ModelPackageGroupName="group",
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [{"Image": bench.image, "ModelDataUrl": f"s3://{bench.bucket}/packed/package.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    assert package.endswith(":model-package/group/1")
    request = {
        "ModelName": "packaged",
        "ExecutionRoleArn": bench.role,
        "PrimaryContainer": {"ModelPackageName": package},
    }
    with pytest.raises(ClientError, match="its approval status is PendingManualApproval, it must be Approved"):
        sagemaker.create_model(**request)
    sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")
    sagemaker.create_model(**request)
    sagemaker.create_endpoint_config(
        EndpointConfigName="packaged",
        ProductionVariants=[
            {"VariantName": "main", "ModelName": "packaged", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        ],
    )
    sagemaker.create_endpoint(EndpointName="packaged", EndpointConfigName="packaged")
    assert settle(bench, wait_while, "packaged")["EndpointStatus"] == "InService"
    assert invoke(bench, "packaged", b"x")["Body"] == b"package:x"
    sagemaker.delete_endpoint(EndpointName="packaged")


def test_a_group_with_versions_cannot_be_deleted_and_numbers_are_not_reused(bench: Any) -> None:
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="kept")
    first = sagemaker.create_model_package(ModelPackageGroupName="kept")["ModelPackageArn"]
    with pytest.raises(ClientError, match="still contains Model Packages"):
        sagemaker.delete_model_package_group(ModelPackageGroupName="kept")
    sagemaker.delete_model_package(ModelPackageName=first)
    second = sagemaker.create_model_package(ModelPackageGroupName="kept")["ModelPackageArn"]
    listed = sagemaker.list_model_packages(ModelPackageGroupName="kept")["ModelPackageSummaryList"]
    assert [one["ModelPackageVersion"] for one in listed] == [2]
    sagemaker.delete_model_package(ModelPackageName=second)
    sagemaker.delete_model_package_group(ModelPackageGroupName="kept")


def test_empty_blocks_are_not_echoed(bench: Any) -> None:
    sagemaker = bench.boto("sagemaker")
    make_config(bench, "plain")
    assert "VpcConfig" not in sagemaker.describe_model(ModelName="model-plain")
    assert "DataCaptureConfig" not in sagemaker.describe_endpoint_config(EndpointConfigName="config-plain")
