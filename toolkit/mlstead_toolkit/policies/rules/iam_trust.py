"""Who may take a role: named principals, services for our own resources, pipelines of our own repositories.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mlstead.own_names import RESERVED
from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.account import ACCOUNT
from mlstead_toolkit.policies.identity_policy import ROLE
from mlstead_toolkit.policies.own_controls import BOUNDED_ROLES, ON_BEHALF
from mlstead_toolkit.policies.statement import ON_WHOSE_BEHALF, WHOSE, Condition, Statement, allowances

_TRUST = "assumeRolePolicy"
_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
_WHOLE_ACCOUNT = re.compile(rf"{ACCOUNT}|arn:[a-z-]+:iam::{ACCOUNT}:root")
_MORE_THAN_ACCOUNT = ("sts:ExternalId", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:userid",
                      "aws:username")
# These tell nobody for whom they take a role: the machine or function that they run on does.
_TELL_NOTHING = ("ec2", "lambda", "edgelambda", "ecs", "eks", "pods.eks", "rds", "ssm", "spotfleet")
_ANYTHING_RUNS = ("*", "ref:*", "ref:refs/*", "ref:refs/heads/*", "environment:*")
# Where the subject of a token has the repository, and where what runs in it: branch, tag, environment.
_SUBJECT_PARTS = {"repo": 2, "project_path": 2, "organization": 2}


def _services_for_us(role: Resource, _stack: Stack) -> Iterator[str]:
    for statement in allowances(role, _TRUST):
        services = [name for name in statement.of("Service") if name.split(".amazonaws.")[0] not in _TELL_NOTHING]
        if services and not statement.held_to(*ON_WHOSE_BEHALF):
            yield f"{statement.called} trusts {', '.join(services)}, for anybody's resource"


def _not_everybody(role: Resource, _stack: Stack) -> Iterator[str]:
    for statement in allowances(role, _TRUST):
        if statement.to_everybody and not statement.held_to(*WHOSE):
            yield f"{statement.called} trusts everybody"


def _not_whole_accounts(role: Resource, _stack: Stack) -> Iterator[str]:
    for statement in allowances(role, _TRUST):
        accounts = [name for name in statement.of("AWS") if _WHOLE_ACCOUNT.fullmatch(name)]
        if accounts and not statement.held_to(*_MORE_THAN_ACCOUNT) and not statement.mentions("aws:PrincipalTag/*"):
            yield f"{statement.called} trusts whatever {', '.join(accounts)} lets take it"


def _web_identities(role: Resource) -> Iterator[Statement]:
    return (one for one in allowances(role, _TRUST) if one.reaches(_WEB_IDENTITY) and one.of("Federated"))


def _of(statement: Statement, claim: str) -> list[Condition]:
    return [one for one in statement.conditions if one.key.lower().endswith(f":{claim}")]


def _bound_tokens(role: Resource, _stack: Stack) -> Iterator[str]:
    for statement in _web_identities(role):
        for claim, what in (("aud", "audience"), ("sub", "subject")):
            held = [one for one in _of(statement, claim) if _demands(one)]
            if not held:
                yield f"{statement.called} takes tokens of any {what}"
            elif claim == "sub" and (loose := [value for one in held for value in one.values if _any_owner(value)]):
                yield f"{statement.called} takes tokens of {', '.join(loose)}: of repositories that are not named"


def _demands(condition: Condition) -> bool:
    quantifier, _, operator = condition.operator.rpartition(":")
    return quantifier != "ForAllValues" and operator in ("StringEquals", "StringLike", "StringEqualsIgnoreCase")


def _owner(subject: str) -> str:
    """Give what of a subject names the repository: the whole of it where its form is not known."""
    parts = subject.split(":")
    return ":".join(parts[:_SUBJECT_PARTS[parts[0]]]) if parts[0] in _SUBJECT_PARTS else subject


def _any_owner(subject: str) -> bool:
    return any(sign in _owner(subject) for sign in "*?")


def _bound_branches(role: Resource, _stack: Stack) -> Iterator[str]:
    for statement in _web_identities(role):
        for condition in _of(statement, "sub"):
            for value in condition.values if _demands(condition) else ():
                if not _any_owner(value) and value.removeprefix(_owner(value)).strip(":") in _ANYTHING_RUNS:
                    yield f"{statement.called} takes tokens of {value}: of no branch or environment in particular"


def _project(role: Resource) -> str | None:
    """Give the project that a role works for; the foundation's own roles bound the others, and nothing bounds them."""
    project = role.value('tags["mlstead:project"]')
    return None if project in RESERVED else project


def _bounded(role: Resource, _stack: Stack) -> Iterator[str]:
    if (project := _project(role)) and not role.filled("permissionsBoundary"):
        yield f"nothing bounds what a role of {project} may be granted"


def _in_own_path(role: Resource, _stack: Stack) -> Iterator[str]:
    project, path = _project(role), role.get("path", "/")
    if project and not path.startswith(f"/mlstead/{project}/"):
        yield f"its path is {path}, where no policy that goes by paths takes it for a role of {project}"


RULES: Final = (
    Rule(
        id="iam-trust-services-for-own-account",
        level=Level.MANDATORY,
        controls=(ON_BEHALF,),
        title="A service takes a role for resources of our own account alone.",
        fix="Add aws:SourceAccount and aws:SourceArn to the condition of the trust.",
        types=(ROLE,),
        check=_services_for_us,
    ),
    Rule(
        id="iam-trust-not-everybody",
        level=Level.MANDATORY,
        controls=("CIS 2.21",),
        title="Not everybody may take a role.",
        fix="Name the principals of the trust.",
        types=(ROLE,),
        check=_not_everybody,
    ),
    Rule(
        id="iam-trust-more-than-account",
        level=Level.MANDATORY,
        controls=("CIS 2.21", ON_BEHALF),
        title="A trust in an account says who in it, or carries an external id.",
        fix="Name roles by ARN, or add aws:PrincipalArn, aws:PrincipalOrgID or sts:ExternalId to the condition.",
        types=(ROLE,),
        check=_not_whole_accounts,
    ),
    Rule(
        id="iam-trust-tokens-of-own-repositories",
        level=Level.MANDATORY,
        controls=(ON_BEHALF,),
        title="An OIDC token takes a role only for a named audience and repository.",
        fix='Hold the trust to :aud and :sub, such as "repo:acme/flights:environment:prod".',
        types=(ROLE,),
        check=_bound_tokens,
    ),
    Rule(
        id="iam-trust-tokens-of-branches",
        level=Level.ADVISORY,
        controls=(ON_BEHALF,),
        title="An OIDC token takes a role only for a named branch, environment or pull request.",
        fix='End the subject in what may run: "…:ref:refs/heads/main", "…:environment:prod", "…:pull_request".',
        types=(ROLE,),
        check=_bound_branches,
    ),
    Rule(
        id="iam-project-roles-bounded",
        level=Level.MANDATORY,
        controls=(BOUNDED_ROLES,),
        title="A role of a project has the boundary of its environment.",
        fix="Set permissions_boundary=context.boundary_arn.",
        types=(ROLE,),
        check=_bounded,
    ),
    Rule(
        id="iam-project-roles-in-own-path",
        level=Level.MANDATORY,
        controls=(BOUNDED_ROLES,),
        title="A role of a project lies in the project's own path.",
        fix="Set path=context.role_path.",
        types=(ROLE,),
        check=_in_own_path,
    ),
)
