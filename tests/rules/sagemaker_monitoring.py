"""Examples of the theme sagemaker_monitoring."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.sagemaker_monitoring import JOB_DEFINITION, SCHEDULE

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
NETWORK = {"enableNetworkIsolation": True, "enableInterContainerTrafficEncryption": True,
           "vpcConfig": {"subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]}}
CLUSTER = {"clusterConfig": {"instanceCount": 1, "instanceType": "ml.m5.large", "volumeSizeInGb": 20,
                             "volumeKmsKeyId": KEY}}
BARE_CLUSTER = {"clusterConfig": {"instanceCount": 1, "instanceType": "ml.m5.large", "volumeSizeInGb": 20}}
OUTPUT = {"kmsKeyId": KEY, "monitoringOutputs": {"s3Output": {"s3Uri": "s3://flights-artifacts/reports"}}}
ROLE = "arn:aws:iam::123456789012:role/monitoring"


def _definition(**changed: Any) -> Stack:
    return stack(resource(JOB_DEFINITION, **{
        "name": "flights-1a2b3c4", "roleArn": ROLE, "networkConfig": NETWORK, "jobResources": CLUSTER,
        "dataQualityJobOutputConfig": OUTPUT,
    } | changed))


def _schedule(kind: str = "ModelBias", **changed: Any) -> Stack:
    job = {"roleArn": ROLE, "networkConfig": NETWORK, "monitoringResources": CLUSTER, "monitoringOutputConfig": OUTPUT}
    return stack(resource(SCHEDULE, monitoringScheduleConfig={
        "monitoringType": kind, "monitoringJobDefinition": job | changed,
    }))


def _by_name(name: str) -> Stack:
    definition = _definition().resources[1]
    return stack(definition, resource(SCHEDULE, monitoringScheduleConfig={
        "monitoringType": "DataQuality", "monitoringJobDefinitionName": name,
    }))


GOOD = (_definition(), _schedule("DataQuality"), _schedule("ModelExplainability"), _by_name("flights-1a2b3c4"))


def _both(network: dict[str, Any] | None) -> tuple[Stack, ...]:
    return (_definition(networkConfig=network), *(_schedule(kind, networkConfig=network) for kind in (
        "ModelQuality", "ModelBias", "ModelExplainability")))


EXAMPLES = {
    "sagemaker-monitoring-traffic-encrypted": example(
        GOOD, _both(NETWORK | {"enableInterContainerTrafficEncryption": False})),
    "sagemaker-monitoring-isolated": example(GOOD, _both(NETWORK | {"enableNetworkIsolation": None})),
    "sagemaker-monitoring-in-vpc": example(GOOD, _both(NETWORK | {"vpcConfig": None})),
    "sagemaker-monitoring-encrypted": example(GOOD, (
        _definition(jobResources=BARE_CLUSTER), _definition(dataQualityJobOutputConfig=OUTPUT | {"kmsKeyId": None}),
        _schedule(monitoringResources=BARE_CLUSTER), _schedule(monitoringOutputConfig=OUTPUT | {"kmsKeyId": ""}),
    )),
    "sagemaker-monitoring-definition-here": example(GOOD[1:], _by_name("made-by-hand")),
}
