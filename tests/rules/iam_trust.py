"""Examples of the theme iam_trust."""

from __future__ import annotations

from typing import Any

from stack_builder import OF_FOUNDATION, TAGS, example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.identity_policy import ROLE

BOUNDARY = "arn:aws:iam::123456789012:policy/mlstead/dev-boundary"
GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"


def _trust(principal: Any, condition: dict[str, Any] | None = None, action: str = "sts:AssumeRole",
           **properties: Any) -> Stack:
    statement = {"Principal": principal, "Action": action} | ({"Condition": condition} if condition else {})
    return stack(resource(ROLE, assumeRolePolicy=policy(statement), **{"tags": OF_FOUNDATION} | properties))


def _github(audience: bool = True, **condition: Any) -> Stack:
    issuer = "token.actions.githubusercontent.com"
    audiences = {"StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"}} if audience else {}
    subjects = {operator: {f"{issuer}:sub": subject} for operator, subject in condition.items()}
    return _trust({"Federated": GITHUB}, {
        operator: audiences.get(operator, {}) | subjects.get(operator, {}) for operator in audiences | subjects
    }, "sts:AssumeRoleWithWebIdentity")


def _of_project(**properties: Any) -> Stack:
    return _trust({"Service": "sagemaker.amazonaws.com"}, OURS, tags=TAGS, **properties)


OURS = {"StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:eu-west-1:123456789012:*"}}
ROOT = {"AWS": "arn:aws:iam::210987654321:root"}
GOOD = (
    _trust({"Service": "sagemaker.amazonaws.com"}, OURS),
    _trust({"Service": "ec2.amazonaws.com"}),
    _trust({"AWS": "arn:aws:iam::123456789012:role/deploy"}),
    _of_project(path="/mlstead/project/dev/", permissionsBoundary=BOUNDARY),
)

EXAMPLES = {
    "iam-trust-services-for-own-account": example(GOOD, (
        _trust({"Service": "sagemaker.amazonaws.com"}),
        _trust({"Service": ["lambda.amazonaws.com", "events.amazonaws.com"]}),
        _trust({"Service": "states.amazonaws.com"}, {"StringLike": {"aws:SourceArn": "arn:aws:states:*:*:*"}}),
    )),
    "iam-trust-not-everybody": example(
        (*GOOD, _trust("*", {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})),
        (_trust("*"), _trust({"AWS": ["*"]}), _trust({"AWS": "*"}, {"StringEquals": {"sts:ExternalId": "flights"}})),
    ),
    "iam-trust-more-than-account": example(
        (*GOOD, _trust(ROOT, {"StringEquals": {"sts:ExternalId": "flights"}}),
         _trust(ROOT, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::210987654321:role/analyst"}})),
        (_trust(ROOT), _trust({"AWS": ["arn:aws:iam::123456789012:role/deploy", "210987654321"]}),
         _trust(ROOT, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
         _trust(ROOT, {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::210987654321:role/intern"}})),
    ),
    "iam-trust-tokens-of-own-repositories": example(
        (_github(StringEquals="repo:acme/flights:environment:prod"),
         _github(StringLike="repo:acme/flights:ref:refs/tags/v*")),
        (_github(), _github(audience=False, StringEquals="repo:acme/flights:environment:prod"),
         _github(StringLike="repo:acme/*:ref:refs/heads/main"), _github(StringLike="repo:*"), _github(StringLike="*"),
         _github(StringNotEquals="repo:acme/website:environment:prod")),
    ),
    "iam-trust-tokens-of-branches": example(
        _github(StringLike=["repo:acme/flights:pull_request", "repo:acme/flights:ref:refs/heads/main"]),
        tuple(_github(StringLike=f"repo:acme/flights:{any_of_them}") for any_of_them in (
            "*", "ref:refs/heads/*", "environment:*")),
    ),
    "iam-project-roles-bounded": example(GOOD, _of_project(path="/mlstead/project/dev/")),
    "iam-project-roles-in-own-path": example(GOOD, (
        _of_project(permissionsBoundary=BOUNDARY), _of_project(permissionsBoundary=BOUNDARY, path="/mlstead/proj/dev/"),
    )),
}
