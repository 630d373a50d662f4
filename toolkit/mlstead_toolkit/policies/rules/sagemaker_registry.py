"""The model registry: who may add a version is not who approves it, and nobody outside sees it unasked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.identity_policy import POLICY, ROLE, ROLE_POLICY, granted
from mlstead_toolkit.policies.resource_policy import open_to_everybody
from mlstead_toolkit.policies.statement import Statement, allowances

MODEL_PACKAGE_GROUP: Final = "aws:sagemaker/modelPackageGroup:ModelPackageGroup"
GROUP_POLICY: Final = "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy"
MODEL_CARD: Final = "aws:sagemaker/modelCard:ModelCard"
ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

_REGISTER: Final = "sagemaker:CreateModelPackage"
_APPROVE: Final = "sagemaker:UpdateModelPackage"
_STATUS: Final = "sagemaker:ModelApprovalStatus"


def _not_public(policy: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(policy, "resourcePolicy")


def _approved_here(policy: Resource, _stack: Stack) -> Iterator[str]:
    for statement in allowances(policy, "resourcePolicy"):
        if statement.reaches(_APPROVE, "sagemaker:DeleteModelPackage") and not statement.mentions(_STATUS):
            yield f"{statement.called} lets another account approve versions, or delete them"


def _apart(role: Resource, stack: Stack) -> Iterator[str]:
    # What allows everything breaks iam-not-everything already.
    allowed = [one for one in _granted(role, stack) if not one.mentions(_STATUS) and "*" not in one.actions]
    if all(any(one.reaches(action) for one in allowed) for action in (_REGISTER, _APPROVE)):
        yield "who has this role registers models and approves them"


def _encrypted(card: Resource, _stack: Stack) -> Iterator[str]:
    if not card.filled("securityConfig.kmsKeyId"):
        yield "the card is not encrypted with a KMS key of your own"


def _granted(role: Resource, stack: Stack) -> Iterator[Statement]:
    yield from granted(role)
    for inline in stack.related(role, ROLE_POLICY, via="role"):
        yield from granted(inline)
    for attached in stack.related(role, ATTACHMENT, via="role"):
        policy = stack.referred(attached, POLICY, via="policyArn")
        if policy is not None:
            yield from granted(policy)


RULES: Final = (
    Rule(
        id="sagemaker-registry-not-public",
        level=Level.MANDATORY,
        controls=(own_controls.LEAST_DATA,),
        title="No model package group is open to everybody.",
        fix="Name the accounts that may read it in Principal.",
        types=(GROUP_POLICY,),
        check=_not_public,
    ),
    Rule(
        id="sagemaker-registry-approved-here",
        level=Level.MANDATORY,
        controls=(own_controls.SEPARATE_DUTIES,),
        title="Other accounts read a model package group; they neither approve its versions nor delete them.",
        fix="Allow sagemaker:DescribeModelPackage and ListModelPackages by name, and not sagemaker:*.",
        types=(GROUP_POLICY,),
        check=_approved_here,
    ),
    Rule(
        id="sagemaker-registry-duties-apart",
        level=Level.MANDATORY,
        controls=(own_controls.SEPARATE_DUTIES,),
        title="Who registers a model does not approve it.",
        fix="Grant sagemaker:UpdateModelPackage to another role, or hold it to sagemaker:ModelApprovalStatus.",
        types=(ROLE,),
        check=_apart,
    ),
    Rule(
        id="sagemaker-model-card-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="A model card is encrypted with a customer-managed key.",
        fix="Set kms_key_id in security_config.",
        types=(MODEL_CARD,),
        check=_encrypted,
    ),
)
