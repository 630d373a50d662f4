"""Roles, and what a grant needs to know of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args

import pulumi
from pulumi_aws import iam

from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement, document
from mlstead.refusal import Refusal

Use: TypeAlias = Literal[
    "ingestion", "gate", "data-pipeline", "processing", "training", "pipeline", "endpoint", "exploration", "studio"
]

_PROCESSING = "/aws/sagemaker/ProcessingJobs"
_LOG_GROUPS: dict[str, str] = {
    "ingestion": _PROCESSING, "gate": _PROCESSING, "processing": _PROCESSING, "training": "/aws/sagemaker/TrainingJobs",
}


class Grantee(Protocol):
    """Anything that grants are given to."""

    @property
    def context(self) -> Context:
        """Where the role lives and whose it is."""

    def allow(self, grant: str, statements: Sequence[Statement]) -> None:
        """Give the role one more inline policy."""


@dataclass(frozen=True)
class ExecutionRoleArgs:
    """Arguments of ExecutionRole.

    Args:
        context: where it lives and whose it is.
        use: what SageMaker runs under it: jobs of ingestion, gate, processing or training; the pipeline that starts
            the last two, or the data-pipeline that starts the first; the endpoint; exploration in notebooks; or nothing
            but Studio itself.
        log_group: the log group that its containers write to; None: the one that SageMaker uses for jobs of that kind.
    """

    context: Context
    use: Use
    log_group: str | None = None

    def __post_init__(self) -> None:
        if self.use not in get_args(Use):
            raise Refusal(f"{self.use!r} is no use of a role.", where="ExecutionRoleArgs.use",
                          fix=f"choose one of {', '.join(get_args(Use))}")


class ExecutionRole(Component):
    """The role of one kind of SageMaker work: no managed policy, nothing but what is granted to it.

    Only SageMaker, and only for resources of this account and region, can assume it
    (https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html). Its tag mlstead:project
    is what the policies of keys and buckets in the foundation go by.

    Controls: FSBP IAM.1, IAM.21; cdk-nag IAM4, IAM5.
    """

    arn: pulumi.Output[str]
    role_name: pulumi.Output[str]

    def __init__(self, name: str, args: ExecutionRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context = args.context
        role = iam.Role(
            name,
            description=f"What SageMaker {args.use} of {context.name} may do",
            assume_role_policy=document(_trust(context, args.use)),
            tags=self.tags | {"mlstead:use": args.use},
            opts=self._child(),
        )
        self.arn, self.role_name = role.arn, role.name
        self.policies: list[pulumi.Resource] = []
        if log_group := args.log_group or _LOG_GROUPS.get(args.use):
            self.allow("observe", _observe(context, log_group))
        self.register_outputs({"arn": self.arn, "role_name": self.role_name})

    def allow(self, grant: str, statements: Sequence[Statement]) -> None:
        """Give the role one more inline policy, named after the grant. Components call it; stacks call their grants."""
        self.policies.append(iam.RolePolicy(
            f"{self._name}-{grant}", name=grant, role=self.role_name, policy=document(*statements), opts=self._child()
        ))

    def grant_pass(self, role: Grantee) -> None:
        """Let another role hand this one to SageMaker, and to nothing else."""
        role.allow(f"pass-{self._name}", [Statement(
            "PassRole", ["iam:PassRole"], [self.arn],
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        )])


def _trust(context: Context, use: Use) -> Statement:
    # In Studio SageMaker says which profile it is that works under the role.
    # https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
    actions = ["sts:AssumeRole", *(["sts:SetSourceIdentity"] if use in ("exploration", "studio") else [])]
    return Statement(
        "AssumeBySageMaker", actions, principals={"Service": "sagemaker.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": context.account_id},
            "ArnLike": {"aws:SourceArn": context.arn("sagemaker", "*")},
        },
    )


def _observe(context: Context, log_group: str) -> list[Statement]:
    return [
        Statement(
            "Log", ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            [context.arn("logs", f"log-group:{log_group}:*")],
        ),
        Statement(
            "Measure", ["cloudwatch:PutMetricData"], ["*"],
            conditions={"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", f"mlstead/{context.project}"]}},
            reason="PutMetricData has no resource level; the namespace narrows it",
        ),
    ]
