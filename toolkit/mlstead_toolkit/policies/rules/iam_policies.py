"""What the policies of roles, users and groups allow: actions by name, on resources by name.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html,
https://github.com/cdklabs/cdk-nag/blob/main/RULES.md
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.action_levels import may_be_anywhere
from mlstead_toolkit.policies.identity_policy import HOLDERS, ROLE, granted, only_bounds
from mlstead_toolkit.policies.own_controls import LEAST_DATA, PERIMETER
from mlstead_toolkit.policies.statement import Statement, covers

ATTACHMENTS: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
    ROLE: "managedPolicyArns",
}
"""What attaches a policy, and the property that names it."""

READS: Final = (
    "s3:GetObject", "s3:GetObjectVersion", "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue",
    "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "dynamodb:GetItem", "dynamodb:Scan",
)
WRITES: Final = ("s3:PutObject",)
"""What carries data out of an account at once, if it may be done to any resource."""

_WHOSE_RESOURCES = ("aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "s3:ResourceAccount",
                    "s3:DataAccessPointAccount")
_TAGS = ("aws:ResourceTag/*", "secretsmanager:ResourceTag/*", "ssm:ResourceTag/*")


def _everything(statement: Statement) -> bool:
    return statement.everywhere and any(not action.strip("*:?") for action in statement.whole_services)


def _not_everything(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in granted(policy):
        if _everything(statement) and not (statement.conditions and only_bounds(policy, stack)):
            yield f"{statement.called} allows everything on everything"


def _no_whole_service(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in granted(policy):
        whole = statement.whole_services
        if whole and not _everything(statement) and not only_bounds(policy, stack):
            yield f"{statement.called} allows {', '.join(whole)}, today's actions and tomorrow's"


def _no_all_but(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in granted(policy):
        for what, but in (("NotAction", statement.but_actions), ("NotResource", statement.but_resources)):
            if but and not only_bounds(policy, stack):
                yield f"{statement.called} allows all but what it names ({what})"


def _named_resources(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in granted(policy):
        if statement.but_actions or statement.conditions or "*" not in statement.resources:
            continue
        # Actions that other rules speak of are theirs.
        could = [action for action in statement.actions
                 if not may_be_anywhere(action) and action not in statement.whole_services
                 and not any(covers(action, other) for other in (*READS, *WRITES, "iam:PassRole", "kms:Decrypt"))]
        if could and not only_bounds(policy, stack):
            yield f"{statement.called} allows {', '.join(could)} on every resource"


def _no_exfiltration(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in granted(policy):
        if statement.held_to(*_WHOSE_RESOURCES) or statement.narrowed_by(*_TAGS):
            continue
        moved = [action for action in statement.names(*READS, *WRITES)
                 if statement.reaches_every(action.partition(":")[0])]
        if moved and not only_bounds(policy, stack):
            yield f"{statement.called} allows {', '.join(moved)} whichever the resource is"


def _own_policies(attachment: Resource, _stack: Stack) -> Iterator[str]:
    arns = attachment.get(ATTACHMENTS[attachment.type], [])
    for arn in arns if isinstance(arns, list) else [arns]:
        if fnmatchcase(arn, "arn:aws*:iam::aws:policy/*"):
            yield f"{arn.rpartition('/')[2]} is AWS's: it grants more than is needed, and changes without review"


RULES: Final = (
    Rule(
        id="iam-not-everything",
        level=Level.MANDATORY,
        controls=("FSBP IAM.1", "CIS 2.14"),
        title="No policy allows every action on every resource.",
        fix="Name the actions and the resources.",
        types=HOLDERS,
        check=_not_everything,
    ),
    Rule(
        id="iam-no-whole-service",
        level=Level.MANDATORY,
        controls=("FSBP IAM.21", "cdk-nag IAM5"),
        title="No policy allows all actions of a service.",
        fix="Name the actions; a part of a name may end in *, as in s3:GetObject*.",
        types=HOLDERS,
        check=_no_whole_service,
    ),
    Rule(
        id="iam-no-all-but",
        level=Level.MANDATORY,
        controls=("FSBP IAM.21", LEAST_DATA),
        title="A policy allows what it names, never all but that.",
        fix="Write Action and Resource; NotAction and NotResource belong in a Deny.",
        types=HOLDERS,
        check=_no_all_but,
    ),
    Rule(
        id="iam-named-resources",
        level=Level.ADVISORY,
        controls=("cdk-nag IAM5",),
        title="An action that can be held to a resource is.",
        fix="Name the ARNs, or hold the statement to resources by a condition.",
        types=HOLDERS,
        check=_named_resources,
    ),
    Rule(
        id="iam-no-exfiltration",
        level=Level.MANDATORY,
        controls=("FSBP S3.6", PERIMETER),
        title="Nobody may read every bucket, secret or parameter, or write to anybody's bucket.",
        fix="Name the ARNs, or add the condition aws:ResourceAccount.",
        types=HOLDERS,
        check=_no_exfiltration,
    ),
    Rule(
        id="iam-no-aws-managed-policy",
        level=Level.MANDATORY,
        controls=("cdk-nag IAM4", LEAST_DATA),
        title="Nobody has a policy that AWS wrote.",
        fix="Write an aws.iam.RolePolicy with the actions that are used.",
        types=tuple(ATTACHMENTS),
        check=_own_policies,
    ),
)
