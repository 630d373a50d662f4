"""Roles, and what a grant needs to know of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, get_args

import pulumi
from pulumi_aws import iam

from mlstead.component import Component
from mlstead.context import Context
from mlstead.own_names import RESERVED
from mlstead.policy import Statement, document
from mlstead.refusal import Refusal

Use: TypeAlias = Literal[
    "ingestion", "gate", "data-pipeline", "processing", "training", "pipeline", "endpoint", "monitoring", "scheduling",
    "exploration", "studio",
]

_PROCESSING = "/aws/sagemaker/ProcessingJobs"
_LOG_GROUPS: dict[str, str] = {
    "ingestion": _PROCESSING, "gate": _PROCESSING, "processing": _PROCESSING, "monitoring": _PROCESSING,
    "training": "/aws/sagemaker/TrainingJobs",
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
        use: what SageMaker runs under it: jobs of ingestion, gate, processing, training or monitoring; the pipeline
            that starts processing and training, or the data-pipeline that starts ingestion and gate; the endpoint;
            exploration in notebooks; or nothing but Studio itself. Under scheduling, EventBridge starts something.
        log_group: the log group that its containers write to; None: the one that SageMaker uses for jobs of that kind.
        source_arns: for scheduling, the EventBridge rules that may use it, one or more.
    """

    context: Context
    use: Use
    log_group: str | None = None
    source_arns: Sequence[pulumi.Input[str]] = ()

    def __post_init__(self) -> None:
        if self.use not in get_args(Use):
            raise Refusal(f"{self.use!r} is no use of a role.", where="ExecutionRoleArgs.use",
                          fix=f"choose one of {', '.join(get_args(Use))}")
        if bool(self.source_arns) != (self.use == "scheduling"):
            raise Refusal("Rules use a role for scheduling, and no other role.", where="ExecutionRoleArgs.source_arns",
                          fix="give the ARNs of the rules with use=\"scheduling\", and with no other")


class Role(Component):
    """A role of a project: in its own name space, within the boundary, with nothing but what is granted to it.

    Its tag mlstead:project is what the policies of keys and buckets in the foundation go by, and its path what says
    whose role it is. No managed policy.

    Controls: FSBP IAM.1, IAM.21; cdk-nag IAM4, IAM5.
    """

    arn: pulumi.Output[str]
    role_name: pulumi.Output[str]
    policies: list[pulumi.Resource]

    def allow(self, grant: str, statements: Sequence[Statement]) -> None:
        """Give the role one more inline policy, named after the grant. Components call it; stacks call their grants."""
        self.policies.append(iam.RolePolicy(
            f"{self._name}-{grant}", name=grant, role=self.role_name, policy=document(*statements), opts=self._child()
        ))

    def _make(self, use: str, trust: Statement, role_name: str | None = None) -> None:
        context = self.context
        role = iam.Role(
            self._name,
            name=role_name,
            description=f"What {use} of {context.name} may do",
            path=context.role_path,
            # The stack that makes the boundary has roles too, which nothing bounds but their grants.
            permissions_boundary=None if context.project in RESERVED else context.boundary_arn,
            assume_role_policy=document(trust),
            tags=self.tags | {"mlstead:use": use},
            opts=self._child(),
        )
        self.arn, self.role_name, self.policies = role.arn, role.name, []


class ExecutionRole(Role):
    """The role of one kind of work.

    Only SageMaker, and only for resources of this account and region, can assume it
    (https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html); one for scheduling,
    only EventBridge for the rules given.
    """

    def __init__(self, name: str, args: ExecutionRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._make(args.use, _trust(args))
        if log_group := args.log_group or _LOG_GROUPS.get(args.use):
            self.allow("observe", _observe(args.context, log_group))
        self.register_outputs({"arn": self.arn, "role_name": self.role_name})

    def grant_pass(self, role: Grantee) -> None:
        """Let another role hand this one to SageMaker, and to nothing else."""
        role.allow(f"pass-{self._name}", [Statement(
            "PassRole", ["iam:PassRole"], [self.arn],
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        )])


def _trust(args: ExecutionRoleArgs) -> Statement:
    context, use = args.context, args.use
    if use == "scheduling":
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
        return _trusted("AssumeByRules", ["sts:AssumeRole"], "events.amazonaws.com", context, list(args.source_arns))
    # In Studio SageMaker says which profile it is that works under the role.
    # https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
    actions = ["sts:AssumeRole", *(["sts:SetSourceIdentity"] if use in ("exploration", "studio") else [])]
    return _trusted("AssumeBySageMaker", actions, "sagemaker.amazonaws.com", context, context.arn("sagemaker", "*"))


def _trusted(sid: str, actions: Sequence[str], service: str, context: Context, source: Any) -> Statement:
    return Statement(sid, actions, principals={"Service": service}, conditions={
        "StringEquals": {"aws:SourceAccount": context.account_id}, "ArnLike": {"aws:SourceArn": source},
    })


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
