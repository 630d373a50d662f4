"""The role that CI's deploy role becomes to ask the project's own endpoint and read its evaluations."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlstead.context import Context
from mlstead.own_names import CI_PATH
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import Role

_USE = "delivery"
_LONGEST_NAME = 64  # of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


@dataclass(frozen=True)
class DeliveryRoleArgs:
    """Arguments of DeliveryRole.

    Args:
        context: where it lives and whose it is.
    """

    context: Context

    def __post_init__(self) -> None:
        if len(name := delivery_role_name(self.context)) > _LONGEST_NAME:
            raise Refusal(f"{name} is longer than the {_LONGEST_NAME} characters of a role's name.",
                          where="DeliveryRoleArgs.context", fix="give the project or the stack a shorter name")


class DeliveryRole(Role):
    """A role for what follows a deployment, `<project>-<environment>-delivery`: smoke tests, and promotions.

    CI's deploy role carries no tag mlstead:project, so the policies of keys and buckets let it read nothing. This one
    carries it, and only that deploy role, of this project and environment, may assume it; where there is none, nobody.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
    """

    def __init__(self, name: str, args: DeliveryRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._make(_USE, _trust(args.context), role_name=delivery_role_name(args.context))
        self.register_outputs({"arn": self.arn, "role_name": self.role_name})


def delivery_role_name(context: Context) -> str:
    """Name the role, as `mlstead ci` looks for it."""
    return f"{context.name}-{_USE}"


def delivery_role_arn(context: Context) -> str:
    """Give the role's ARN, known before it exists."""
    account = f"arn:{context.partition}:iam::{context.account_id}"
    return f"{account}:role{context.role_path}{delivery_role_name(context)}"


def _trust(context: Context) -> Statement:
    # IAM takes no role that does not exist yet as a principal, and the bootstrap may come later than the project.
    account = f"arn:{context.partition}:iam::{context.account_id}"
    return Statement(
        "AssumeByDeploy", ["sts:AssumeRole"], principals={"AWS": f"{account}:root"},
        conditions={"Null": {"aws:PrincipalTag/mlstead:project": "true"},
                    "ArnEquals": {"aws:PrincipalArn": f"{account}:role{CI_PATH}{context.name}-deploy"}},
    )
