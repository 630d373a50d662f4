"""Policies of buckets and access points: TLS only, nobody unnamed, and nobody who rewrites the bucket's guards.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.resource_policy import open_to_everybody, tls_guards
from mlstead_toolkit.policies.rules.s3 import ACCESS_POINT, BUCKETS
from mlstead_toolkit.policies.statement import Statement, allowances

BUCKET_POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"

# What S3.6 refuses to principals of other accounts; those of this account need no bucket policy for it.
GUARDS: Final = ("s3:DeleteBucketPolicy", "s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:PutEncryptionConfiguration",
                 "s3:PutObjectAcl")


def _tls_only(bucket: Resource, stack: Stack) -> Iterator[str]:
    policies = [*([bucket] if bucket.filled("policy") else ()), *stack.related(bucket, BUCKET_POLICY, via="bucket")]
    guards = [guard for policy in policies
              for guard in tls_guards(policy, "s3:GetObject", "s3:PutObject", "s3:ListBucket")]
    if not guards:
        yield "no statement of a policy denies requests over plain HTTP"
    elif not any(_of_objects(guard) for guard in guards):
        yield "plain HTTP is denied on the bucket, and not on its objects"
    elif not any(_of_bucket(guard) for guard in guards):
        yield "plain HTTP is denied on the objects, and not on the bucket"


def _of_objects(guard: Statement) -> bool:
    return guard.reaches_every("s3") or any(arn.endswith("*") for arn in guard.resources)


def _of_bucket(guard: Statement) -> bool:
    return guard.reaches_every("s3") or any("/" not in arn for arn in guard.resources)


def _named(policy: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(policy)


def _guarded(policy: Resource, _stack: Stack) -> Iterator[str]:
    for statement in allowances(policy):
        if (guards := statement.reaches(*GUARDS)) and (statement.of("AWS") or statement.but_principals):
            yield f"{statement.called} allows {', '.join(guards)}"


RULES: Final = (
    Rule(
        id="s3-tls-only",
        level=Level.MANDATORY,
        controls=("FSBP S3.5", "CIS 3.1.1"),
        title="A bucket's policy denies plain HTTP.",
        fix='Deny s3:* to everybody where {"Bool": {"aws:SecureTransport": "false"}}.',
        types=BUCKETS,
        check=_tls_only,
    ),
    Rule(
        id="s3-not-public",
        level=Level.MANDATORY,
        controls=("FSBP S3.2", "FSBP S3.3", "CIS 2.21"),
        title="A bucket's policy allows nothing to everybody.",
        fix="Name the principals, or hold the statement to an organisation, account or network by a condition.",
        types=(*BUCKETS, BUCKET_POLICY, ACCESS_POINT, "aws:s3control/accessPointPolicy:AccessPointPolicy"),
        check=_named,
    ),
    Rule(
        id="s3-guards-not-handed-out",
        level=Level.MANDATORY,
        controls=("FSBP S3.6",),
        title="A bucket's policy lets nobody change its policy, ACLs or encryption.",
        fix="Name the actions that are meant; IAM policies of the account say who administers the bucket.",
        types=(*BUCKETS, BUCKET_POLICY),
        check=_guarded,
    ),
)
