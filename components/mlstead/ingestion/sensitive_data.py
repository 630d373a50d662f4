"""Macie's own look at what is delivered: an option beside the gates."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import macie2

from mlstead.component import Component
from mlstead.context import Context


@dataclass(frozen=True)
class SensitiveDataDiscoveryArgs:
    """Arguments of SensitiveDataDiscovery.

    Args:
        context: where it lives and whose it is.
        bucket: the bucket of raw.
    """

    context: Context
    bucket: pulumi.Input[str]


class SensitiveDataDiscovery(Component):
    """A Macie job that looks through the project's part of raw, all of it at first and every Monday what is new.

    Macie must be enabled in the account and region, which is the account's business, and be admitted to the key of raw
    (DomainKeyArgs.macie). What it finds stands in Macie and in Security Hub, and holds nothing up, as the gates do. A
    job cannot be changed: a change cancels it and makes another.

    Controls: FSBP Macie.1 is its precondition.
    """

    def __init__(self, name: str, args: SensitiveDataDiscoveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context = args.context
        macie2.ClassificationJob(
            name,
            description=f"Personal data in what is delivered to {context.name}",
            job_type="SCHEDULED",
            schedule_frequency={"weekly_schedule": "MONDAY"},
            initial_run=True,
            sampling_percentage=100,
            s3_job_definition={
                "bucket_definitions": [{"account_id": context.account_id, "buckets": [args.bucket]}],
                # https://docs.aws.amazon.com/macie/latest/APIReference/jobs.html#jobs-model-simplescopeterm
                "scoping": {"includes": {"ands": [{"simple_scope_term": {
                    "comparator": "STARTS_WITH", "key": "OBJECT_KEY", "values": [f"{context.project}/"],
                }}]}},
            },
            tags=self.tags,
            opts=self._child(),
        )
        self.register_outputs({})
