"""The role of pull requests: sees what a change would do, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlstead.access.ci_role import CiRole
from mlstead.access.deploy_guards import use_catalog_key
from mlstead.access.foundation_types import FOUNDATION_TYPES
from mlstead.access.managed import reading
from mlstead.access.oidc import OidcProvider
from mlstead.access.project_types import PROJECT_TYPES
from mlstead.access.repository import Repository
from mlstead.context import Context
from mlstead.state_backend import StateBackend


@dataclass(frozen=True)
class PlanRoleArgs:
    """Arguments of PlanRole.

    Args:
        context: the environment of the project, or of the foundation.
        repository: whose pull requests, and whose branch, take it on.
        provider: whose tokens say who they are.
        state: where the project's state lies.
    """

    context: Context
    repository: Repository
    provider: OidcProvider
    state: StateBackend


class PlanRole(CiRole):
    """What `pulumi preview --refresh` of a stack needs: its own settings and state, and the foundation's state.

    A pull request's code runs in it before anybody has read it, so it reads no data, no events of logs, and nothing of
    another project. It does see the secrets in the project's state: preview opens them, with the account's one key.
    """

    def __init__(self, name: str, args: PlanRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, "plan", args.repository.plan_trust(args.provider), opts)
        types = FOUNDATION_TYPES if args.context.is_foundation else PROJECT_TYPES
        self.allow("read", [*reading(types, args.context), use_catalog_key(args.context, ["kms:Decrypt"])])
        args.state.grant_read(self)
