"""Examples of the theme s3."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.rules.s3 import (
    ACCESS_POINT,
    ACCOUNT_PUBLIC_ACCESS_BLOCK,
    BUCKET,
    OBJECT,
    OWNERSHIP,
    PUBLIC_ACCESS_BLOCK,
)
from mlstead_toolkit.policies.rules.s3_policy import BUCKET_POLICY

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
BLOCKED = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
TLS = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ["s3:*"], "Resource": "*",
       "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ACL = "aws:s3/bucketAcl:BucketAcl"

SETTINGS: dict[str, dict[str, Any]] = {
    PUBLIC_ACCESS_BLOCK: BLOCKED,
    VERSIONING: {"versioningConfiguration": {"status": "Enabled"}},
    ENCRYPTION: {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}}]},
    LOGGING: {"targetBucket": "logs"},
    LIFECYCLE: {"rules": [{"status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": 90},
                           "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}]},
    BUCKET_POLICY: {"policy": policy(TLS)},
}


def _bucket(changed: dict[str, dict[str, Any] | None] | None = None, *, environment: str = "dev", linked: bool = True,
            more: tuple[Resource, ...] = (), **properties: Any) -> Stack:
    """Make a bucket with all it needs; `changed` replaces a setting, or leaves it out where it is None."""
    bucket = resource(BUCKET, **{"bucket": "flights"} | properties)
    settings = [
        resource(type, refers={"bucket": bucket}, **given) if linked else resource(type, bucket="flights", **given)
        for type, given in (SETTINGS | (changed or {})).items() if given is not None
    ]
    return stack(bucket, *settings, *more, environment=environment)


def _policy(*statements: dict[str, Any]) -> Stack:
    return _bucket({BUCKET_POLICY: {"policy": policy(TLS, *statements)}})


def _logs(block: dict[str, bool]) -> Stack:
    """Make the bucket that another's access logs go to: it has no default key of KMS, and logs to nobody."""
    logs = resource(BUCKET, "logs", bucket="logs")
    kept = {type: given for type, given in SETTINGS.items() if type not in (LOGGING, ENCRYPTION)}
    settings = [resource(type, "logs", refers={"bucket": logs}, **given)
                for type, given in (kept | {PUBLIC_ACCESS_BLOCK: block}).items()]
    elsewhere = resource(LOGGING, bucket="elsewhere", targetBucket=UNKNOWN, refers={"targetBucket": logs})
    return stack(logs, *settings, elsewhere)


GOOD = (_bucket(), _bucket(linked=False), _logs(BLOCKED))
ANYBODY = {"Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::flights/*"}
_ACCOUNT = {"AWS": "arn:aws:iam::123456789012:root"}


def _with(resources: Resource) -> Stack:
    return _bucket(more=(resources,))


EXAMPLES = {
    "s3-public-access-blocked": example(GOOD, (
        _bucket({PUBLIC_ACCESS_BLOCK: None}),
        _bucket({PUBLIC_ACCESS_BLOCK: BLOCKED | {"restrictPublicBuckets": False}}),
        _bucket({PUBLIC_ACCESS_BLOCK: {"blockPublicAcls": True, "blockPublicPolicy": True}}),
        _logs(BLOCKED | {"ignorePublicAcls": False}),
    )),
    "s3-account-public-access-blocked": example(
        stack(resource(ACCOUNT_PUBLIC_ACCESS_BLOCK, **BLOCKED)),
        stack(resource(ACCOUNT_PUBLIC_ACCESS_BLOCK, blockPublicAcls=True, blockPublicPolicy=True)),
    ),
    "s3-access-point-public-access-blocked": example(
        (stack(resource(ACCESS_POINT, bucket="flights")),
         stack(resource(ACCESS_POINT, bucket="flights", publicAccessBlockConfiguration=BLOCKED))),
        stack(resource(ACCESS_POINT, bucket="flights", publicAccessBlockConfiguration={"blockPublicPolicy": False})),
    ),
    "s3-no-acls": example(
        (_with(resource(OWNERSHIP, bucket="flights", rule={"objectOwnership": "BucketOwnerEnforced"})),
         _with(resource(ACL, bucket="flights", acl="private"))),
        (_with(resource(OWNERSHIP, bucket="flights", rule={"objectOwnership": "ObjectWriter"})),
         _with(resource(ACL, bucket="flights", acl="authenticated-read")),
         _with(resource(ACL, bucket="flights", accessControlPolicy={"owner": {"id": "one"}})),
         _with(resource(OBJECT, bucket="flights", key="model.tar.gz", acl="public-read")),
         _bucket(acl="public-read-write")),
    ),
    "s3-versioned": example((*GOOD, _bucket({VERSIONING: None}, versioning={"enabled": True})), (
        _bucket({VERSIONING: None}), _bucket({VERSIONING: {"versioningConfiguration": {"status": "Suspended"}}}),
    )),
    "s3-customer-key": example(GOOD, (
        _bucket({ENCRYPTION: None}),
        _bucket({ENCRYPTION: {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]}}),
        _bucket({ENCRYPTION: {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]}}),
        _bucket({ENCRYPTION: {"rules": [{"applyServerSideEncryptionByDefault": {
            "sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws:kms:eu-west-1:123456789012:alias/aws/s3"}}]}}),
    )),
    "s3-access-logged": example(GOOD, _bucket({LOGGING: None})),
    "s3-lifecycle": example(GOOD, (
        _bucket({LIFECYCLE: None}),
        _bucket({LIFECYCLE: {"rules": [
            {"status": "Disabled", "expiration": {"days": 30}},
            {"status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}},
        ]}}),
    )),
    "s3-incomplete-uploads-aborted": example(GOOD, _bucket({LIFECYCLE: {"rules": [
        {"status": "Enabled", "expiration": {"days": 30}},
    ]}})),
    "s3-no-force-destroy": example(
        (_bucket(environment="prod"), _bucket(forceDestroy=True)), _bucket(environment="prod", forceDestroy=True),
    ),
    "s3-tls-only": example((*GOOD, _policy({"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket"})), (
        _bucket({BUCKET_POLICY: None}),
        _bucket({BUCKET_POLICY: {"policy": policy(TLS | {"Action": "s3:PutObject"})}}),
        *(_bucket({BUCKET_POLICY: {"policy": policy(TLS | {"Resource": f"arn:aws:s3:::flights{half}"})}})
          for half in ("", "/*")),
        _bucket({BUCKET_POLICY: {"policy": policy(TLS | {"Principal": _ACCOUNT})}}),
        _bucket({BUCKET_POLICY: {"policy": policy(TLS | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}})}}),
        _bucket({BUCKET_POLICY: {"policy": policy(TLS | {"Condition": TLS["Condition"] | {
            "StringEquals": {"aws:PrincipalAccount": "123456789012"}}})}}),
    )),
    "s3-not-public": example(
        (*GOOD, *(_policy(ANYBODY | {"Condition": condition}) for condition in (
            {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
            {"StringLike": {"aws:SourceArn": "arn:aws:sns:*:123456789012:flights"}},
            {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}},
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-abcdefghij/r-ab12/*"]}},
        ))),
        (_policy(ANYBODY), _policy(ANYBODY | {"Principal": {"AWS": ["123456789012", "*"]}}),
         *(_policy(ANYBODY | {"Condition": condition}) for condition in (
             {"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}},
             {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
             {"StringLike": {"aws:PrincipalAccount": "*"}},
             {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/loader"}},
             {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"]}},
             {"StringEquals": {"aws:PrincipalTag/mlstead:project": "flights"}},
         ))),
    ),
    "s3-guards-not-handed-out": example(
        _policy(ANYBODY | {"Principal": _ACCOUNT, "Action": ["s3:GetObject", "s3:PutObject"]}),
        (_policy(ANYBODY | {"Principal": _ACCOUNT, "Action": "s3:PutBucketPolicy"}),
         _policy(ANYBODY | {"Principal": _ACCOUNT, "Action": "s3:*"}),
         _policy({"Principal": _ACCOUNT, "NotAction": "s3:DeleteObject", "Resource": "arn:aws:s3:::flights/*"})),
    ),
}
