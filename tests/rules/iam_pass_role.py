"""Examples of the theme iam_pass_role."""

from __future__ import annotations

from typing import Any

from stack_builder import JOBS_HELD, OF_FOUNDATION, example, policy, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.identity_policy import POLICY, ROLE, ROLE_POLICY

ROLES = "arn:aws:iam::123456789012:role/"
TO_SAGEMAKER = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
PASS_ONE = {"Action": "iam:PassRole", "Resource": f"{ROLES}mlstead/flights/dev/training", "Condition": TO_SAGEMAKER}
PASS_ANY = PASS_ONE | {"Resource": "*"}
TRAIN = {"Action": "sagemaker:CreateTrainingJob", "Resource": "*", "Condition": JOBS_HELD}
TRAIN_ONE = TRAIN | {"Resource": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/flights-*"}


def _policy(name: str, *statements: dict[str, Any], role: str = "pipeline") -> Resource:
    return resource(ROLE_POLICY, name, role=role, policy=policy(*statements))


def _may(*statements: dict[str, Any]) -> Stack:
    return stack(_policy("one", *statements))


def _unknown_roles(one: str, other: str) -> Stack:
    """Two policies of roles whose names are not known yet: of the same role, or of two."""
    roles = {name: resource(ROLE, name, tags=OF_FOUNDATION) for name in (one, other)}
    return stack(*roles.values(), *(
        resource(ROLE_POLICY, name, refers={"role": roles[role]}, policy=policy(statement))
        for name, role, statement in (("pass", one, PASS_ANY), ("train", other, TRAIN))
    ))


GOOD = (_may(PASS_ONE, TRAIN), _may(PASS_ONE, TRAIN_ONE),
        stack(resource(POLICY, name="dev-boundary", policy=policy(PASS_ANY, TRAIN))))

EXAMPLES = {
    "iam-pass-named-roles": example(
        GOOD, (_may(PASS_ANY, TRAIN_ONE), _may(PASS_ONE | {"Resource": [f"{ROLES}*"]}),
               _may(PASS_ONE | {"Resource": "arn:aws:iam::123456789012:role*"}),
               stack(_policy("pass", PASS_ANY), _policy("train", TRAIN, role="another")),
               _unknown_roles("one", "another")),
    ),
    "iam-pass-role-to-named-service": example(GOOD, (
        _may({"Action": ["iam:PassRole", "iam:GetRole"], "Resource": f"{ROLES}training"}),
        _may(PASS_ONE | {"Condition": {"StringLike": {"iam:PassedToService": "*"}}}),
        _may(PASS_ONE | {"Condition": {"StringEqualsIfExists": {"iam:PassedToService": "sagemaker.amazonaws.com"}}}),
    )),
    "iam-no-escalation-by-job": example(GOOD, (
        _may(PASS_ANY, TRAIN),
        stack(_policy("pass", PASS_ANY), _policy("train", TRAIN)),
        _unknown_roles("one", "one"),
    )),
    "iam-no-escalation": example(
        (*GOOD, _may({"Action": "iam:PutRolePolicy", "Resource": f"{ROLES}mlstead/*"}),
         _may({"Action": ["iam:CreateRole", "iam:PutRolePolicy"], "Resource": "*", "Condition": {
             "StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/mlstead/dev-boundary"}}})),
        (_may({"Action": "iam:Attach*", "Resource": f"{ROLES}*"}),
         _may({"Action": "iam:DeleteRolePermissionsBoundary", "Resource": "*", "Condition": {
             "StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/mlstead/dev-boundary"}}}),
         _may({"Action": "iam:UpdateAssumeRolePolicy", "Resource": "arn:aws:iam::123456789012:role/*"})),
    ),
}
