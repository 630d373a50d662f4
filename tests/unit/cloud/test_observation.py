"""What is noted of invocations and of training's lines."""

from __future__ import annotations

from typing import Any

import pytest

from mlstead_toolkit.cloud.credentials import RoleCredentials
from mlstead_toolkit.cloud.sagemaker.data_capture import record, wanted
from mlstead_toolkit.cloud.sagemaker.metric import MetricReader
from mlstead_toolkit.cloud.sagemaker.observation import Observation, points


def observation(status: int = 200, **capture: Any) -> Observation:
    config = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": "s3://b/c",
        "CaptureOptions": [{"CaptureMode": "InputAndOutput"}],
        **capture,
    }
    return Observation(
        endpoint="e",
        variant="v",
        region="eu-west-1",
        credentials=RoleCredentials("arn:aws:iam::123456789012:role/endpoint", "ASIA", "", ""),
        when=1_700_000_000.5,
        status=status,
        model_microseconds=4000.0,
        overhead_microseconds=200.0,
        request=b"1,2",
        request_type="text/csv; charset=utf-8",
        answer=b'{"a": 1}',
        answer_type="application/json",
        inference_id=None,
        custom_attributes="trace=1",
        capture=config,
    )


def test_a_captured_line_has_sagemakers_shape() -> None:
    line = record(observation())
    assert line["captureData"]["endpointInput"]["encoding"] == "CSV"
    assert line["captureData"]["endpointOutput"] == {
        "observedContentType": "application/json",
        "mode": "OUTPUT",
        "data": '{"a": 1}',
        "encoding": "JSON",
    }
    assert line["eventMetadata"]["inferenceTime"] == "2023-11-14T22:13:20Z"
    assert line["eventMetadata"]["customAttributes"] == ["trace=1"]
    assert line["eventVersion"] == "0"


def test_only_the_sides_asked_for_are_captured() -> None:
    assert list(record(observation(CaptureOptions=[{"CaptureMode": "Output"}]))["captureData"]) == ["endpointOutput"]


def test_errors_and_what_is_switched_off_are_not_captured() -> None:
    assert wanted(observation())
    assert not wanted(observation(status=500))
    assert not wanted(observation(EnableCapture=False))


def test_sampling_takes_about_its_share() -> None:
    taken = sum(wanted(observation(InitialSamplingPercentage=30)) for _ in range(4000))
    assert 1000 < taken < 1400  # 7 standard deviations either side of 1200


@pytest.mark.parametrize(("status", "errors"), [(200, (0, 0)), (415, (1, 0)), (500, (0, 1))])
def test_errors_are_counted_by_their_kind(status: int, errors: tuple[int, int]) -> None:
    values = {point.name: point.value for point in points(observation(status=status))}
    assert (values["Invocation4XXErrors"], values["Invocation5XXErrors"]) == errors
    assert values["Invocations"] == 1
    assert values["ModelLatency"] == 4000.0


def test_the_last_value_of_a_metric_counts_and_what_is_no_number_does_not() -> None:
    reader = MetricReader([{"Name": "auc", "Regex": "auc=([^;]*);"}, {"Name": "loss", "Regex": "loss=([0-9.]+)"}])
    reader.read(["auc=0.5; loss=3", "auc=0.7;", "auc=bad;"])
    assert {one["MetricName"]: one["Value"] for one in reader.final()} == {"auc": 0.7, "loss": 3.0}
