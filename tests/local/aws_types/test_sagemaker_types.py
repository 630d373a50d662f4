"""SageMaker's types, each through its whole life (see conftest.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


def pipeline(name: str) -> str:
    return json.dumps({"Version": "2020-12-01", "Steps": [
        {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": "stop"}}]})


KEY = {"key": "aws:kms/key:Key"}
ROLE = {"role": "aws:iam/role:Role"}
EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:sagemaker/modelPackageGroup:ModelPackageGroup",
            {"modelPackageGroupName": "flights", "modelPackageGroupDescription": "delays"}, {"tags": {"owner": "b"}},
            lambda boto, out: boto("sagemaker").list_tags(ResourceArn=out["arn"])["Tags"][-1:],
            [{"Key": "env", "Value": "local"}], [{"Key": "owner", "Value": "b"}],
            ("modelPackageGroupDescription", "other")),
    ("aws:sagemaker/pipeline:Pipeline",
            {"pipelineName": "training", "pipelineDisplayName": "training", "roleArn": "{role.arn}",
             "pipelineDefinition": pipeline("A"), "parallelismConfiguration": {"maxParallelExecutionSteps": 2},
             "tags": {"owner": "a"}}, {"pipelineDefinition": pipeline("B"), "pipelineDescription": "changed"},
            lambda boto, out: json.loads(boto("sagemaker").describe_pipeline(PipelineName="training")
                                         ["PipelineDefinition"])["Steps"][0]["Name"],
            "A", "B", ("pipelineName", "other"), ROLE),
    ("aws:sagemaker/model:Model",
            {"executionRoleArn": "{role.arn}", "enableNetworkIsolation": True, "primaryContainer": {
                "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/none:1", "environment": {"A": "b"},
                "modelDataUrl": "s3://bucket/model.tar.gz"}}, {"tags": {"owner": "b"}},
            lambda boto, out: len(boto("sagemaker").list_tags(ResourceArn=out["arn"])["Tags"]), 1, 2,
            ("enableNetworkIsolation", False), ROLE),
    ("aws:sagemaker/endpointConfiguration:EndpointConfiguration",
            {"kmsKeyArn": "{key.arn}", "productionVariants": [
                {"modelName": "{model.name}", "variantName": "AllTraffic", "instanceType": "ml.m5.large",
                 "initialInstanceCount": 1}],
             "dataCaptureConfig": {
                 "enableCapture": True, "destinationS3Uri": "s3://bucket/capture", "initialSamplingPercentage": 100,
                 "kmsKeyId": "{key.arn}", "captureOptions": [{"captureMode": "Input"}, {"captureMode": "Output"}],
                 "captureContentTypeHeader": {"csvContentTypes": ["text/csv"]}}, "tags": {"owner": "a"}},
            {"tags": {"owner": "b"}},
            lambda boto, out: boto("sagemaker").describe_endpoint_config(EndpointConfigName=out["name"])
            ["DataCaptureConfig"]["EnableCapture"], True, True, ("kmsKeyArn", "other"),
            {**KEY, "model": "aws:sagemaker/model:Model"}),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)
