"""The role that deploys one project's environment: exactly what its stack has, and roles only within the boundary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from mlstead.access.ci_role import Deployer
from mlstead.access.delivery_role import delivery_role_arn
from mlstead.access.deploy_guards import (
    become_delivery,
    create_endpoint_parts,
    keep_to_itself,
    keys_of_services,
    make_roles,
    push_images,
)
from mlstead.access.instance_types import check_patterns
from mlstead.access.managed import changing, creating, reading
from mlstead.access.oidc import OidcProvider
from mlstead.access.project_types import PROJECT_TYPES
from mlstead.access.repository import Repository
from mlstead.context import Context
from mlstead.state_backend import StateBackend
from mlstead.weakened import Secure

INSTANCE_TYPES = ("ml.t3.*", "ml.m5.*", "ml.c5.*")


@dataclass(frozen=True)
class DeployRoleArgs:
    """Arguments of DeployRole.

    Args:
        context: the project's environment.
        repository: whose branch's jobs take it on, for this environment.
        provider: whose tokens say who they are.
        state: where the project's state lies.
        instance_types: what endpoints, and notebooks unless somebody chooses, may run on: ml.<family>.<size> or
            ml.<family>.*.
        tier_in_sub: whether GitLab's sub is customised to end with the tier of the job's environment; GitHub's names
            the environment itself. Weakened: whatever runs on the branch deploys any environment of the account,
            since no token says which one it is for.
    """

    context: Context
    repository: Repository
    provider: OidcProvider
    state: StateBackend
    instance_types: Sequence[str] = INSTANCE_TYPES
    tier_in_sub: Secure = True

    def __post_init__(self) -> None:
        check_patterns(self.instance_types, "DeployRoleArgs.instance_types")


class DeployRole(Deployer):
    """What `pulumi up` and `pulumi destroy` of a project need, in its own name space and under its own tags.

    It makes roles, but only in the project's path and with the environment's boundary; it can neither change the
    boundary nor itself, and hands roles to SageMaker and EventBridge alone. Models are made only in a network and cut
    off from it, endpoints only with a key of the account and on the instance types allowed. It pushes images into the
    project's repository. By itself it reads no data and asks no endpoint: for that it becomes the project's
    DeliveryRole, whose policies it also writes: what a careless program puts there, the boundary alone holds.

    Controls: FSBP IAM.1, IAM.21, SageMaker.5; cdk-nag IAM4, IAM5, SM2.
    """

    def __init__(self, name: str, args: DeployRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        context = args.context
        super().__init__(name, args, opts)
        self.allow("read", reading(PROJECT_TYPES, context))
        self.allow("create", creating(PROJECT_TYPES, context))
        self.allow("change", changing(PROJECT_TYPES, context))
        self.allow("endpoints", [*create_endpoint_parts(context, args.instance_types), *keys_of_services(context)])
        self.allow("deliver", [*push_images(context), *become_delivery(context)])
        self.allow("roles", [*make_roles(context), *keep_to_itself(context, becomes=[delivery_role_arn(context)])])
        args.state.grant_write(self)
