"""The role of one kind of CI job: who may take it on, and what is granted to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

import pulumi
from pulumi_aws import iam

from mlstead.access.managed import PROJECT
from mlstead.access.oidc import OidcProvider
from mlstead.access.repository import Repository
from mlstead.component import Component
from mlstead.context import Context
from mlstead.own_names import CI_PATH
from mlstead.policy import Statement, document
from mlstead.refusal import Refusal
from mlstead.state_backend import StateBackend
from mlstead.weakened import Secure

CiUse: TypeAlias = Literal["plan", "deploy"]
_LONGEST = 64


class CiRoleArgs(Protocol):
    """What both kinds of CI roles are told."""

    @property
    def context(self) -> Context:
        """The environment of the project that it serves, or of the foundation."""

    @property
    def repository(self) -> Repository:
        """Whose jobs take it on."""

    @property
    def provider(self) -> OidcProvider:
        """Whose tokens say who they are."""


class DeployerArgs(CiRoleArgs, Protocol):
    """What roles that deploy are told besides."""

    @property
    def state(self) -> StateBackend:
        """Where the stack's state lies."""

    @property
    def tier_in_sub(self) -> Secure:
        """Whether GitLab's sub ends with the tier of the job's environment."""


class CiRole(Component):
    """A role `<project>-<environment>-<use>` of the path /mlstead-ci/, for jobs that bring a token of CI.

    It is outside the path that a deploy role may touch, so that none changes itself or another. It carries no tag
    mlstead:project: that stands for whoever works with a project's data, which no CI job does.
    """

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: CiRoleArgs, use: CiUse, trust: Statement, opts: pulumi.ResourceOptions | None,
    ) -> None:
        super().__init__(name, args, opts)
        context = args.context
        role_name = ci_role_name(context, use)
        self.tags = {key: value for key, value in self.tags.items() if key != PROJECT}
        role = iam.Role(
            name, name=role_name, path=CI_PATH,
            description=f"What CI may do to {use} {context.name}",
            assume_role_policy=document(trust),
            tags=self.tags | {"mlstead:use": use, "mlstead:serves": context.project},
            opts=self._child(),
        )
        self.arn, self.role_name = role.arn, role.name
        self.register_outputs({"arn": self.arn})

    def allow(self, grant: str, statements: Sequence[Statement]) -> None:
        """Give the role one more policy of ours; inline ones hold 10,240 characters, and a stack takes more."""
        policy = iam.Policy(
            f"{self._name}-{grant}", name=pulumi.Output.concat(self.role_name, f"-{grant}"), path=CI_PATH,
            policy=document(*statements), tags=self.tags, opts=self._child(),
        )
        iam.RolePolicyAttachment(f"{self._name}-{grant}", role=self.role_name, policy_arn=policy.arn,
                                 opts=self._child())


class Deployer(CiRole):
    """A CI role that deploys, for jobs of one branch and one environment."""

    def __init__(
        self, name: str, args: DeployerArgs, opts: pulumi.ResourceOptions | None,
    ) -> None:
        tier = bool(args.tier_in_sub)
        trust = args.repository.deploy_trust(args.provider, args.context.environment, tier_in_sub=tier)
        super().__init__(name, args, "deploy", trust, opts)
        self._backend = args.state.backend_url
        self._set_up = args.repository.set_up(args.provider, args.context.environment, tier_in_sub=tier)

    def next_step(self, plan: CiRole) -> pulumi.Output[str]:
        """What to type once, signed in to the repository, so that its jobs find their roles and the state."""
        return pulumi.Output.all(plan.arn, self.arn, self._backend).apply(
            lambda known: " && ".join(self._set_up).format(plan=known[0], deploy=known[1], backend=known[2]))


def ci_role_name(context: Context, use: CiUse) -> str:
    """Name a CI role, or refuse what is too long for IAM."""
    name = f"{context.name}-{use}"
    if len(name) > _LONGEST:
        raise Refusal(f"{name} is longer than the {_LONGEST} characters that IAM takes for a role's name.",
                      where=f"project {context.project}", fix="shorten the project's or the environment's name")
    return name
