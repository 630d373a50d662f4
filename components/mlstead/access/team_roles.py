"""The roles of people: who works with a project's data, models and endpoint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pulumi

from mlstead.access.team_grants import audit, measure, observe
from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import Role

Work: TypeAlias = Literal["data-engineer", "data-scientist", "ml-engineer", "auditor"]

_MEMBER = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):(role|user)/[^*?]+.*")
_LONGEST_NAME = 64  # of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


def check_members(arns: Sequence[str], where: str) -> None:
    """Refuse what is no ARN of roles or users, or is one of all that an account has."""
    for arn in arns:
        if not _MEMBER.fullmatch(arn):
            raise Refusal(f"{arn!r} names no role or user.", where=where,
                          fix="write an ARN, * allowed after the beginning of a name: "
                              "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Data_*")


@dataclass(frozen=True)
class TeamRoleArgs:
    """Arguments of TeamRole.

    Args:
        context: where it lives and whose it is.
        work: what people do under it: data-engineer, data-scientist, ml-engineer or auditor.
        members: who may assume it: ARNs of roles and users, `*` allowed in their names; none: whoever in the account
            has an IAM policy that says so. Nobody tagged with a project may.
    """

    context: Context
    work: Work
    members: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_members(self.members, "TeamRoleArgs.members")
        if len(name := f"{self.context.name}-{self.work}") > _LONGEST_NAME:
            raise Refusal(f"{name} is longer than the {_LONGEST_NAME} characters of a role's name.",
                          where="TeamRoleArgs.context", fix="give the project or the stack a shorter name")


class TeamRole(Role):
    """A role that people assume, under the name that they type: <project>-<environment>-<work>.

    No role of a project may become another: whoever is tagged with one is not let in. Who assumes it keeps the source
    identity that the sign-in gave him, if it gave one.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
    """

    def __init__(self, name: str, args: TeamRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._make(args.work, _trust(args), role_name=f"{args.context.name}-{args.work}")
        self.register_outputs({"arn": self.arn, "role_name": self.role_name})


@dataclass(frozen=True)
class TeamRolesArgs:
    """Arguments of TeamRoles.

    Args:
        context: where they live and whose they are.
        data_engineers: who may assume the data engineer's role, as TeamRoleArgs.members says.
        data_scientists: the same of the data scientist's.
        ml_engineers: the same of the ML engineer's.
        auditors: the same of the auditor's.
    """

    context: Context
    data_engineers: Sequence[str] = ()
    data_scientists: Sequence[str] = ()
    ml_engineers: Sequence[str] = ()
    auditors: Sequence[str] = ()


class TeamRoles(Component):
    """Four roles of people. What they may do with data, models and endpoint, the parts of the project grant them.

    Data engineer, data scientist and ML engineer read logs and alarms of the project from the start, the ML engineer
    metrics, too; the auditor reads what everything is set to, and no data: no part's other grants are for him.
    """

    data_engineer: TeamRole
    data_scientist: TeamRole
    ml_engineer: TeamRole
    auditor: TeamRole

    def __init__(self, name: str, args: TeamRolesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self.data_engineer = self._role(name, "data-engineer", args.data_engineers)
        self.data_scientist = self._role(name, "data-scientist", args.data_scientists)
        self.ml_engineer = self._role(name, "ml-engineer", args.ml_engineers)
        self.auditor = self._role(name, "auditor", args.auditors)
        for role in (self.data_engineer, self.data_scientist, self.ml_engineer):
            role.allow("observe", observe(args.context))
        self.ml_engineer.allow("measure", measure())
        self.auditor.allow("audit", audit(args.context))
        self.register_outputs({})

    def _role(self, name: str, work: Work, members: Sequence[str]) -> TeamRole:
        return TeamRole(f"{name}-{work}", TeamRoleArgs(self.context, work, members), self._child())


def _trust(args: TeamRoleArgs) -> Statement:
    partition, members = args.context.partition, list(args.members)
    accounts = sorted({member.split(":")[4] for member in members} or {args.context.account_id})
    return Statement(
        "AssumeByMembers", ["sts:AssumeRole", "sts:SetSourceIdentity"],
        principals={"AWS": [f"arn:{partition}:iam::{account}:root" for account in accounts]},
        conditions={"Null": {"aws:PrincipalTag/mlstead:project": "true"}}
        | ({"ArnLike": {"aws:PrincipalArn": members}} if members else {}),
    )
