"""What the policy of every bucket denies, whoever asks."""

from __future__ import annotations

import pulumi

from mlstead.policy import Conditions, Statement
from mlstead.weakened import Weakened

_EVERYONE = {"AWS": "*"}


def guards(bucket_arn: pulumi.Output[str], key_arn: pulumi.Input[str] | Weakened) -> list[Statement]:
    """Deny plain HTTP, and puts with any encryption but the bucket's own key."""
    plain_http = Statement(
        "DenyPlainHttp", ["s3:*"], [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")], _EVERYONE,
        {"Bool": {"aws:SecureTransport": "false"}}, effect="Deny",
    )
    if isinstance(key_arn, Weakened):
        return [plain_http]
    # A put that names no encryption gets the bucket's own key. A put that names another is refused, and so is one that
    # asks for KMS without naming a key, which S3 would take for the account's aws/s3 key.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    algorithm, key = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
    return [
        plain_http,
        _deny_put("DenyOtherEncryption", bucket_arn,
                  {"Null": {algorithm: "false"}, "StringNotEquals": {algorithm: "aws:kms"}}),
        _deny_put("DenyOtherKeys", bucket_arn, {"Null": {key: "false"}, "StringNotEquals": {key: key_arn}}),
        _deny_put("DenyUnnamedKey", bucket_arn, {"Null": {key: "true"}, "StringEquals": {algorithm: "aws:kms"}}),
        # A key that the caller brings names no algorithm of ours, and only the caller could read the object again.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
        _deny_put("DenyCallersKeys", bucket_arn,
                  {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}}),
    ]


def deny_loss(bucket_arn: pulumi.Output[str]) -> list[Statement]:
    """Deny what would lose a version for good: the bucket's deletion, a version's, and shorter keeping of versions.

    Overwriting and plain deletion stay possible, since versioning keeps what was there. No condition: to lose
    something, the policy has to go first. Versions still expire as the lifecycle says, which no policy binds
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html).
    """
    return [
        Statement("DenyLossOfBucket",
                  ["s3:DeleteBucket", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"],
                  [bucket_arn], _EVERYONE, effect="Deny"),
        Statement("DenyLossOfVersions", ["s3:DeleteObjectVersion"],
                  [pulumi.Output.concat(bucket_arn, "/*")], _EVERYONE, effect="Deny"),
    ]


def _deny_put(sid: str, bucket_arn: pulumi.Output[str], conditions: Conditions) -> Statement:
    return Statement(
        sid, ["s3:PutObject"], [pulumi.Output.concat(bucket_arn, "/*")], _EVERYONE, conditions, effect="Deny"
    )
