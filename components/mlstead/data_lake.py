"""The data lake: one bucket a zone, and one for their access logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from mlstead.bucket import Bucket, BucketArgs
from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake_grants import ZONES, LakeGrants, Zone
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.weakened import Secure, Weakened


@dataclass(frozen=True)
class DataLakeArgs:
    """Arguments of DataLake.

    Args:
        context: where it lives and whose it is.
        keys: ARN of the KMS key of each zone: raw, curated, features, artifacts.
        tier_after_days: age at which objects move to intelligent tiering.
        noncurrent_days: how long overwritten and deleted versions can be brought back.
        access_log_days: how long access logs are kept.
        protect: whether Pulumi refuses to delete the buckets; off only with a reason.
    """

    context: Context
    keys: Mapping[Zone, pulumi.Input[str]]
    tier_after_days: int = 30
    noncurrent_days: int = 90
    access_log_days: int = 400
    protect: Secure = True

    def __post_init__(self) -> None:
        if set(self.keys) != set(ZONES):
            raise Refusal(
                f"Keys are given for {', '.join(sorted(self.keys)) or 'no zone'}.", where="DataLakeArgs.keys",
                fix=f"give one for each of {', '.join(ZONES)}",
            )


class DataLake(Component, LakeGrants):
    """The zones raw → curated → features, and artifacts for models, reports and captured traffic.

    In every zone a project's data lies under the prefix `<project>/`, and what projects share under `shared/`. The
    buckets' policies hold each principal that is tagged mlstead:project to its own prefix, whatever its identity policy
    says, so another project changes nothing here.
    """

    access_logs: Bucket
    zones: dict[Zone, Bucket]

    def __init__(self, name: str, args: DataLakeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._keys = {zone: pulumi.Output.from_input(arn) for zone, arn in args.keys.items()}
        self.access_logs = Bucket(f"{name}-access-logs", _access_logs(name, args), self._child())
        self.zones = {
            zone: Bucket(f"{name}-{zone}", BucketArgs(
                args.context, args.keys[zone], self.access_logs, statements=_own_prefix_only,
                tier_after_days=args.tier_after_days, noncurrent_days=args.noncurrent_days, protect=args.protect,
            ), self._child())
            for zone in ZONES
        }
        self.register_outputs(self.outputs)

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what LakeReference needs, as plain data: zones → bucket, arn, key_arn; and log_bucket."""
        return {
            "zones": {
                zone: {"bucket": bucket.bucket, "arn": bucket.arn, "key_arn": self._keys[zone]}
                for zone, bucket in self.zones.items()
            },
            "log_bucket": self.access_logs.bucket,
        }

    def bucket(self, zone: Zone) -> pulumi.Output[str]:
        """Give the name of a zone's bucket."""
        return self.zones[zone].bucket

    def bucket_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of a zone's bucket."""
        return self.zones[zone].arn

    def key_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of the key that encrypts a zone."""
        return self._keys[zone]


def _own_prefix_only(bucket_arn: pulumi.Output[str]) -> Sequence[Statement]:
    tag, own = "aws:PrincipalTag/mlstead:project", "${aws:PrincipalTag/mlstead:project}"
    tagged = {"Null": {tag: "false"}}
    foreign = [pulumi.Output.concat(bucket_arn, "/", prefix, "/*") for prefix in (own, "shared")]
    return [
        Statement(
            "DenyPrefixesOfOthers", ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:AbortMultipartUpload"],
            not_resources=foreign, principals={"AWS": "*"}, conditions=tagged, effect="Deny",
        ),
        Statement(
            "DenyListsOfOthers", ["s3:ListBucket", "s3:ListBucketVersions"], [bucket_arn], {"AWS": "*"},
            tagged | {"StringNotLike": {"s3:prefix": [own, f"{own}/*", "shared", "shared/*"]}}, effect="Deny",
        ),
    ]


def _access_logs(name: str, args: DataLakeArgs) -> BucketArgs:
    context = args.context

    def deliver(bucket_arn: pulumi.Output[str]) -> Sequence[Statement]:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
        return [Statement(
            "DeliverAccessLogs", ["s3:PutObject"], [pulumi.Output.concat(bucket_arn, "/*")],
            {"Service": "logging.s3.amazonaws.com"},
            {
                "ArnLike": {"aws:SourceArn": f"arn:{context.partition}:s3:::{name}-*"},
                "StringEquals": {"aws:SourceAccount": context.account_id},
            },
        )]

    return BucketArgs(
        context,
        Weakened("S3 delivers access logs only to buckets whose default encryption is SSE-S3: "
                 "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"),
        Weakened("a log bucket that logs its own deliveries would never come to rest"),
        statements=deliver, tier_after_days=None, expire_after_days=args.access_log_days, noncurrent_days=7,
        events=False, protect=args.protect,
    )
