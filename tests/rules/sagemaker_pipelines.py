"""Examples of the theme sagemaker_pipelines."""

from __future__ import annotations

import json
from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.pipeline_jobs import PIPELINE

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flights:1.4.0"
ROLE = "arn:aws:iam::123456789012:role/"
KEY = {"Get": "Parameters.KmsKey"}
NETWORK = {"VpcConfig": {"Subnets": [{"Get": "Parameters.Subnet"}], "SecurityGroupIds": ["sg-1"]},
           "EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True}
BOUND = {"MaxRuntimeInSeconds": 3600}
MACHINE = {"InstanceType": {"Get": "Parameters.InstanceType"}, "InstanceCount": 1, "VolumeSizeInGB": 10,
           "VolumeKmsKeyId": KEY}
PARAMETERS = [
    {"Name": "KmsKey", "Type": "String", "DefaultValue": "arn:aws:kms:eu-west-1:123456789012:key/one"},
    {"Name": "Subnet", "Type": "String"},
    {"Name": "Image", "Type": "String", "DefaultValue": IMAGE},
    {"Name": "AnyImage", "Type": "String"},
    {"Name": "Isolated", "Type": "Boolean", "DefaultValue": True},
    {"Name": "InstanceType", "Type": "String", "DefaultValue": "ml.m5.large"},
    {"Name": "WithDisks", "Type": "String", "DefaultValue": "ml.g5.xlarge"},
    {"Name": "NoKey", "Type": "String", "DefaultValue": ""},
]

PROCESSING: dict[str, Any] = {
    "AppSpecification": {"ImageUri": {"Get": "Parameters.Image"}},
    "NetworkConfig": NETWORK,
    "ProcessingOutputConfig": {"KmsKeyId": KEY, "Outputs": [{"OutputName": "features"}]},
    "ProcessingResources": {"ClusterConfig": MACHINE},
    "RoleArn": f"{ROLE}processing",
    "StoppingCondition": BOUND,
}
TRAINING: dict[str, Any] = NETWORK | {
    "AlgorithmSpecification": {"TrainingImage": IMAGE},
    "OutputDataConfig": {"KmsKeyId": KEY, "S3OutputPath": "s3://flights-artifacts/models"},
    "ResourceConfig": MACHINE,
    "RoleArn": f"{ROLE}training",
    "StoppingCondition": BOUND,
}
TRANSFORM = {"TransformOutput": {"KmsKeyId": KEY, "S3OutputPath": "s3://flights-artifacts/answers"},
             "TransformResources": MACHINE}
MODEL = {"EnableNetworkIsolation": True, "VpcConfig": NETWORK["VpcConfig"], "ExecutionRoleArn": f"{ROLE}endpoint",
         "PrimaryContainer": {"Image": IMAGE}}
REGISTER = {"ModelApprovalStatus": "PendingManualApproval",
            "InferenceSpecification": {"Containers": [{"Image": {"Get": "Parameters.Image"}}]}}


def _step(kind: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"Name": kind, "Type": kind, "Arguments": arguments}


def _chosen(*steps: dict[str, Any]) -> dict[str, Any]:
    return _step("Condition", {"Conditions": [], "IfSteps": list(steps), "ElseSteps": [_step("Fail", {})]})


def _made(*steps: dict[str, Any]) -> Resource:
    return resource(PIPELINE, roleArn=f"{ROLE}pipeline", pipelineName="flights-dev", pipelineDefinition=json.dumps(
        {"Version": "2020-12-01", "Parameters": PARAMETERS, "Steps": list(steps)}))


def _pipeline(*steps: dict[str, Any]) -> Stack:
    return stack(_made(*steps))


def _processing(**changed: Any) -> Stack:
    return _pipeline(_step("Processing", PROCESSING | changed), _step("Training", TRAINING))


def _training(**changed: Any) -> Stack:
    """With the training that is meant behind a condition, and once more as what is tuned."""
    return _pipeline(_step("Processing", PROCESSING), _chosen(_step("Training", TRAINING | changed)))


def _tuning(**changed: Any) -> Stack:
    return _pipeline(_step("Tuning", {"TrainingJobDefinition": TRAINING | changed}))


def _without(block: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key != name}


def _argued() -> Stack:
    component = resource("mlstead:index:Pipeline", weakenings={"network_isolation": "it lists what was delivered"})
    bare = _made(_step("Processing", PROCESSING | {"NetworkConfig": NETWORK | {"EnableNetworkIsolation": False}}))
    return stack(component, Resource(bare.properties, PIPELINE, "open", "urn:open", component.urn))


GOOD = _pipeline(
    _step("Processing", PROCESSING), _step("Training", TRAINING), _step("QualityCheck", PROCESSING),
    _step("Tuning", {"TrainingJobDefinitions": [TRAINING]}), _step("Model", MODEL), _step("Transform", TRANSFORM),
    _chosen(_step("RegisterModel", REGISTER)), _step("Lambda", {}),
)
IN_S3 = stack(resource(PIPELINE, roleArn=f"{ROLE}pipeline", pipelineName="flights-dev",
                       pipelineDefinitionS3Location={"bucket": "flights-artifacts", "objectKey": "pipeline.json"}))
ON_DISKS = {"InstanceType": {"Get": "Parameters.WithDisks"}, "InstanceCount": 1, "VolumeSizeInGB": 10}
NO_NETWORK = {"Subnets": [], "SecurityGroupIds": []}

EXAMPLES = {
    "sagemaker-pipeline-reviewed": example(GOOD, (IN_S3, _pipeline(_step("HyperPod", {})))),
    "sagemaker-pipeline-in-vpc": example(GOOD, (
        _processing(NetworkConfig=_without(NETWORK, "VpcConfig")), _training(VpcConfig=None),
        _tuning(VpcConfig=NO_NETWORK), _pipeline(_step("Model", _without(MODEL, "VpcConfig"))),
    )),
    "sagemaker-pipeline-isolated": example((GOOD, _argued()), (
        _processing(NetworkConfig=NETWORK | {"EnableNetworkIsolation": False}),
        _training(EnableNetworkIsolation={"Get": "Parameters.Isolated"}),
        _pipeline(_step("Model", _without(MODEL, "EnableNetworkIsolation"))),
    )),
    "sagemaker-pipeline-traffic-encrypted": example(GOOD, (
        _processing(NetworkConfig=_without(NETWORK, "EnableInterContainerTrafficEncryption")),
        _tuning(EnableInterContainerTrafficEncryption=False),
    )),
    "sagemaker-pipeline-volumes-encrypted": example((GOOD, _training(ResourceConfig=ON_DISKS)), (
        _processing(ProcessingResources={"ClusterConfig": _without(MACHINE, "VolumeKmsKeyId")}),
        _training(ResourceConfig=MACHINE | {"VolumeKmsKeyId": {"Get": "Parameters.NoKey"}}),
        _pipeline(_step("Transform", TRANSFORM | {"TransformResources": _without(MACHINE, "VolumeKmsKeyId")})),
    )),
    "sagemaker-pipeline-outputs-encrypted": example((GOOD, _processing(ProcessingOutputConfig={"Outputs": []})), (
        _processing(ProcessingOutputConfig={"Outputs": [{"OutputName": "features"}]}),
        _training(OutputDataConfig={"S3OutputPath": "s3://flights-artifacts/models"}),
        _pipeline(_step("Transform", TRANSFORM | {"TransformOutput": {"S3OutputPath": "s3://flights-artifacts/x"}})),
    )),
    "sagemaker-pipeline-images-pinned": example(GOOD, (
        _processing(AppSpecification={"ImageUri": IMAGE.replace("1.4.0", "latest")}),
        _processing(AppSpecification={"ImageUri": {"Get": "Parameters.AnyImage"}}),
        _processing(AppSpecification={"ImageUri": {"Std:Join": {"On": ":", "Values": ["flights", "latest"]}}}),
        _pipeline(_step("RegisterModel", {"InferenceSpecification": {"Containers": [{"Image": "flights"}]}})),
    )),
    "sagemaker-pipeline-bounded": example(GOOD, (_processing(StoppingCondition=None), _training(StoppingCondition={}))),
    "sagemaker-pipeline-roles-apart": example(GOOD, (
        _training(RoleArn=f"{ROLE}processing"), _training(RoleArn=f"{ROLE}pipeline"), _training(RoleArn=None),
    )),
    "sagemaker-pipeline-registers-pending": example(GOOD, (
        _pipeline(_step("RegisterModel", REGISTER | {"ModelApprovalStatus": "Approved"})),
        _pipeline(_step("RegisterModel", REGISTER | {"ModelApprovalStatus": {"Get": "Parameters.AnyImage"}})),
    )),
}
