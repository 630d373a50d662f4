"""How CI gets in: the provider of its tokens, and the roles that let in this repository, for this environment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import PLATFORM, Finding, off, well
from mlstead_toolkit.doctor.remote import Remote, delivered_by, remote_of

if TYPE_CHECKING:
    from mlstead.access.oidc import Ci, OidcProvider
    from mlstead.policy import Statement

_PATH = re.compile(r"(?:repo|project_path):(?P<path>[^:]+):")
_BRANCH = re.compile(r"refs/heads/(?P<github>[^:]+)$|:ref_type:branch:ref:(?P<gitlab>[^:]+)")


@dataclass(frozen=True)
class _Provider:
    """What a trust policy takes of an OidcProvider, known without making one."""

    ci: Ci
    issuer: str
    partition: str
    arn: str


def let_in(account: Account) -> Iterator[Finding]:
    """Ask IAM for the provider and for both roles, and read whom they trust."""
    ci = delivered_by(account.project.root)
    if ci == "none":
        yield well("no CI delivers this project (answer `ci`)")
        return
    remote = remote_of(account.project.root, ci)
    if remote is None:
        yield off("the remote `origin` names no repository, so nobody can tell whose jobs are to be let in",
                  f"git remote add origin https://{ci}.com/<owner>/{account.project.name}.git")
        return
    provider = _Provider(ci, remote.issuer, account.context.partition,
                         f"arn:{account.context.partition}:iam::{account.caller['Account']}:oidc-provider/{remote.issuer}")
    yield from _trusted(account, provider, remote)
    for use in ("plan", "deploy"):
        yield _role(account, provider, remote, use)


def _trusted(account: Account, provider: _Provider, remote: Remote) -> Iterator[Finding]:
    from mlstead.access.oidc import AUDIENCE

    found = account.ask("iam", "GetOpenIDConnectProvider", OpenIDConnectProviderArn=provider.arn)
    if found is None:
        yield off(f"{account.caller['Account']} trusts no tokens of {provider.issuer}", _bootstrap(account, remote))
    elif AUDIENCE not in found.get("ClientIDList", ()):
        yield off(f"{account.caller['Account']} takes no tokens of {provider.issuer} made for {AUDIENCE}",
                  f"{PLATFORM} to type: aws iam add-client-id-to-open-id-connect-provider "
                  f"--open-id-connect-provider-arn {provider.arn} --client-id {AUDIENCE}")


def _role(account: Account, provider: _Provider, remote: Remote, use: str) -> Finding:
    from mlstead.own_names import CI_PATH

    name = f"{account.name}-{use}"
    found = account.ask("iam", "GetRole", RoleName=name)
    if found is None:
        return off(f"there is no role {name}", _bootstrap(account, remote))
    if found["Role"]["Path"] != CI_PATH:
        return off(f"the role {name} lies at {found['Role']['Path']}, not at {CI_PATH}: it is not the bootstrap's",
                   f"{PLATFORM} to take it away or rename it; {_bootstrap(account, remote)}")
    conditions = _conditions(found["Role"]["AssumeRolePolicyDocument"], provider.arn)
    if conditions is None:
        return off(f"the role {name} does not trust {provider.issuer}", _bootstrap(account, remote))
    return _let_in(account, provider, remote, name, use, conditions)


def _let_in(account: Account, provider: _Provider, remote: Remote, name: str, use: str,
            conditions: dict[str, Any]) -> Finding:
    """Read repository and branch out of a role's conditions, and hold the whole to what the bootstrap writes."""
    from mlstead.access.repository import Repository

    claims = [claim for operator in conditions.values() for key, value in operator.items()
              if key.endswith((":sub", ":ref")) for claim in ([value] if isinstance(value, str) else value)]
    path = next((found["path"] for claim in claims if (found := _PATH.match(claim))), "")
    branch = next((found["github"] or found["gitlab"] for claim in claims if (found := _BRANCH.search(claim))), "")
    if re.sub(r"@\d+", "", path).lower() != remote.path.lower():
        return off(f"the role {name} lets in {path or 'nobody that mlstead knows'}, and `origin` is {remote.path}",
                   _bootstrap(account, remote))
    if branch and branch != "*" and remote.branch and branch != remote.branch:
        return off(f"the role {name} lets in the branch {branch}, and {remote.path} has {remote.branch}",
                   f"{PLATFORM} to write branch: {remote.branch} below mlstead-bootstrap:projects, and pulumi up")
    known, who = cast("OidcProvider", provider), [
        Repository(path, branch if branch != "*" else "main", claim) for claim in ("ref", "sub")]
    written: list[Statement] = []
    for repository in who if provider.partition == "aws" else who[1:]:
        written += [repository.plan_trust(known)] if use == "plan" else [
            repository.deploy_trust(known, account.environment, tier_in_sub=tier) for tier in (True, False)]
    if conditions not in [json.loads(json.dumps(statement.conditions)) for statement in written]:
        return off(f"the role {name} lets in others than jobs of {remote.path} for {account.environment}",
                   _bootstrap(account, remote))
    return well(f"{name} lets in {path}" + (f", branch {branch}" if use == "deploy" else ""))


def _conditions(trust: dict[str, Any], provider: str) -> dict[str, Any] | None:
    for statement in trust["Statement"]:
        if statement.get("Principal", {}).get("Federated") == provider:
            return dict(statement.get("Condition") or {})
    return None


def _bootstrap(account: Account, remote: Remote) -> str:
    return (f"{PLATFORM} to write below mlstead-bootstrap:projects: {account.project.name}: "
            f"{{repository: {remote.path}, environments: [{account.environment}]}}, and to type, in stacks/bootstrap: "
            "pulumi up")
