"""ECR: what jobs and endpoints run is what was reviewed, scanned and encrypted.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import NOTHING_LOST
from mlstead_toolkit.policies.resource_policy import open_to_everybody

REPOSITORY: Final = "aws:ecr/repository:Repository"
LIFECYCLE_POLICY: Final = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
REPOSITORY_POLICY: Final = "aws:ecr/repositoryPolicy:RepositoryPolicy"
REGISTRY_POLICY: Final = "aws:ecr/registryPolicy:RegistryPolicy"


def _scanned(repository: Resource, _stack: Stack) -> Iterator[str]:
    if not repository.flag("imageScanningConfiguration.scanOnPush"):
        yield "images are not scanned when they are pushed"


def _immutable(repository: Resource, _stack: Stack) -> Iterator[str]:
    mutability = repository.get("imageTagMutability", "MUTABLE")
    if mutability != "IMMUTABLE":
        yield f"imageTagMutability is {mutability}: a tag can be moved to another image"


def _expiring(repository: Resource, stack: Stack) -> Iterator[str]:
    if not stack.related(repository, LIFECYCLE_POLICY, via="repository"):
        yield "no lifecycle policy expires untagged images"


def _own_key(repository: Resource, _stack: Stack) -> Iterator[str]:
    if not any(one.get("encryptionType", "AES256").startswith("KMS") and one.filled("kmsKey")
               for one in repository.blocks("encryptionConfigurations")):
        yield "images are not encrypted with a KMS key of your own"


def _named(policy: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(policy)


def _kept_on_destroy(repository: Resource, stack: Stack) -> Iterator[str]:
    if stack.environment.startswith("prod") and repository.flag("forceDelete"):
        yield "forceDelete deletes every image with the repository"


RULES: Final = (
    Rule(
        id="ecr-scan-on-push",
        level=Level.MANDATORY,
        controls=("FSBP ECR.1",),
        title="Images are scanned for vulnerabilities when they are pushed.",
        fix='Set image_scanning_configuration={"scan_on_push": True}.',
        types=(REPOSITORY,),
        check=_scanned,
    ),
    Rule(
        id="ecr-tags-immutable",
        level=Level.MANDATORY,
        controls=("FSBP ECR.2",),
        title="A tag, once pushed, stays what it is.",
        fix='Set image_tag_mutability="IMMUTABLE".',
        types=(REPOSITORY,),
        check=_immutable,
    ),
    Rule(
        id="ecr-lifecycle-policy",
        level=Level.ADVISORY,
        controls=("FSBP ECR.3",),
        title="A repository has a lifecycle policy.",
        fix="Add an aws.ecr.LifecyclePolicy that expires untagged images.",
        types=(REPOSITORY,),
        check=_expiring,
    ),
    Rule(
        id="ecr-customer-key",
        level=Level.MANDATORY,
        controls=("FSBP ECR.5",),
        title="Images are encrypted with a customer-managed KMS key.",
        fix='Set encryption_configurations=[{"encryption_type": "KMS", "kms_key": key_arn}].',
        types=(REPOSITORY,),
        check=_own_key,
    ),
    Rule(
        id="ecr-not-public",
        level=Level.MANDATORY,
        controls=("CIS 2.21",),
        title="A repository's policy allows nothing to everybody.",
        fix="Name the accounts, or hold the statement to aws:PrincipalOrgID.",
        types=(REPOSITORY_POLICY, REGISTRY_POLICY),
        check=_named,
    ),
    Rule(
        id="ecr-no-force-delete",
        level=Level.MANDATORY,
        controls=(NOTHING_LOST,),
        title="In production a repository that holds images is not deleted.",
        fix="Leave force_delete out.",
        types=(REPOSITORY,),
        check=_kept_on_destroy,
    ),
)
