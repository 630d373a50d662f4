"""SageMaker models: what answers is reviewed, registered and cut off from every network.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.argued import argued
from mlstead_toolkit.policies.images import is_floating, is_in_ecr

MODEL: Final = "aws:sagemaker/model:Model"
IMAGE_VERSION: Final = "aws:sagemaker/imageVersion:ImageVersion"


def _isolated(model: Resource, stack: Stack) -> Iterator[str]:
    if not model.flag("enableNetworkIsolation") and not argued(model, stack, "network_isolation"):
        yield "the container reaches whatever network it is in"


def _in_network(model: Resource, _stack: Stack) -> Iterator[str]:
    if not (model.filled("vpcConfig.subnets") and model.filled("vpcConfig.securityGroupIds")):
        yield "the model runs in SageMaker's network, not in yours"


def _private(model: Resource, _stack: Stack) -> Iterator[str]:
    for container in _containers(model):
        image = container.get("image", "")
        if image and not is_in_ecr(image) and container.value("imageConfig.repositoryAccessMode") != "Vpc":
            yield f"{image} comes from a registry that is not private"


def _pinned(resource: Resource, _stack: Stack) -> Iterator[str]:
    of_studio = resource.type == IMAGE_VERSION
    images = [resource.get("baseImage", "")] if of_studio else [each.get("image", "") for each in _containers(resource)]
    for image in images:
        if image and is_floating(image):
            yield f"another image can come to stand behind {image}"


def _registered(model: Resource, _stack: Stack) -> Iterator[str]:
    for container in _containers(model):
        if container.has("modelDataUrl") or container.has("modelDataSource"):
            yield "the artifact comes straight from S3: nobody knows what it was trained on, or who approved it"


def _containers(model: Resource) -> list[Block]:
    return [*model.blocks("primaryContainer"), *model.blocks("containers")]


RULES: Final = (
    Rule(
        id="sagemaker-model-isolated",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.5", own_controls.ISOLATION),
        title="A model's container is cut off from every network.",
        fix='Set enable_network_isolation=True; in a component, network_isolation=Weakened("why") where it cannot be.',
        types=(MODEL,),
        check=_isolated,
    ),
    Rule(
        id="sagemaker-model-in-vpc",
        level=Level.MANDATORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="A model runs in a network of your own.",
        fix='Set vpc_config={"subnets": private_subnet_ids, "security_group_ids": [group_id]}.',
        types=(MODEL,),
        check=_in_network,
    ),
    Rule(
        id="sagemaker-model-image-private",
        level=Level.MANDATORY,
        # Where the control wants a registry in the VPC, ECR does: SageMaker pulls from it without the internet.
        controls=("FSBP SageMaker.16", "FSBP SageMaker.19"),
        title="A model's images come from ECR, or from a private registry in the VPC.",
        fix='Push the image to ECR, or set image_config={"repository_access_mode": "Vpc"} on its container.',
        types=(MODEL,),
        check=_private,
    ),
    Rule(
        id="sagemaker-image-pinned",
        level=Level.MANDATORY,
        controls=(own_controls.REVIEWED_CODE,),
        title="An image is named by a version tag or a digest, never by latest or by nothing.",
        fix="Write repository:version or repository@sha256:…, in a repository whose tags are immutable.",
        types=(MODEL, IMAGE_VERSION),
        check=_pinned,
    ),
    Rule(
        id="sagemaker-model-registered",
        level=Level.ADVISORY,
        controls=(own_controls.TRACEABLE,),
        title="What is served is a version of the model registry.",
        fix='Register the model, and set primary_container={"model_package_name": version_arn}.',
        types=(MODEL,),
        check=_registered,
    ),
)
