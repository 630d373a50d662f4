"""Examples of the theme sagemaker_registry."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.identity_policy import POLICY, ROLE, ROLE_POLICY
from mlstead_toolkit.policies.rules.sagemaker_registry import ATTACHMENT, GROUP_POLICY, MODEL_CARD

GROUP = "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/flights-dev"
VERSIONS = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flights-dev/*"
PRODUCTION = {"AWS": "arn:aws:iam::210987654321:root"}
READ = {"Sid": "Read", "Principal": PRODUCTION, "Action": "sagemaker:DescribeModelPackage", "Resource": VERSIONS}
TRUST = policy({"Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {
    "StringEquals": {"aws:SourceAccount": "123456789012"},
    "ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:eu-west-1:123456789012:*"},
}})


def _shared(**changed: Any) -> Stack:
    return stack(resource(GROUP_POLICY, modelPackageGroupName="flights-dev", resourcePolicy=policy(READ | changed)))


def _role(*actions: str, condition: dict[str, Any] | None = None) -> Stack:
    """A role of whose actions the first stands in an inline policy, the others in one that is attached."""
    role = resource(ROLE, assumeRolePolicy=TRUST, permissionsBoundary="arn:aws:iam::123456789012:policy/boundary",
                    path="/mlstead/project/dev/")
    conditions = {"Condition": condition} if condition else {}
    inline = resource(ROLE_POLICY, refers={"role": role}, policy=policy(
        {"Action": actions[0], "Resource": VERSIONS} | conditions))
    managed = resource(POLICY, policy=policy({"Action": list(actions[1:]) or actions[0], "Resource": VERSIONS}))
    return stack(role, inline, managed, resource(ATTACHMENT, refers={"role": role, "policyArn": managed}))


REGISTER, APPROVE, READ_IT = "sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage", "sagemaker:AddTags"
PENDING = {"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}}

EXAMPLES = {
    "sagemaker-registry-not-public": example(
        (_shared(), _shared(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}})),
        (_shared(Principal="*"), _shared(Principal={"AWS": "*"})),
    ),
    "sagemaker-registry-approved-here": example(_shared(), (
        _shared(Action="sagemaker:UpdateModelPackage"), _shared(Action=["sagemaker:*ModelPackage"]),
    )),
    "sagemaker-registry-duties-apart": example(
        (_role(REGISTER, READ_IT), _role(APPROVE), _role(REGISTER, APPROVE, condition=PENDING)),
        (_role(REGISTER, APPROVE), _role(APPROVE, READ_IT, REGISTER)),
    ),
    "sagemaker-model-card-encrypted": example(
        stack(resource(MODEL_CARD, securityConfig={"kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/one"})),
        stack(resource(MODEL_CARD, modelCardName="flights")),
    ),
}
