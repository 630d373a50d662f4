"""A bucket's settings, each through its whole life (see conftest.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


def policy(action: str, principal: object = None, resource: str = "*") -> str:
    statement: dict[str, object] = {"Sid": "one", "Effect": "Allow", "Action": action, "Resource": resource}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


BUCKET = {"bucket": "aws:s3/bucket:Bucket"}
KEY = {"key": "aws:kms/key:Key"}
TOPIC = {"topic": "aws:sns/topic:Topic"}
LOG_POLICY = policy("s3:PutObject", {"Service": "logging.s3.amazonaws.com"}, "arn:aws:s3:::{bucket.bucket}/*")
EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "{bucket.bucket}", "policy": LOG_POLICY},
            {"policy": LOG_POLICY.replace("PutObject", "GetObject")},
            lambda boto, out: json.loads(boto("s3").get_bucket_policy(Bucket=out["bucket"])["Policy"])
            ["Statement"][0]["Action"], "s3:PutObject", "s3:GetObject", ("bucket", "other"), BUCKET),
    ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            {"bucket": "{bucket.bucket}", "blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True,
             "restrictPublicBuckets": True}, {"ignorePublicAcls": False},
            lambda boto, out: boto("s3").get_public_access_block(Bucket=out["bucket"])
            ["PublicAccessBlockConfiguration"]["IgnorePublicAcls"], True, False, ("bucket", "other"), BUCKET),
    ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            {"bucket": "{bucket.bucket}", "rule": {"objectOwnership": "BucketOwnerEnforced"}},
            {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
            lambda boto, out: boto("s3").get_bucket_ownership_controls(Bucket=out["bucket"])
            ["OwnershipControls"]["Rules"][0]["ObjectOwnership"], "BucketOwnerEnforced", "BucketOwnerPreferred",
            ("bucket", "other"), BUCKET),
    ("aws:s3/bucketVersioning:BucketVersioning",
            {"bucket": "{bucket.bucket}", "versioningConfiguration": {"status": "Enabled"}},
            {"versioningConfiguration": {"status": "Suspended"}},
            lambda boto, out: boto("s3").get_bucket_versioning(Bucket=out["bucket"])["Status"], "Enabled", "Suspended",
            ("bucket", "other"), BUCKET, True),
    ("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            {"bucket": "{bucket.bucket}", "rules": [{"applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms", "kmsMasterKeyId": "{key.arn}"}, "bucketKeyEnabled": True}]},
            {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
            lambda boto, out: boto("s3").get_bucket_encryption(Bucket=out["bucket"])
            ["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
            "aws:kms", "AES256", ("bucket", "other"), {**BUCKET, **KEY}),
    ("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {"bucket": "{bucket.bucket}", "rules": [
                {"id": "old", "status": "Enabled", "filter": {"prefix": "x/"}, "expiration": {"days": 30},
                 "abortIncompleteMultipartUpload": {"daysAfterInitiation": 3},
                 "transitions": [{"days": 10, "storageClass": "GLACIER"}, {"days": 5, "storageClass": "STANDARD_IA"}]},
                {"id": "tagged", "status": "Enabled", "filter": {"and": {"prefix": "y", "tags": {"k": "v"}}},
                 "expiration": {"days": 1}},
                {"id": "versions", "status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": 7}}]},
            {"rules": [{"id": "old", "status": "Disabled", "filter": {"tag": {"key": "a", "value": "b"}},
                        "expiration": {"days": 31}}]},
            lambda boto, out: [(rule["ID"], rule["Status"]) for rule in
                               boto("s3").get_bucket_lifecycle_configuration(Bucket=out["bucket"])["Rules"]],
            [("old", "Enabled"), ("tagged", "Enabled"), ("versions", "Enabled")], [("old", "Disabled")],
            ("bucket", "other"), BUCKET),
    ("aws:s3/bucketLogging:BucketLogging",
            {"bucket": "{bucket.bucket}", "targetBucket": "{granted.bucket}", "targetPrefix": "a/"},
            {"targetPrefix": "b/"},
            lambda boto, out: boto("s3").get_bucket_logging(Bucket=out["bucket"])["LoggingEnabled"]["TargetPrefix"],
            "a/", "b/", ("bucket", "other"), {**BUCKET, "granted": "aws:s3/bucketPolicy:BucketPolicy"}),
    ("aws:s3/bucketNotification:BucketNotification",
            {"bucket": "{bucket.bucket}", "eventbridge": True, "topics": [
                {"topicArn": "{topic.arn}", "events": ["s3:ObjectCreated:*"], "filterPrefix": "a/"}]},
            {"topics": []},
            lambda boto, out: [entry["Filter"]["Key"]["FilterRules"] for entry in boto("s3")
                               .get_bucket_notification_configuration(Bucket=out["bucket"])
                               .get("TopicConfigurations", [])],
            [[{"Name": "prefix", "Value": "a/"}]], [], ("bucket", "other"), {**BUCKET, **TOPIC}, True),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)
