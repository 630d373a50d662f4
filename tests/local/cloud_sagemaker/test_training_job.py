"""Training jobs really train."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest
from botocore.exceptions import ClientError


def channel(uri: str) -> list[dict[str, Any]]:
    return [{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}]


def test_a_trained_model_and_its_metrics_come_out(bench: Any) -> None:
    bench.put("train/a.csv", "1 2 3")
    bench.put("train/deep/b.csv", "4 5")
    bench.training(
        "good",
        HyperParameters={"version": "7"},
        InputDataConfig=channel(f"s3://{bench.bucket}/train"),
        AlgorithmSpecification={
            "TrainingImage": bench.image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "auc", "Regex": "auc=([0-9.]+);"}],
        },
    )
    described = bench.trained("good")
    assert described["TrainingJobStatus"] == "Completed", described
    artifact = described["ModelArtifacts"]["S3ModelArtifacts"]
    assert artifact == f"s3://{bench.bucket}/models/good/output/model.tar.gz"
    with tarfile.open(fileobj=io.BytesIO(bench.read(artifact))) as archive:
        member = archive.extractfile("version.txt")
        assert member is not None
        assert member.read() == b"7"
    assert [(one["MetricName"], one["Value"]) for one in described["FinalMetricDataList"]] == [
        ("auc", pytest.approx(0.72))
    ]
    assert [one["Status"] for one in described["SecondaryStatusTransitions"]] == [
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert all("EndTime" in one for one in described["SecondaryStatusTransitions"])
    assert bench.log("/aws/sagemaker/TrainingJobs", "good/algo-1-")[0] == "rows=5"
    assert f"{'models/good/output/output.tar.gz'}" in bench.keys("models/good/")


def test_the_failure_file_is_the_reason(bench: Any) -> None:
    entrypoint = bench.script(
        "bad.py",
        """
import os, pathlib, sys
(pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"]) / "output/failure").write_text("the target has one class")
sys.exit(4)
""",
    )
    bench.training(
        "bad",
        AlgorithmSpecification={
            "TrainingImage": bench.image,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": entrypoint,
        },
    )
    described = bench.trained("bad")
    assert described["TrainingJobStatus"] == described["SecondaryStatus"] == "Failed"
    assert described["FailureReason"] == "AlgorithmError: the target has one class, exit code: 4"


def test_a_model_is_kept_when_the_time_is_up(bench: Any) -> None:
    entrypoint = bench.script(
        "endless.py",
        """
import os, pathlib, threading
(pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"]) / "model/checkpoint").write_text("1")
threading.Event().wait()
""",
    )
    bench.training(
        "endless",
        StoppingCondition={"MaxRuntimeInSeconds": 1},
        AlgorithmSpecification={
            "TrainingImage": bench.image,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": entrypoint,
        },
    )
    described = bench.trained("endless")
    assert (described["TrainingJobStatus"], described["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert bench.keys("models/endless/")


def test_missing_training_data_is_named(bench: Any) -> None:
    bench.training("starved", InputDataConfig=channel(f"s3://{bench.bucket}/void"))
    assert f"s3://{bench.bucket}/void" in bench.trained("starved")["FailureReason"]


def test_a_request_that_aws_would_refuse_is_refused(bench: Any) -> None:
    with pytest.raises(ClientError, match=r"Value 'ml.huge' at 'resourceConfig.instanceType'.*enum value set"):
        bench.training("huge", ResourceConfig={"InstanceCount": 1, "InstanceType": "ml.huge", "VolumeSizeInGB": 5})
    with pytest.raises(ClientError, match="regular expression pattern"):
        bench.training("under_score")
    with pytest.raises(ClientError, match="Requested resource not found"):
        bench.boto("sagemaker").describe_training_job(TrainingJobName="none")


def test_tags_can_be_set_changed_and_removed(bench: Any) -> None:
    sagemaker = bench.boto("sagemaker")
    arn = bench.training("tagged")["TrainingJobArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "owner", "Value": "a"}, {"Key": "gone", "Value": "x"}])
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "owner", "Value": "b"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["gone"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "owner", "Value": "b"}]
    bench.trained("tagged")
