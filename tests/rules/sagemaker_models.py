"""Examples of the theme sagemaker_models."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.rules.sagemaker_models import IMAGE_VERSION, MODEL

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
REGISTERED = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flights-dev/7"


def _made(**changed: Any) -> Resource:
    return resource(MODEL, **{
        "name": "flights-1a2b3c4",
        "executionRoleArn": "arn:aws:iam::123456789012:role/endpoint",
        "primaryContainer": {"modelPackageName": REGISTERED},
        "enableNetworkIsolation": True,
        "vpcConfig": {"subnets": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]},
    } | changed)


def _model(**changed: Any) -> Stack:
    return stack(_made(**changed))


def _argued() -> Stack:
    component = resource("mlstead:index:Endpoint", weakenings={"network_isolation": "it asks a feature store"})
    open_model = _made(enableNetworkIsolation=False)
    return stack(component, Resource(open_model.properties, MODEL, "open", "urn:model", component.urn))


def _of_image(image: str, **more: Any) -> Stack:
    return _model(primaryContainer={"image": image, **more})


GOOD = _model()
BY_DIGEST = _of_image(f"{ECR}/flights@sha256:{'0' * 64}")

EXAMPLES = {
    "sagemaker-model-isolated": example((GOOD, _argued()), (
        _model(enableNetworkIsolation=None), _model(enableNetworkIsolation=False),
    )),
    "sagemaker-model-in-vpc": example((GOOD, _model(vpcConfig={"subnets": [UNKNOWN], "securityGroupIds": [UNKNOWN]})), (
        _model(vpcConfig=None), _model(vpcConfig={"subnets": [], "securityGroupIds": ["sg-1"]}),
    )),
    "sagemaker-model-image-private": example(
        (BY_DIGEST, _of_image("registry.acme.internal/flights:7", imageConfig={"repositoryAccessMode": "Vpc"})),
        (_of_image("docker.io/acme/flights:7"), _of_image("public.ecr.aws/acme/flights:7"),
         _model(primaryContainer=None, containers=[{"image": f"{ECR}/one:1"}, {"image": "ghcr.io/acme/two:2"}])),
    ),
    "sagemaker-image-pinned": example(
        (_of_image(f"{ECR}/flights:1.4.0"), BY_DIGEST, stack(resource(IMAGE_VERSION, baseImage=f"{ECR}/notebooks:3"))),
        (_of_image(f"{ECR}/flights:latest"), _of_image(f"{ECR}/flights"),
         stack(resource(IMAGE_VERSION, baseImage=f"{ECR}/notebooks:latest"))),
    ),
    "sagemaker-model-registered": example(GOOD, (
        _of_image(f"{ECR}/flights:1", modelDataUrl="s3://flights-artifacts/model.tar.gz"),
        _of_image(f"{ECR}/flights:1", modelDataSource={"s3DataSources": [{"s3Uri": "s3://flights-artifacts/model/"}]}),
    )),
}
