"""Settings of what deploys from CI: whose tokens are trusted, and which repositories deploy what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from mlstead.access.name_spaces import check_apart, check_names
from mlstead.access.oidc import Ci, check_gitlab_url
from mlstead.access.repository import BranchClaim, check_branch, check_repository, tier_of
from mlstead.own_names import FOUNDATION
from mlstead.refusal import Refusal
from mlstead.settings.settings import Block, Guard, checked
from mlstead.settings.strength import Strength


class CiSettings(Block):
    """Whose tokens are trusted, and what they say."""

    host: Annotated[Ci, Strength.NEUTRAL] = "github"
    """What runs CI: github or gitlab."""

    gitlab_url: Annotated[str, checked(check_gitlab_url), Strength.NEUTRAL] = "https://gitlab.com"
    """The GitLab that runs the jobs; AWS must reach it."""

    existing_provider: Annotated[bool, Strength.NEUTRAL] = False
    """Whether the account trusts it already, with the audience sts.amazonaws.com: the provider is named, not made."""

    branch_claim: Annotated[BranchClaim, Strength.NEUTRAL] = "ref"
    """Where GitHub's tokens are asked for their branch: ref, or sub, customised, as partitions other than aws need."""

    tier_in_sub: Guard = True
    """Whether GitLab's sub is customised to end with the tier of the job's environment.

    Weakened: whatever runs on a project's branch deploys any of its environments in the account.
    """

    def provider(self) -> dict[str, Any]:
        """Give what makes the provider of the tokens, or names it."""
        return {"ci": self.host, "gitlab_url": self.gitlab_url, "existing": self.existing_provider}


class RepositorySettings(Block):
    """Which repository deploys, from which branch, to which environments of this account."""

    repository: Annotated[str, Field(examples=["acme/flight-delays"]), Strength.NEUTRAL]
    """As its tokens name it; on GitHub with the numbers of owner and repository where they have them."""

    branch: Annotated[str, checked(check_branch), Strength.NEUTRAL] = "main"
    """The branch that deploys."""

    environments: Annotated[list[str], Strength.NEUTRAL]
    """Environments in this account."""


def check_projects(projects: Mapping[str, RepositorySettings], ci: CiSettings, where: str) -> None:
    """Refuse projects that cannot be let in, or cannot be kept apart."""
    check_apart(projects, where)
    for name, project in projects.items():
        _check(name, project, ci, where)


def check_platform(platform: RepositorySettings | None, ci: CiSettings, where: str) -> None:
    """Refuse a foundation's repository that cannot be let in."""
    if platform:
        _check(FOUNDATION, platform, ci, where)


def _check(name: str, given: RepositorySettings, ci: CiSettings, where: str) -> None:
    check_names(name, given.environments, where)
    check_repository(given.repository, ci.host, where)
    tiers = [tier_of(environment) for environment in given.environments]
    if ci.host == "gitlab" and ci.tier_in_sub and len(set(tiers)) < len(tiers):
        raise Refusal(f"GitLab's tokens tell tiers apart, and {', '.join(given.environments)} are {', '.join(tiers)}.",
                      where=where, fix="name environments dev, test, staging or prod; or give each an account")
