"""Where the access logs and inventories of buckets go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pulumi
from pulumi_aws import s3

from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.bucket import Bucket, BucketArgs
from mlstead.policy import Conditions, Statement
from mlstead.weakened import Secure, Weakened

Frequency: TypeAlias = Literal["Daily", "Weekly"]

_INVENTORY = "inventory"
_FIELDS = ("Size", "LastModifiedDate", "StorageClass", "EncryptionStatus", "BucketKeyStatus", "ObjectLockMode",
           "ObjectLockRetainUntilDate")


@dataclass(frozen=True)
class AccessLogsArgs:
    """Arguments of AccessLogs.

    Args:
        context: where they live and whose they are.
        buckets: whose requests are logged, by the prefix that their logs get.
        keep_days: how long logs and inventories are kept.
        inventory: how often S3 lists every object of the buckets with its encryption and lock: Daily or Weekly.
        protect: whether Pulumi refuses to delete them. Weakened: one mistyped destroy loses the record of who read
            what.
    """

    context: Context
    buckets: Mapping[str, Bucket]
    keep_days: int = 400
    inventory: Frequency = "Weekly"
    protect: Secure = True


class AccessLogs(Component):
    """A bucket that takes the access logs and the inventories of others, from S3 alone, and what makes S3 write them.

    It comes after the buckets it serves, so that its policy can name them.

    Controls: FSBP S3.9, S3.13; CIS AWS 4.8, 4.9 as far as buckets go.
    """

    bucket: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        logs = Bucket(name, BucketArgs(
            args.context,
            Weakened("S3 delivers access logs only to buckets whose default encryption is SSE-S3: "
                     "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"),
            statements=lambda arn: _deliveries(args, arn),
            tier_after_days=None, expire_after_days=args.keep_days, noncurrent_days=7, events=False,
            protect=args.protect,
        ), self._child())
        self.bucket, self.arn = logs.bucket, logs.arn
        for prefix, source in args.buckets.items():
            s3.BucketLogging(
                prefix, bucket=source.bucket, target_bucket=self.bucket, target_prefix=f"{prefix}/",
                opts=self._child(depends_on=[logs.policy]),
            )
            s3.Inventory(
                prefix, bucket=source.bucket, name="all-versions", included_object_versions="All",
                schedule={"frequency": args.inventory}, optional_fields=_FIELDS,
                destination={"bucket": {
                    "bucket_arn": self.arn, "account_id": args.context.account_id, "format": "Parquet",
                    "prefix": _INVENTORY, "encryption": {"sse_s3": {}},
                }},
                opts=self._child(depends_on=[logs.policy]),
            )
        self.register_outputs({"bucket": self.bucket, "arn": self.arn})


def _deliveries(args: AccessLogsArgs, bucket_arn: pulumi.Output[str]) -> Sequence[Statement]:
    sources = [source.arn for source in args.buckets.values()]
    conditions: Conditions = {
        "ArnEquals": {"aws:SourceArn": sources},
        "StringEquals": {"aws:SourceAccount": args.context.account_id},
    }
    return [
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
        Statement(
            "DeliverAccessLogs", ["s3:PutObject"],
            [pulumi.Output.concat(bucket_arn, f"/{prefix}/*") for prefix in args.buckets],
            {"Service": "logging.s3.amazonaws.com"}, conditions,
        ),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html
        Statement(
            "DeliverInventories", ["s3:PutObject"], [pulumi.Output.concat(bucket_arn, f"/{_INVENTORY}/*")],
            {"Service": "s3.amazonaws.com"}, conditions,
        ),
    ]
