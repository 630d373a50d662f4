"""Every bucket of the lake keeps what it promises: who gets in, over what, with which key, and what is never lost."""

from __future__ import annotations

import uuid

import pytest
from deployed import ACCOUNT, PROJECT, ZONES, anyone, service

ALGORITHM, KEY = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
OWN = f"{PROJECT}/a.csv"
OURS = anyone(mlstead_project=PROJECT)
OTHERS = anyone(mlstead_project="another")
UNTAGGED = anyone()
ALL = (*ZONES, "logs")

pytestmark = pytest.mark.timeout(400)


def mistaken(decision, sid):
    """What is wrong with a decision: it must be an explicit deny by that statement, or, without one, allowed."""
    right = (decision.explicit and not decision.allowed and decision.sid == sid) if sid else decision.allowed
    return None if right else f"{decision.request.action} on {decision.request.resource}: {decision}"


# who, action, key in the bucket (None: the bucket), context, the statement that denies it (None: allowed)
ZONE_TABLE = [
    (OURS, "s3:PutObject", OWN, {"aws:SecureTransport": False}, "DenyPlainHttp"),
    (OURS, "s3:GetObject", OWN, {"aws:SecureTransport": False}, "DenyPlainHttp"),
    (OURS, "s3:ListBucket", None, {"aws:SecureTransport": False, "s3:prefix": PROJECT}, "DenyPlainHttp"),
    (OURS, "s3:PutObject", OWN, {}, None),
    (OURS, "s3:PutObject", OWN, {ALGORITHM: "AES256"}, "DenyOtherEncryption"),
    (OURS, "s3:PutObject", OWN, {ALGORITHM: "aws:kms"}, "DenyUnnamedKey"),
    (OURS, "s3:PutObject", OWN, {ALGORITHM: "aws:kms", KEY: f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/other"},
     "DenyOtherKeys"),
    (OURS, "s3:PutObject", OWN, {"s3:x-amz-server-side-encryption-customer-algorithm": "AES256"}, "DenyCallersKeys"),
    (OURS, "s3:GetObject", OWN, {}, None),
    (OURS, "s3:GetObject", "shared/airports.csv", {}, None),
    (OURS, "s3:PutObject", "shared/airports.csv", {}, None),
    (OURS, "s3:GetObject", "another/a.csv", {}, "DenyPrefixesOfOthers"),
    (OURS, "s3:GetObjectVersion", "another/a.csv", {}, "DenyPrefixesOfOthers"),
    (OURS, "s3:PutObject", "another/a.csv", {}, "DenyPrefixesOfOthers"),
    (OURS, "s3:PutObject", "top-level.csv", {}, "DenyPrefixesOfOthers"),
    (OURS, "s3:PutObject", f"{PROJECT}-2/a.csv", {}, "DenyPrefixesOfOthers"),
    (OURS, "s3:DeleteObject", "another/a.csv", {}, "DenyPrefixesOfOthers"),
    (OURS, "s3:AbortMultipartUpload", "another/a.csv", {}, "DenyPrefixesOfOthers"),
    (OTHERS, "s3:GetObject", OWN, {}, "DenyPrefixesOfOthers"),
    (OURS, "s3:ListBucket", None, {"s3:prefix": PROJECT}, None),
    (OURS, "s3:ListBucket", None, {"s3:prefix": f"{PROJECT}/flights/"}, None),
    (OURS, "s3:ListBucket", None, {"s3:prefix": "shared/"}, None),
    (OURS, "s3:ListBucket", None, {}, "DenyListsOfOthers"),
    (OURS, "s3:ListBucket", None, {"s3:prefix": ""}, "DenyListsOfOthers"),
    (OURS, "s3:ListBucket", None, {"s3:prefix": f"{PROJECT}-2/"}, "DenyListsOfOthers"),
    (OURS, "s3:ListBucketVersions", None, {"s3:prefix": "another/"}, "DenyListsOfOthers"),
    (OTHERS, "s3:ListBucket", None, {"s3:prefix": PROJECT}, "DenyListsOfOthers"),
    (UNTAGGED, "s3:GetObject", OWN, {}, None),
    (anyone(mlstead_project="mlstead-foundation"), "s3:GetObject", OWN, {}, None),
]


@pytest.mark.promise("aws:s3/bucketPolicy:BucketPolicy")
def test_a_zones_policy_decides_as_promised(deployed):
    wrong = [mistaken(deployed.on_bucket(who, action, zone, key, context), sid)
             for zone in ZONES for who, action, key, context, sid in ZONE_TABLE]
    wrong += [mistaken(deployed.on_bucket(OURS, "s3:PutObject", zone, OWN,
                                          {ALGORITHM: "aws:kms", KEY: deployed.zone(zone)["key_arn"]}), None)
              for zone in ZONES]
    assert not [one for one in wrong if one]


def test_nobody_of_another_account_gets_at_a_bucket(deployed):
    stranger = anyone("999988887777", mlstead_project=PROJECT)
    for name in ALL:
        for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
            assert not deployed.on_bucket(stranger, action, name, OWN).allowed


def test_access_logs_and_inventories_are_delivered_by_s3_from_the_lake_alone(deployed):
    logging, inventory = service("logging.s3.amazonaws.com"), service("s3.amazonaws.com")
    prefix = deployed.client("s3").get_bucket_logging(Bucket=deployed.buckets["raw"])["LoggingEnabled"]["TargetPrefix"]
    ours = {"aws:SourceArn": deployed.zone("raw")["arn"], "aws:SourceAccount": ACCOUNT, "aws:SourceVpc": None}
    theirs = ours | {"aws:SourceArn": "arn:aws:s3:::bucket-of-another", "aws:SourceAccount": "999988887777"}
    assert deployed.on_bucket(logging, "s3:PutObject", "logs", f"{prefix}x", ours).allowed
    assert deployed.on_bucket(inventory, "s3:PutObject", "logs", "inventory/x", ours).allowed
    assert not deployed.on_bucket(logging, "s3:PutObject", "logs", f"{prefix}x", theirs).allowed
    assert not deployed.on_bucket(inventory, "s3:PutObject", "logs", "inventory/x", theirs).allowed
    assert not deployed.on_bucket(logging, "s3:GetObject", "logs", f"{prefix}x", ours).allowed


@pytest.mark.promise("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
                     "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "aws:s3/bucket:Bucket")
def test_no_bucket_can_be_public_or_have_acls(deployed):
    s3 = deployed.client("s3")
    for bucket in deployed.buckets.values():
        assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
        rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
        assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.promise("aws:s3/bucketVersioning:BucketVersioning",
                     "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
def test_what_is_overwritten_can_be_brought_back_and_does_not_pile_up(deployed):
    s3 = deployed.client("s3")
    for name, bucket in deployed.buckets.items():
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        assert all(rule["Status"] == "Enabled" for rule in rules)
        assert any("NoncurrentVersionExpiration" in rule for rule in rules)
        assert any(rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation") == 7 for rule in rules)
        assert any("Transitions" in rule for rule in rules) == (name != "logs")
        assert any("Expiration" in rule for rule in rules) == (name == "logs")


@pytest.mark.promise("aws:s3/bucketLogging:BucketLogging", "aws:s3/inventory:Inventory",
                     "aws:s3/bucketNotification:BucketNotification")
def test_every_zone_is_logged_listed_and_tells_of_its_objects(deployed):
    s3 = deployed.client("s3")
    for zone in ZONES:
        bucket = deployed.buckets[zone]
        assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]["TargetBucket"] == deployed.buckets["logs"]
        listed = s3.list_bucket_inventory_configurations(Bucket=bucket)["InventoryConfigurationList"]
        assert [one["IsEnabled"] for one in listed] == [True]
        assert "EncryptionStatus" in listed[0]["OptionalFields"]
        assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=bucket)


@pytest.mark.promise("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
def test_what_names_no_key_lands_under_the_zones_own(deployed):
    s3 = deployed.client("s3")
    for zone in ZONES:
        bucket, name = deployed.buckets[zone], f"{PROJECT}/{uuid.uuid4()}"
        rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        assert [rule["BucketKeyEnabled"] for rule in rules] == [True]
        s3.put_object(Bucket=bucket, Key=name, Body=b"x")
        there = s3.head_object(Bucket=bucket, Key=name)
        s3.delete_object(Bucket=bucket, Key=name)
        assert (there["ServerSideEncryption"], there["SSEKMSKeyId"]) == ("aws:kms", deployed.zone(zone)["key_arn"])


def test_the_cloud_really_refuses_what_the_policies_deny(deployed):
    """The same promises with the credentials of a role, over the wire."""
    from botocore.exceptions import ClientError

    s3 = deployed.session(deployed.roles["gate"].principal.arn, "s3")
    bucket, key = deployed.buckets["curated"], f"{PROJECT}/{uuid.uuid4()}"
    other = deployed.keys["artifacts"]
    s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"x"
    refused = {
        "DenyOtherKeys": lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"", ServerSideEncryption="aws:kms",
                                               SSEKMSKeyId=other),
        "DenyUnnamedKey": lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"", ServerSideEncryption="aws:kms"),
        "DenyOtherEncryption": lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"", ServerSideEncryption="AES256"),
        "DenyPrefixesOfOthers": lambda: s3.get_object(Bucket=bucket, Key="another/x"),
        "DenyListsOfOthers": lambda: s3.list_objects_v2(Bucket=bucket, Prefix="another/"),
        "explicit deny in a permissions boundary": lambda: s3.delete_bucket_policy(Bucket=bucket),
    }
    for reason, call in refused.items():
        with pytest.raises(ClientError) as caught:
            call()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert reason in caught.value.response["Error"]["Message"]
    trained = deployed.session(deployed.roles["training"].principal.arn, "s3")
    with pytest.raises(ClientError, match="not authorized to perform: s3:GetObject"):
        trained.get_object(Bucket=bucket, Key=key)
