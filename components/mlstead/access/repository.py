"""Which jobs of which repository are let in: what their tokens must say, and what IAM sees of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from mlstead.access.oidc import AUDIENCE, Ci, OidcProvider
from mlstead.policy import Conditions, Statement
from mlstead.refusal import Refusal

BranchClaim: TypeAlias = Literal["ref", "sub"]

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?"
_REPOSITORIES: Mapping[Ci, re.Pattern[str]] = {
    # With the owner's and the repository's numbers: as tokens of repositories since July 2026 have it.
    "github": re.compile(rf"{_NAME}(@\d+)?/[A-Za-z0-9._-]+(?(1)@\d+)"),
    "gitlab": re.compile(rf"{_NAME}(/{_NAME})+"),
}
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")
# What GitLab makes of these names where a job does not say `deployment_tier` itself.
# https://docs.gitlab.com/ci/environments/#deployment-tier-of-environments
_TIERS = {"dev": "development", "test": "testing", "staging": "staging", "prod": "production"}


@dataclass(frozen=True)
class Repository:
    """A repository, and the branch that deploys.

    Args:
        path: as the tokens name it: acme/flight-delays; on GitHub with the numbers of owner and repository,
            acme@123/flight-delays@456, where its tokens have them; on GitLab with all groups.
        branch: the only one whose jobs deploy.
        branch_claim: where GitHub's token is asked for the branch: its claim ref, which STS knows in the partition aws;
            or sub, customised to ["repo", "context", "ref"]. GitLab's sub has it in any case.
    """

    path: str
    branch: str = "main"
    branch_claim: BranchClaim = "ref"

    def __post_init__(self) -> None:
        check_branch(self.branch, "Repository.branch")
        if self.branch_claim not in get_args(BranchClaim):
            raise Refusal(f"{self.branch_claim!r} is no claim that has the branch.", where="Repository.branch_claim",
                          fix="choose ref or sub")

    def deploy_trust(self, provider: OidcProvider, environment: str, *, tier_in_sub: bool = True) -> Statement:
        """Let jobs of the branch in, for one environment, and no pull request."""
        check_repository(self.path, provider.ci, "Repository.path")
        exactly: dict[str, str | list[str]] = {}
        if provider.ci == "gitlab":
            tier = f":deployment_tier:{tier_of(environment)}" if tier_in_sub else ""
            exactly["sub"] = f"project_path:{self.path}:ref_type:branch:ref:{self.branch}{tier}"
        elif self._ref_in_sub(provider):
            exactly["sub"] = f"repo:{self.path}:environment:{environment}:ref:refs/heads/{self.branch}"
        else:
            exactly["sub"] = f"repo:{self.path}:environment:{environment}"
            exactly["ref"] = f"refs/heads/{self.branch}"
        return _trust(provider, exactly, {})

    def plan_trust(self, provider: OidcProvider) -> Statement:
        """Let the repository's pull requests in, and its branch, and nothing of another repository."""
        check_repository(self.path, provider.ci, "Repository.path")
        if provider.ci == "gitlab":
            # A merge request's pipeline says the branch that it comes from: there is no ref_type for it.
            return _trust(provider, {}, {"sub": f"project_path:{self.path}:ref_type:branch:ref:*"})
        branch = f"ref:refs/heads/{self.branch}"
        if self._ref_in_sub(provider):
            return _trust(provider, {}, {"sub": [
                f"repo:{self.path}:pull_request:ref:refs/pull/*/merge", f"repo:{self.path}:{branch}:{branch}",
            ]})
        return _trust(provider, {"sub": [f"repo:{self.path}:pull_request", f"repo:{self.path}:{branch}"]}, {})

    def set_up(self, provider: OidcProvider, environment: str, *, tier_in_sub: bool = True) -> list[str]:
        """Give what to type so that the repository's tokens read as its roles expect; roles stand as {plan}, {deploy}.

        The state's address stands as {backend}. What it names is what the files use that `mlstead new` writes for CI.
        https://docs.github.com/en/rest/actions/oidc, https://docs.gitlab.com/api/projects/
        """
        named = environment.upper().replace("-", "_")
        if provider.ci == "gitlab":
            here = f"--hostname {provider.issuer}"
            project, claims = self.path.replace("/", "%2F"), ["project_path", "ref_type", "ref"]
            fields = "&".join(f"ci_id_token_sub_claim_components[]={claim}" for claim in
                              [*claims, *(["deployment_tier"] if tier_in_sub else [])])
            return [
                f"glab api {here} -X PUT 'projects/{project}?{fields}'",
                f"glab variable set PLAN_ROLE_{named} {{plan}} -R {self.path}",
                f"glab variable set STATE_BACKEND_{named} '{{backend}}' -R {self.path}",
                f"glab variable set DEPLOY_ROLE {{deploy}} --scope {environment} -R {self.path}",
            ]
        path = re.sub(r"@\d+", "", self.path)
        claims = ["repo", "context", "ref"] if self.branch_claim == "sub" else []
        fields = " ".join([f"-F use_default={'false' if claims else 'true'}",
                           *(f"-f 'include_claim_keys[]={claim}'" for claim in claims)])
        return [
            f"gh api -X PUT repos/{path}/actions/oidc/customization/sub {fields}",
            f"gh variable set PLAN_ROLE_{named} --body {{plan}} -R {path}",
            f"gh variable set STATE_BACKEND_{named} --body '{{backend}}' -R {path}",
            f"gh variable set DEPLOY_ROLE --env {environment} --body {{deploy}} -R {path}",
        ]

    def _ref_in_sub(self, provider: OidcProvider) -> bool:
        if self.branch_claim == "ref" and provider.partition != "aws":
            raise Refusal(f"STS knows no claim ref in the partition {provider.partition}.",
                          where="Repository.branch_claim", fix="choose sub, and customise it as next_step says")
        return self.branch_claim == "sub"


def check_repository(path: str, ci: Ci, where: str) -> None:
    """Refuse what names no one repository of a CI: a wildcard would let in whoever can make a matching name."""
    if not _REPOSITORIES[ci].fullmatch(path):
        form = "acme/flight-delays, or acme@123/flight-delays@456" if ci == "github" else "acme/data/flight-delays"
        raise Refusal(f"{path!r} is no repository.", where=where,
                      fix=f"write it as {ci}'s tokens do, with no wildcard: {form}")


def check_branch(branch: str, where: str) -> None:
    """Refuse what names no one branch."""
    if not _BRANCH.fullmatch(branch):
        raise Refusal(f"{branch!r} is no branch.", where=where, fix="write one branch's name, such as main")


def tier_of(environment: str) -> str:
    """Give the tier that GitLab gives an environment by its name."""
    return _TIERS.get(environment, "other")


def _trust(provider: OidcProvider, exactly: Mapping[str, str | list[str]], like: Mapping[str, object]) -> Statement:
    conditions: dict[str, dict[str, object]] = {"StringEquals": {f"{provider.issuer}:aud": AUDIENCE}}
    conditions["StringEquals"] |= {f"{provider.issuer}:{claim}": value for claim, value in exactly.items()}
    if like:
        conditions["StringLike"] = {f"{provider.issuer}:{claim}": value for claim, value in like.items()}
    held: Conditions = conditions
    return Statement("AssumeByCi", ["sts:AssumeRoleWithWebIdentity"], principals={"Federated": provider.arn},
                     conditions=held)
