"""Requests are held against SageMaker's service model."""

from __future__ import annotations

from typing import Any

import pytest

from mlstead_toolkit.cloud.sagemaker.validation import check

ROLE = "arn:aws:iam::123456789012:role/r"


def pipeline(**changes: Any) -> dict[str, Any]:
    return {"PipelineName": "p", "ClientRequestToken": "t" * 32, "RoleArn": ROLE, **changes}


def test_a_good_request_passes() -> None:
    check("CreatePipeline", pipeline(Tags=[{"Key": "a", "Value": "b"}]))


def test_an_operation_that_the_model_does_not_restrict_passes() -> None:
    check("ListModels", {})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"PipelineName": None}, "1 validation error detected: Value null at 'pipelineName'.*must not be null"),
        ({"PipelineName": "a b"}, "Value 'a b' at 'pipelineName'.*regular expression pattern"),
        ({"PipelineName": 3}, "Value '3' at 'pipelineName'.*must be of type string"),
        ({"RoleArn": "short"}, "length greater than or equal to 20"),
        (
            {"ParallelismConfiguration": {"MaxParallelExecutionSteps": 0}},
            "Value '0' at 'parallelismConfiguration.maxParallelExecutionSteps'.*value greater than or equal to 1",
        ),
        ({"Tags": [{"Key": "a"}]}, r"Value null at 'tags.1.member.value'"),
        ({"PipelineName": "a b", "RoleArn": "short"}, "[2-9] validation errors detected"),
    ],
)
def test_a_bad_request_is_refused_by_path_and_rule(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=message) as raised:
        check("CreatePipeline", pipeline(**changes))
    assert getattr(raised.value, "code", None) == "ValidationException"
