"""A bucket's settings, each through its whole life (see conftest.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.provider import ProviderError


def policy(action: str, principal: object = None, resource: str = "*") -> str:
    statement: dict[str, object] = {"Sid": "one", "Effect": "Allow", "Action": action, "Resource": resource}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def inventory(boto: Callable[[str], Any], out: dict[str, Any]) -> tuple[Any, ...]:
    s3, name = boto("s3"), out["name"]
    found = s3.get_bucket_inventory_configuration(Bucket=out["bucket"], Id=name)["InventoryConfiguration"]
    return (found["Schedule"]["Frequency"], found["IncludedObjectVersions"], found["IsEnabled"],
            found.get("OptionalFields", []), *found["Destination"]["S3BucketDestination"]["Encryption"])


def retention(boto: Callable[[str], Any], out: dict[str, Any]) -> dict[str, Any]:
    found = boto("s3").get_object_lock_configuration(Bucket=out["bucket"])["ObjectLockConfiguration"]
    return {name: value for name, value in found["Rule"]["DefaultRetention"].items() if value}


BUCKET = {"bucket": "aws:s3/bucket:Bucket"}
LOCKED = {"locked": "aws:s3/bucket:Bucket with a lock"}
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
            {"bucket": "{bucket.bucket}", "targetBucket": "{granted.bucket}", "targetPrefix": "a/",
             "targetObjectKeyFormat": {"partitionedPrefix": {"partitionDateSource": "EventTime"}}},
            {"targetPrefix": "b/", "targetObjectKeyFormat": {
                "partitionedPrefix": {"partitionDateSource": "DeliveryTime"}}},
            lambda boto, out: boto("s3").get_bucket_logging(Bucket=out["bucket"])["LoggingEnabled"]["TargetPrefix"],
            "a/", "b/", ("bucket", "other"), {**BUCKET, "granted": "aws:s3/bucketPolicy:BucketPolicy"}),
    ("aws:s3/bucketNotification:BucketNotification",
            {"bucket": "{bucket.bucket}", "eventbridge": True, "topics": [
                {"topicArn": "{topic.arn}", "events": ["s3:ObjectCreated:*"], "filterPrefix": "a/"}]},
            {"topics": []},
            lambda boto, out: [(rule["Name"].lower(), rule["Value"]) for entry in boto("s3")
                               .get_bucket_notification_configuration(Bucket=out["bucket"])
                               .get("TopicConfigurations", []) for rule in entry["Filter"]["Key"]["FilterRules"]],
            [("prefix", "a/")], [], ("bucket", "other"), {**BUCKET, **TOPIC}, True),
    ("aws:s3/bucketNotification:BucketNotification", {"bucket": "{bucket.bucket}", "eventbridge": True},
            {"eventbridge": False},
            lambda boto, out: "EventBridgeConfiguration" in boto("s3").get_bucket_notification_configuration(
                Bucket=out["bucket"]), True, False, ("bucket", "other"), BUCKET, True),
    ("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            {"bucket": "{locked.bucket}", "rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}},
            {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "years": 1}}},
            retention, {"Mode": "COMPLIANCE", "Days": 30}, {"Mode": "GOVERNANCE", "Years": 1}, ("bucket", "other"),
            LOCKED, True),
    ("aws:s3/inventory:Inventory",
            {"bucket": "{bucket.bucket}", "name": "weekly", "includedObjectVersions": "Current",
             "optionalFields": ["Size", "EncryptionStatus"], "filter": {"prefix": "flights/"},
             "schedule": {"frequency": "Weekly"}, "destination": {"bucket": {
                 "bucketArn": "{bucket.arn}", "format": "Parquet", "prefix": "inventory",
                 "encryption": {"sseKms": {"keyId": "{key.arn}"}}}}},
            {"schedule": {"frequency": "Daily"}, "optionalFields": ["Size"], "enabled": False},
            inventory, ("Weekly", "Current", True, ["Size", "EncryptionStatus"], "SSEKMS"),
            ("Daily", "Current", False, ["Size"], "SSEKMS"), ("name", "other"), {**BUCKET, **KEY}),
    ("aws:s3/inventory:Inventory",
            {"bucket": "{bucket.bucket}", "includedObjectVersions": "All", "schedule": {"frequency": "Daily"},
             "destination": {"bucket": {"bucketArn": "{bucket.arn}", "format": "CSV", "encryption": {"sseS3": {}}}}},
            {"includedObjectVersions": "Current"}, inventory, ("Daily", "All", True, [], "SSES3"),
            ("Daily", "Current", True, [], "SSES3"), ("name", "other"), BUCKET),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)


def test_deleting_one_inventory_leaves_the_bucket_and_the_others(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    bucket = stand.create("aws:s3/bucket:Bucket", {})[2]
    token = "aws:s3/inventory:Inventory"
    made = {name: stand.create(token, {
        "bucket": bucket["bucket"], "name": name, "includedObjectVersions": "All", "schedule": {"frequency": "Daily"},
        "destination": {"bucket": {"bucketArn": bucket["arn"], "format": "ORC"}}}, name) for name in ("one", "two")}

    aws.delete(token, stand.urn(token, "one"), *made["one"], timeout=60)

    listed = boto("s3").list_bucket_inventory_configurations(Bucket=bucket["bucket"])["InventoryConfigurationList"]
    assert [inventory["Id"] for inventory in listed] == ["two"]
    assert aws.read(token, *made["one"]) is None


LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


def test_a_bucket_with_objects_is_locked_unlocked_and_deleted_with_what_is_still_locked(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    s3, bucket = boto("s3"), stand.create("aws:s3/bucket:Bucket", {}, "full")[2]["bucket"]
    versioning = {"bucket": bucket, "versioningConfiguration": {"status": "Enabled"}}
    stand.create("aws:s3/bucketVersioning:BucketVersioning", versioning, "full")
    s3.put_object(Bucket=bucket, Key="before", Body=b"x")
    inputs = {"bucket": bucket, "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}}}
    resource_id, inputs, outputs = stand.create(LOCK, inputs, "full")
    versions = [s3.put_object(Bucket=bucket, Key="held", Body=b"x")["VersionId"] for _ in range(2)]

    shorter = {**inputs, "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 3}}}
    outputs = aws.update(LOCK, stand.urn(LOCK, "full"), resource_id, inputs, outputs, shorter, preview=False,
                         timeout=60, ignore_changes=())
    assert retention(boto, outputs) == {"Mode": "GOVERNANCE", "Days": 3}
    aws.delete(LOCK, stand.urn(LOCK, "full"), resource_id, shorter, outputs, timeout=60)
    assert "Rule" not in s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    for version in versions:
        with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
            s3.delete_object(Bucket=bucket, Key="held", VersionId=version)

    stand.clear()
    stand.standing.clear()
    with pytest.raises(s3.exceptions.ClientError, match="404"):
        s3.head_bucket(Bucket=bucket)


def test_what_is_locked_for_compliance_is_not_purged_and_the_refusal_names_it(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    token = "aws:s3/bucket:Bucket"
    resource_id, inputs, outputs = stand.create(token, {"objectLockEnabled": True})
    stand.standing.clear()
    until = datetime.now(UTC) + timedelta(days=1)
    boto("s3").put_object(Bucket=outputs["bucket"], Key="for good", Body=b"x", ObjectLockMode="COMPLIANCE",
                          ObjectLockRetainUntilDate=until)
    with pytest.raises(ProviderError, match="for good was not deleted"):
        aws.delete(token, stand.urn(token), resource_id, inputs, outputs, timeout=60)
