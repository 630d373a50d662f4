"""Examples of the theme sagemaker_jobs."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.sagemaker_jobs import FLOW_DEFINITION, LABELING_JOB, TRAINING_JOB, TUNING_JOB

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
TEAM = "arn:aws:sagemaker:eu-west-1:123456789012:workteam/private-crowd/labels"
CROWD = "arn:aws:sagemaker:eu-west-1:394669845002:workteam/public-crowd/default"

TRAINING: dict[str, Any] = {
    "roleArn": "arn:aws:iam::123456789012:role/training",
    "algorithmSpecification": {"trainingImage": f"{ECR}/flights:1.4.0", "trainingInputMode": "File"},
    "enableInterContainerTrafficEncryption": True,
    "enableNetworkIsolation": True,
    "outputDataConfig": {"s3OutputPath": "s3://flights-artifacts/models", "kmsKeyId": KEY},
    "resourceConfig": {"instanceType": "ml.m5.large", "instanceCount": 1, "volumeKmsKeyId": KEY},
    "vpcConfig": {"subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
}


def _training(**changed: Any) -> Stack:
    return stack(resource(TRAINING_JOB, **TRAINING | changed))


def _tuning(**changed: Any) -> Stack:
    return stack(resource(TUNING_JOB, trainingJobDefinitions=[TRAINING, TRAINING | changed]))


def _labeling(*, key: str | None = KEY, **task: Any) -> Stack:
    return stack(resource(LABELING_JOB, roleArn="arn:aws:iam::123456789012:role/labels",
                          outputConfig={"s3OutputPath": "s3://flights-artifacts/labels", "kmsKeyId": key},
                          humanTaskConfig={"workteamArn": TEAM} | task))


def _both(**changed: Any) -> tuple[Stack, ...]:
    return _training(**changed), _tuning(**changed)


GOOD = _both()
OUTPUT = {"s3OutputPath": "s3://flights-artifacts/models"}
ON_LOCAL_DISKS = {"instanceType": "ml.g5.xlarge", "instanceCount": 1}
SHOWN_TO_ALL = {"humanLoopConfig": {"workteamArn": CROWD},
                "outputConfig": {"s3OutputPath": "s3://flights-artifacts/reviews", "kmsKeyId": KEY}}

EXAMPLES = {
    "sagemaker-training-in-vpc": example(GOOD, _both(vpcConfig=None)),
    "sagemaker-training-isolated": example(GOOD, _both(enableNetworkIsolation=False)),
    "sagemaker-training-traffic-encrypted": example(GOOD, _both(enableInterContainerTrafficEncryption=None)),
    "sagemaker-training-encrypted": example((*GOOD, *_both(resourceConfig=ON_LOCAL_DISKS)), (
        *_both(outputDataConfig=OUTPUT), *_both(resourceConfig={"instanceType": "ml.m5.large", "instanceCount": 1}),
    )),
    "sagemaker-training-image-pinned": example(GOOD, (
        *_both(algorithmSpecification={"trainingImage": f"{ECR}/flights"}),
        _training(algorithmSpecification={"trainingImage": f"{ECR}/flights:latest"}),
    )),
    "sagemaker-training-no-shell": example(GOOD[0], _training(remoteDebugConfig={"enableRemoteDebug": True})),
    "sagemaker-labeling-private-workforce": example(_labeling(), (
        _labeling(workteamArn=CROWD), _labeling(publicWorkforceTaskPrice={"amountInUsd": {"cents": 3}}),
        stack(resource(FLOW_DEFINITION, **SHOWN_TO_ALL)),
    )),
    "sagemaker-labeling-encrypted": example(_labeling(), _labeling(key=None)),
}
