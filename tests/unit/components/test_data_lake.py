"""The foundation's keys and lake."""

from __future__ import annotations

import json

import pytest

from mlstead.errors import MlsteadError

ZONES = ("raw", "curated", "features", "artifacts")


def policy_of(foundation, bucket):
    (policy,) = [each for each in foundation.of("BucketPolicy") if each.name == bucket]
    return {statement["Sid"]: statement for statement in policy.policies()["policy"]["Statement"]}


@pytest.mark.parametrize("bucket", [f"lake-{zone}" for zone in (*ZONES, "access-logs")])
def test_every_bucket_is_private_versioned_and_denies_plain_http(foundation, bucket):
    block = foundation.one("BucketPublicAccessBlock", bucket).inputs
    doors = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(block[door] is True for door in doors)
    ownership = foundation.one("BucketOwnershipControls", bucket).inputs["rule"]
    assert ownership == {"objectOwnership": "BucketOwnerEnforced"}
    assert foundation.one("BucketVersioning", bucket).inputs["versioningConfiguration"] == {"status": "Enabled"}
    deny = policy_of(foundation, bucket)["DenyPlainHttp"]
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", {"AWS": "*"}, ["s3:*"])
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    arn = f"arn:aws:s3:::{bucket}-0a1b2c3"
    assert deny["Resource"] == [arn, f"{arn}/*"]


@pytest.mark.parametrize("zone", ZONES)
def test_every_zone_takes_only_its_own_key(foundation, zone):
    (rule,) = foundation.one("BucketServerSideEncryptionConfiguration", f"lake-{zone}").inputs["rules"]
    assert rule["bucketKeyEnabled"] is True
    default = rule["applyServerSideEncryptionByDefault"]
    assert default["sseAlgorithm"] == "aws:kms"
    domain = {"raw": "raw", "artifacts": "artifacts"}.get(zone, "refined")
    assert default["kmsMasterKeyId"].endswith(f"key/{domain}-key")
    policy = policy_of(foundation, f"lake-{zone}")
    name = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    assert policy["DenyOtherKeys"]["Condition"]["StringNotEquals"] == {name: default["kmsMasterKeyId"]}
    # A negated operator holds where the header is missing: without this, a plain put would be denied.
    assert policy["DenyOtherKeys"]["Condition"]["Null"] == {name: "false"}
    assert policy["DenyOtherEncryption"]["Condition"]["Null"] == {"s3:x-amz-server-side-encryption": "false"}
    assert policy["DenyUnnamedKey"]["Condition"]["Null"] == {name: "true"}
    assert policy["DenyCallersKeys"] == {
        "Sid": "DenyCallersKeys", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ["s3:PutObject"],
        "Resource": policy["DenyOtherKeys"]["Resource"],
        "Condition": {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
    }


@pytest.mark.parametrize("zone", ZONES)
def test_a_project_is_held_to_its_prefix_by_the_zone_itself(foundation, zone):
    policy = policy_of(foundation, f"lake-{zone}")
    arn, own = f"arn:aws:s3:::lake-{zone}-0a1b2c3", "${aws:PrincipalTag/mlstead:project}"
    assert policy["DenyPrefixesOfOthers"]["NotResource"] == [f"{arn}/{own}/*", f"{arn}/shared/*"]
    assert policy["DenyListsOfOthers"]["Resource"] == [arn]
    for sid in ("DenyPrefixesOfOthers", "DenyListsOfOthers"):
        assert policy[sid]["Condition"]["Null"] == {"aws:PrincipalTag/mlstead:project": "false"}


@pytest.mark.parametrize("zone", ZONES)
def test_every_zone_logs_tiers_forgets_and_tells(foundation, zone):
    logging = foundation.one("BucketLogging", f"lake-{zone}")
    assert logging.inputs["targetBucket"] == "lake-access-logs-0a1b2c3"
    assert any("bucketPolicy" in urn and "access-logs" in urn for urn in logging.dependencies)
    lifecycle = foundation.one("BucketLifecycleConfiguration", f"lake-{zone}")
    rules = {rule["id"]: rule for rule in lifecycle.inputs["rules"]}
    assert rules["tier"]["transitions"] == [{"days": 30, "storageClass": "INTELLIGENT_TIERING"}]
    assert rules["forget-old-versions"]["noncurrentVersionExpiration"] == {"noncurrentDays": 90}
    assert rules["forget-old-versions"]["abortIncompleteMultipartUpload"]
    assert "expire" not in rules
    assert foundation.one("BucketNotification", f"lake-{zone}").inputs["eventbridge"] is True


def test_access_logs_are_delivered_by_s3_alone_and_encrypted_as_s3_can(foundation):
    (rule,) = foundation.one("BucketServerSideEncryptionConfiguration", "lake-access-logs").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    deliver = policy_of(foundation, "lake-access-logs")["DeliverAccessLogs"]
    assert deliver["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert deliver["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    assert deliver["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:s3:::lake-*"}
    (bucket,) = [each for each in foundation.resources
                 if each.name == "lake-access-logs" and each.type == "mlstead:index:Bucket"]
    assert "SSE-S3" in bucket.inputs["weakenings"]["encryption_key_arn"]


@pytest.mark.parametrize("key", ["raw-key", "refined-key", "artifacts-key", "operations-key"])
def test_keys_rotate_and_part_administration_from_use(foundation, key):
    inputs = foundation.one("Key", key).inputs
    assert inputs["enableKeyRotation"] is True
    statements = {each["Sid"]: each for each in json.loads(inputs["policy"])["Statement"]}
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    administer, use = statements["AdministerByAccount"], statements["UseByProjectsThroughServices"]
    # Whoever may administer can put the policy right, and the account's root user always may: no lock-out.
    assert administer["Principal"] == root
    assert "kms:PutKeyPolicy" in administer["Action"]
    assert "Condition" not in administer
    cryptographic = {"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant"}
    assert not cryptographic & set(administer["Action"])
    assert set(use["Condition"]["StringEquals"]) == {"kms:CallerAccount", "kms:ViaService"}
    assert use["Condition"]["StringLike"] == {"aws:PrincipalTag/mlstead:project": "?*"}
    assert statements["GrantToServices"]["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_only_the_operations_key_serves_logs_and_alarms(foundation):
    for key in foundation.of("Key"):
        sids = {each["Sid"]: each for each in json.loads(key.inputs["policy"])["Statement"]}
        assert ({"EncryptLogGroups", "PublishAlarms"} <= sids.keys()) == (key.name == "operations-key")
        if key.name == "operations-key":
            assert sids["EncryptLogGroups"]["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
            assert sids["EncryptLogGroups"]["Condition"]["ArnLike"] == {
                "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/*"
            }


def test_job_logs_are_encrypted_and_end_and_can_be_left_to_another_environment(foundation, run_foundation):
    names = {group.inputs["name"]: group.inputs for group in foundation.of("LogGroup")}
    assert set(names) == {"/aws/sagemaker/ProcessingJobs", "/aws/sagemaker/TrainingJobs"}
    for group in names.values():
        assert group["kmsKeyId"].endswith("operations-key")
        assert group["retentionInDays"] == 365
    assert not run_foundation("dev", {"job_logs": False}).of("LogGroup")


@pytest.mark.parametrize("environment", ["local", "staging", "prod"])
def test_the_foundation_has_the_same_shape_in_every_environment(foundation, run_foundation, environment):
    shape = {(each.type, each.name) for each in foundation.resources}
    assert {(each.type, each.name) for each in run_foundation(environment).resources} == shape


def test_the_outputs_are_plain_and_complete(foundation):
    lake = foundation.exports["lake"]
    assert json.loads(json.dumps(foundation.exports)) == foundation.exports
    assert tuple(lake["zones"]) == ZONES
    assert all(set(handle) == {"bucket", "arn", "key_arn"} for handle in lake["zones"].values())
    assert lake["log_bucket"] == "lake-access-logs-0a1b2c3"
    assert foundation.exports["account_id"] == "123456789012"
    assert foundation.exports["region"] == "eu-west-1"
    assert foundation.exports["operations_key_arn"].startswith("arn:aws:kms:")


def test_a_lake_without_a_key_for_each_zone_is_refused():
    from mlstead import Context, DataLakeArgs

    with pytest.raises(MlsteadError, match="features"):
        DataLakeArgs(Context("a", "dev", "eu-west-1", "123456789012"), keys={"raw": "arn"})
