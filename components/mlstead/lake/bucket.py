"""A bucket with every guard up: the piece that the data lake is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.bucket_guards import guards
from mlstead.policy import Statement, document
from mlstead.refusal import Refusal
from mlstead.weakened import Secure, Weakened

MOST_DAYS = 2**31 - 1  # what the 32-bit integers of S3's API hold
MOST_LOCK_DAYS = 36500  # a hundred years, the longest that S3 locks by default


@dataclass(frozen=True)
class BucketArgs:
    """Arguments of Bucket.

    Args:
        context: where it lives and whose it is.
        encryption_key_arn: the KMS key of its domain. Weakened: S3's own keys, which nobody can revoke and which
            whoever may read the bucket needs no further right for.
        bucket_name: its name on AWS; None: named automatically, so that nobody can take the name beforehand.
        statements: what its policy says beyond the guards, given the bucket's own ARN.
        tier_after_days: age at which objects move to intelligent tiering; None: never.
        expire_after_days: age at which objects are deleted; None: never.
        noncurrent_days: how long overwritten and deleted versions can be brought back.
        lock_days: how long no version of an object can be deleted, except with s3:BypassGovernanceRetention; None: no
            lock. What is locked is stored, and paid for, until its lock ends; a bucket that has had a lock can never be
            without versions again.
        events: whether it tells EventBridge of every object.
        protect: whether Pulumi refuses to delete it. Weakened: one mistyped destroy loses every object.
    """

    context: Context
    encryption_key_arn: pulumi.Input[str] | Weakened
    bucket_name: str | None = None
    statements: Callable[[pulumi.Output[str]], Sequence[Statement]] = lambda _: ()
    tier_after_days: int | None = 30
    expire_after_days: int | None = None
    noncurrent_days: int = 90
    lock_days: int | None = None
    events: bool = True
    protect: Secure = True

    def __post_init__(self) -> None:
        for field in ("tier_after_days", "expire_after_days", "noncurrent_days", "lock_days"):
            days = getattr(self, field)
            most = MOST_LOCK_DAYS if field == "lock_days" else MOST_DAYS
            if days is not None and not 1 <= days <= most:
                raise Refusal(f"{field} is {days}.", where="BucketArgs", fix=f"count in whole days, 1 to {most}")


class Bucket(Component):
    """An S3 bucket: private, without ACLs, TLS only, versioned, encrypted with its own key, tiered.

    AccessLogs logs the requests that buckets get, and lists what is in them.

    Controls: FSBP S3.1 to .3, .5, .6, .8, .10 to .15, .17.
    """

    bucket: pulumi.Output[str]
    arn: pulumi.Output[str]
    policy: s3.BucketPolicy

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        child = self._child()
        bucket = s3.Bucket(name, bucket=args.bucket_name, tags=self.tags, opts=self._child(protect=bool(args.protect)))
        self.bucket, self.arn = bucket.bucket, bucket.arn
        block = s3.BucketPublicAccessBlock(
            name, bucket=self.bucket, block_public_acls=True, block_public_policy=True, ignore_public_acls=True,
            restrict_public_buckets=True, opts=child,
        )
        s3.BucketOwnershipControls(
            name, bucket=self.bucket, rule={"object_ownership": "BucketOwnerEnforced"}, opts=child
        )
        s3.BucketServerSideEncryptionConfiguration(
            name, bucket=self.bucket, rules=[_encryption(args.encryption_key_arn)], opts=child
        )
        versioning = s3.BucketVersioning(
            name, bucket=self.bucket, versioning_configuration={"status": "Enabled"}, opts=child
        )
        lifecycle = s3.BucketLifecycleConfiguration(
            name, bucket=self.bucket, rules=_lifecycle(args), opts=self._child(depends_on=[versioning])
        )
        if args.lock_days is not None:
            s3.BucketObjectLockConfiguration(
                name, bucket=self.bucket, opts=self._child(depends_on=[versioning]),
                rule={"default_retention": {"mode": "GOVERNANCE", "days": args.lock_days}},
            )
        # S3 answers OperationAborted when the access block and the policy of a bucket are written at once. And a policy
        # may lock what the settings before it have set.
        self.policy = s3.BucketPolicy(
            name, bucket=self.bucket,
            policy=document(*guards(self.arn, args.encryption_key_arn), *args.statements(self.arn)),
            opts=self._child(depends_on=[block, lifecycle]),
        )
        if args.events:
            s3.BucketNotification(name, bucket=self.bucket, eventbridge=True, opts=child)
        self.register_outputs({"bucket": self.bucket, "arn": self.arn})


def _encryption(
    key_arn: pulumi.Input[str] | Weakened,
) -> s3.BucketServerSideEncryptionConfigurationRuleArgsDict:
    if isinstance(key_arn, Weakened):
        return {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    return {
        "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key_arn},
        "bucket_key_enabled": True,
    }


def _lifecycle(args: BucketArgs) -> list[s3.BucketLifecycleConfigurationRuleArgsDict]:
    versions: s3.BucketLifecycleConfigurationRuleArgsDict = {
        "id": "forget-old-versions",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrent_version_expiration": {"noncurrent_days": args.noncurrent_days},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
    }
    rules = [versions]
    if args.tier_after_days is not None:
        rules.append({
            "id": "tier",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "transitions": [{"days": args.tier_after_days, "storage_class": "INTELLIGENT_TIERING"}],
        })
    if args.expire_after_days is not None:
        rules.append({
            "id": "expire",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "expiration": {"days": args.expire_after_days},
        })
    return rules
