"""Who can become more than he is: by handing a role to a service, or by changing what a role may do.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.identity_policy import HOLDERS, ROLE_POLICY, granted, only_bounds
from mlstead_toolkit.policies.own_controls import BOUNDED_ROLES, SEPARATE_DUTIES
from mlstead_toolkit.policies.statement import Statement

_HANDING_OVER = "iam:PassRole"
STARTS: Final = (
    "sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob", "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateTransformJob", "sagemaker:CreateNotebookInstance", "sagemaker:CreateModel",
    "sagemaker:CreatePipeline", "sagemaker:CreateAutoMLJob", "glue:CreateJob", "glue:CreateDevEndpoint",
    "lambda:CreateFunction", "states:CreateStateMachine", "ecs:RunTask", "ec2:RunInstances",
    "codebuild:CreateProject", "cloudformation:CreateStack", "datapipeline:CreatePipeline",
)
"""What runs code of the caller's under a role that he passes."""
CHANGES: Final = (
    "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:AttachUserPolicy", "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy", "iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy", "iam:AddUserToGroup", "iam:CreateAccessKey", "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile", "iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary",
)
"""What changes what somebody may do."""
_UNBINDS = frozenset({"iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"})


def _passing(policy: Resource) -> Iterator[Statement]:
    for statement in granted(policy):
        if statement.names(_HANDING_OVER):
            yield statement


def _beside(policy: Resource, stack: Stack) -> Iterator[Resource]:
    """Give the policies of the same role, this one first."""
    yield policy
    if policy.type != ROLE_POLICY:
        return
    sources = policy.property_dependencies.get("role", ())
    for other in stack.of(ROLE_POLICY):
        if other.urn != policy.urn:
            theirs = other.property_dependencies.get("role", ())
            if (sources and sources == theirs) or (not sources and not theirs and _role(other) == _role(policy)):
                yield other


def _role(policy: Resource) -> str:
    return str(policy.get("role", policy.urn))


def _starting(policy: Resource, stack: Stack) -> list[str]:
    """Give what the holder of a policy may start under any role, on any resource."""
    return list(dict.fromkeys(
        action for one in _beside(policy, stack) for statement in granted(one)
        if not statement.but_actions and (statement.everywhere or _all_of_kind(statement))
        for action in statement.reaches(*STARTS)
    ))


def _all_of_kind(statement: Statement) -> bool:
    return any(arn.split(":", 5)[-1] == "*" for arn in statement.resources)


def _named_roles(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in _passing(policy):
        if statement.reaches_every("iam") and not only_bounds(policy, stack) and not _starting(policy, stack):
            yield f"{statement.called} lets any role be passed"


def _named_service(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in _passing(policy):
        if not statement.held_to("iam:PassedToService") and not only_bounds(policy, stack):
            yield f"{statement.called} lets a role be passed to any service"


def _no_escalation_by_job(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in _passing(policy):
        if not statement.reaches_every("iam") or only_bounds(policy, stack):
            continue
        if starts := _starting(policy, stack):
            yield f"{statement.called} passes any role to what {', '.join(starts)} starts: whoever has it is everybody"


def _no_escalation(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in granted(policy):
        changes = statement.names(*CHANGES)
        if statement.held_to("iam:PermissionsBoundary"):  # which holds whoever is changed, but for taking it off
            changes = [change for change in changes if change in _UNBINDS]
        if changes and statement.reaches_every("iam") and not only_bounds(policy, stack):
            yield f"{statement.called} allows {', '.join(changes)} on anybody: whoever has it may do anything"


RULES: Final = (
    Rule(
        id="iam-pass-named-roles",
        level=Level.MANDATORY,
        controls=("cdk-nag IAM5", SEPARATE_DUTIES),
        title="Only named roles are passed.",
        fix="Name the ARNs of the roles as the statement's resources.",
        types=HOLDERS,
        check=_named_roles,
    ),
    Rule(
        id="iam-pass-role-to-named-service",
        level=Level.MANDATORY,
        controls=(SEPARATE_DUTIES,),
        title="A role is passed to a named service.",
        fix='Add the condition {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}.',
        types=HOLDERS,
        check=_named_service,
    ),
    Rule(
        id="iam-no-escalation-by-job",
        level=Level.MANDATORY,
        controls=(SEPARATE_DUTIES, "cdk-nag IAM5"),
        title="Nobody starts his own code under any role he likes.",
        fix="Name the roles that are passed, and the jobs, models or functions that may be made.",
        types=HOLDERS,
        check=_no_escalation_by_job,
    ),
    Rule(
        id="iam-no-escalation",
        level=Level.MANDATORY,
        controls=("FSBP IAM.1", BOUNDED_ROLES),
        title="Nobody changes what anybody may do, except within a boundary.",
        fix="Name the roles, or add a condition on iam:PermissionsBoundary.",
        types=HOLDERS,
        check=_no_escalation,
    ),
)
