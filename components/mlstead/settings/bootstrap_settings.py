"""Settings of stacks/bootstrap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from mlstead.access.deploy_role import INSTANCE_TYPES
from mlstead.access.instance_types import check_patterns
from mlstead.access.repository import Repository
from mlstead.context import Context
from mlstead.lake.bucket import MOST_DAYS
from mlstead.own_names import CI_PATH, FOUNDATION
from mlstead.settings.ci_settings import CiSettings, RepositorySettings, check_platform, check_projects
from mlstead.settings.settings import Guard, Settings, checked
from mlstead.settings.strength import Strength
from mlstead.state_backend import check_deployers


class BootstrapSettings(Settings):
    """Settings of stacks/bootstrap."""

    deployers: Annotated[list[str], checked(check_deployers), Strength.NEUTRAL] = []
    """ARNs of the IAM principals that deploy, and so read states and secrets; not set: whoever IAM policies let.

    Where they are set, the roles of CI need not be among them.
    """

    noncurrent_days: Annotated[int, Field(ge=1, le=MOST_DAYS), Strength.LONGER] = 365
    """How long overwritten and deleted versions of a state can be brought back, in days.

    Weakened: a state that was spoilt longer ago than this is gone.
    """

    locked: Guard = True
    """Whether Pulumi refuses to delete bucket and keys, and the bucket its own deletion and that of old versions.

    Weakened: whoever may administer buckets can delete every state with its history.
    """

    ci: CiSettings = CiSettings()
    """Whose tokens are trusted, and what they say."""

    projects: Annotated[dict[str, RepositorySettings], checked(check_projects, "ci"), Strength.NEUTRAL] = {}
    """Projects that CI deploys to this account, by name."""

    platform: Annotated[RepositorySettings | None, checked(check_platform, "ci"), Strength.NEUTRAL] = None
    """The repository that deploys stacks/foundation; not set: nobody does from CI."""

    instance_types: Annotated[list[str], checked(check_patterns), Strength.NEUTRAL] = list(INSTANCE_TYPES)
    """What endpoints and notebooks that CI deploys may run on: ml.<family>.<size> or ml.<family>.*."""

    def let_in(self, context: Context) -> list[str]:
        """Give who reads states and secrets: the deployers, and with them CI's roles, each its own stack's."""
        roles = f"arn:{context.partition}:iam::{context.account_id}:role{CI_PATH}*"
        return [*self.deployers, roles] if self.deployers and (self.projects or self.platform) else self.deployers

    def served(self, context: Context) -> Iterator[tuple[Context, Repository]]:
        """Give every environment that CI deploys to the account, and from where: foundations, then projects."""
        foundation = {FOUNDATION: self.platform} if self.platform else {}
        for name, given in (foundation | self.projects).items():
            for environment in given.environments:
                of = Context(name, environment, context.region, context.account_id, context.partition, context.owner)
                yield of, Repository(given.repository, given.branch, self.ci.branch_claim)
