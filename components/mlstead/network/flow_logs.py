"""The record of every connection in a network."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, ec2, iam

from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement, document

_SECONDS = 60  # the shortest that AWS offers; the other is ten minutes


@dataclass(frozen=True)
class NetworkFlowLogsArgs:
    """Arguments of NetworkFlowLogs.

    Args:
        context: where they live and whose they are.
        vpc_id: the VPC.
        encryption_key_arn: KMS key whose policy admits the log group (DomainKeyArgs.log_groups).
        retention_days: how long they are kept, in days that CloudWatch Logs knows.
    """

    context: Context
    vpc_id: pulumi.Input[str]
    encryption_key_arn: pulumi.Input[str]
    retention_days: int


class NetworkFlowLogs(Component):
    """Accepted and refused connections, gathered for a minute each, in an encrypted log group.

    The role and its trust are AWS's: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, without
    the right to make log groups. Controls: FSBP EC2.6; CIS AWS 4.7.
    """

    log_group_name: str

    def __init__(self, name: str, args: NetworkFlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context = args.context
        self.log_group_name = f"/mlstead/{context.name}/flow-logs"
        logs = cloudwatch.LogGroup(
            name, name=self.log_group_name, kms_key_id=args.encryption_key_arn, retention_in_days=args.retention_days,
            tags=self.tags, opts=self._child(),
        )
        role = iam.Role(
            name, description=f"Writes the flow logs of {context.name}", path=context.role_path,
            assume_role_policy=document(_trust(context)), tags=self.tags, opts=self._child(),
        )
        policy = iam.RolePolicy(
            name, name="write", role=role.name, policy=document(*_write(context, self.log_group_name)),
            opts=self._child(),
        )
        ec2.FlowLog(
            name, vpc_id=args.vpc_id, traffic_type="ALL", log_destination_type="cloud-watch-logs",
            log_destination=logs.arn, iam_role_arn=role.arn, max_aggregation_interval=_SECONDS, tags=self.tags,
            # EC2 refuses a second one of the same network into the same log group, so the old one goes first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy], delete_before_replace=True),
        )
        self.register_outputs({"log_group_name": self.log_group_name})


def _trust(context: Context) -> Statement:
    return Statement(
        "AssumeByFlowLogs", ["sts:AssumeRole"], principals={"Service": "vpc-flow-logs.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": context.account_id},
            "ArnLike": {"aws:SourceArn": context.arn("ec2", "vpc-flow-log/*")},
        },
    )


def _write(context: Context, log_group: str) -> list[Statement]:
    return [
        Statement("Write", ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                  [context.arn("logs", f"log-group:{log_group}:*")]),
        Statement("FindGroup", ["logs:DescribeLogGroups"], ["*"], reason="it has no resource level; it lists names"),
    ]
