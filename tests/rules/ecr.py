"""Examples of the theme ecr."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.ecr import LIFECYCLE_POLICY, REGISTRY_POLICY, REPOSITORY, REPOSITORY_POLICY

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"


def _repository(environment: str = "dev", *, expires: bool = True, **changed: Any) -> Stack:
    repository = resource(REPOSITORY, **{
        "name": "flights",
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": KEY}],
    } | changed)
    lifecycle = resource(LIFECYCLE_POLICY, refers={"repository": repository}, policy='{"rules": []}')
    return stack(repository, *([lifecycle] if expires else []), environment=environment)


def _policy(type: str, principal: Any, condition: dict[str, Any] | None = None) -> Stack:
    pull = {"Principal": principal, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}
    return stack(resource(type, policy=policy(pull | ({"Condition": condition} if condition else {}))))


GOOD = _repository()

EXAMPLES = {
    "ecr-scan-on-push": example(GOOD, _repository(imageScanningConfiguration={"scanOnPush": False})),
    "ecr-tags-immutable": example(GOOD, (_repository(imageTagMutability="MUTABLE"),
                                         _repository(imageTagMutability=None))),
    "ecr-lifecycle-policy": example(GOOD, _repository(expires=False)),
    "ecr-customer-key": example(GOOD, (_repository(encryptionConfigurations=[{"encryptionType": "AES256"}]),
                                       _repository(encryptionConfigurations=[{"encryptionType": "KMS", "kmsKey": ""}]),
                                       _repository(encryptionConfigurations=None))),
    "ecr-not-public": example(
        (_policy(REPOSITORY_POLICY, {"AWS": "arn:aws:iam::210987654321:root"}),
         _policy(REPOSITORY_POLICY, "*", {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})),
        (_policy(REPOSITORY_POLICY, "*"), _policy(REGISTRY_POLICY, {"AWS": "*"})),
    ),
    "ecr-no-force-delete": example((_repository("prod"), _repository(forceDelete=True)),
                                   _repository("prod", forceDelete=True)),
}
