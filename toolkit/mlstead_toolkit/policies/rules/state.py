"""What must outlast a mistyped command or a replacement, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead.own_names import CI_PATH
from mlstead_toolkit.aws.naming import looks_automatic
from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.argued import argued
from mlstead_toolkit.policies.identity_policy import ROLE
from mlstead_toolkit.policies.pipeline_jobs import PIPELINE
from mlstead_toolkit.policies.rules import (
    athena,
    ecr,
    glue,
    mlflow,
    sagemaker_endpoints,
    sagemaker_features,
    sagemaker_models,
    sagemaker_monitoring,
    sagemaker_notebooks,
    sagemaker_registry,
    sagemaker_studio,
)

BUCKET: Final = "aws:s3/bucket:Bucket"
BUCKET_V2: Final = "aws:s3/bucketV2:BucketV2"
KEY: Final = "aws:kms/key:Key"

PROJECT_TAGS: Final = ("mlstead:project", "mlstead:environment")

_STATEFUL: Final = (
    BUCKET, BUCKET_V2, KEY, ecr.REPOSITORY, sagemaker_registry.MODEL_PACKAGE_GROUP, sagemaker_features.FEATURE_GROUP,
    mlflow.TRACKING_SERVER,
)
_TAGGABLE: Final = (
    BUCKET, BUCKET_V2, KEY, ecr.REPOSITORY, ROLE, "aws:sns/topic:Topic", "aws:sqs/queue:Queue",
    "aws:cloudwatch/logGroup:LogGroup", athena.WORKGROUP, glue.JOB, glue.CRAWLER, mlflow.TRACKING_SERVER, PIPELINE,
    sagemaker_endpoints.ENDPOINT, sagemaker_endpoints.ENDPOINT_CONFIGURATION, sagemaker_features.FEATURE_GROUP,
    sagemaker_models.MODEL, sagemaker_monitoring.JOB_DEFINITION, sagemaker_monitoring.SCHEDULE,
    sagemaker_notebooks.NOTEBOOK, sagemaker_registry.MODEL_PACKAGE_GROUP, sagemaker_studio.APP_IMAGE_CONFIGURATION,
    sagemaker_studio.DOMAIN, sagemaker_studio.SPACE, sagemaker_studio.USER_PROFILE, "aws:sagemaker/image:Image",
)
# They cannot be changed, so that every change is a replacement: the new one is made before the old one goes.
_REPLACED: Final = (
    sagemaker_endpoints.ENDPOINT_CONFIGURATION, sagemaker_models.MODEL, sagemaker_monitoring.JOB_DEFINITION,
    glue.SECURITY_CONFIGURATION,
)


def _protected(resource: Resource, stack: Stack) -> Iterator[str]:
    if stack.environment != "local" and not resource.protect and not argued(resource, stack, "protect"):
        yield "one mistyped destroy deletes it, with what is in it"


def _free_name(resource: Resource, _stack: Stack) -> Iterator[str]:
    name = resource.value("name")
    if name is not None and not resource.filled("namePrefix") and not looks_automatic(name):
        yield f"its name is always {name}: the one that replaces it cannot be made while it is there"


def _tagged(resource: Resource, _stack: Stack) -> Iterator[str]:
    # CI's roles work for a project, and are not of it: keys and buckets let in whoever has its tag.
    if resource.type == ROLE and resource.get("path", "/").startswith(CI_PATH):
        return
    missing = [tag for tag in PROJECT_TAGS if not resource.filled(f'tags["{tag}"]')]
    if missing:
        yield f"it has no tag {' and '.join(missing)}"


RULES: Final = (
    Rule(
        id="stateful-protected",
        level=Level.MANDATORY,
        controls=(own_controls.NOTHING_LOST,),
        title="What holds data, keys, images or history is protected, outside local.",
        fix='Set opts=ResourceOptions(protect=True); in a component, protect=Weakened("why") where it may go.',
        types=_STATEFUL,
        check=_protected,
    ),
    Rule(
        id="replaced-name-free",
        level=Level.ADVISORY,
        controls=(own_controls.NOTHING_LOST,),
        title="What is replaced at every change is named automatically.",
        fix="Leave name out.",
        types=_REPLACED,
        check=_free_name,
    ),
    Rule(
        id="tagged-with-project",
        level=Level.ADVISORY,
        controls=(own_controls.TRACEABLE, "FSBP SageMaker.6", "FSBP SageMaker.7", "FSBP Athena.3", "FSBP Glue.1"),
        title="A resource says of which project and environment it is.",
        fix="Set the tags mlstead:project and mlstead:environment; in a component, tags=self.tags.",
        types=_TAGGABLE,
        check=_tagged,
    ),
)
