"""The log groups that all SageMaker jobs of an account and region share."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from mlstead.component import Component
from mlstead.context import Context
from mlstead.refusal import Refusal

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)


def check_retention(days: int, where: str) -> None:
    """Refuse a number of days that CloudWatch Logs does not know."""
    if days not in RETENTION_DAYS:
        raise Refusal(f"CloudWatch Logs cannot keep logs for {days} days.", where=where,
                      fix=f"choose one of {', '.join(map(str, RETENTION_DAYS))}")


@dataclass(frozen=True)
class JobLogsArgs:
    """Arguments of JobLogs.

    Args:
        context: where they live and whose they are.
        encryption_key_arn: KMS key whose policy admits these log groups (DomainKeyArgs.log_groups).
        retention_days: how long log events are kept, one of RETENTION_DAYS.
    """

    context: Context
    encryption_key_arn: pulumi.Input[str]
    retention_days: int = 365

    def __post_init__(self) -> None:
        check_retention(self.retention_days, "JobLogsArgs.retention_days")


class JobLogs(Component):
    """Log groups of processing and training jobs and of Studio, encrypted and kept for a set time.

    SageMaker gives them their names and would make them itself, unencrypted and kept for ever. They exist once in an
    account and region: where two environments share these, one of them has the log groups.
    """

    def __init__(self, name: str, args: JobLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        for kind, group in (("processing", "ProcessingJobs"), ("training", "TrainingJobs"), ("studio", "studio")):
            cloudwatch.LogGroup(
                f"{name}-{kind}", name=f"/aws/sagemaker/{group}", kms_key_id=args.encryption_key_arn,
                retention_in_days=args.retention_days, tags=self.tags, opts=self._child(),
            )
        self.register_outputs({})
