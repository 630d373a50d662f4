"""The foundation's lake."""

from __future__ import annotations

import json

import pytest

from mlstead.errors import MlsteadError

ZONES = ("raw", "quarantine", "curated", "features", "artifacts")

PROJECT = "aws:PrincipalTag/mlstead:project"


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
    domain = {"raw": "raw", "quarantine": "raw", "artifacts": "artifacts"}.get(zone, "refined")
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
        # Not those of the foundation's own roles, which act for every project.
        assert policy[sid]["Condition"]["Null"] == {PROJECT: "false"}
        assert policy[sid]["Condition"]["StringNotEquals"] == {PROJECT: "mlstead-foundation"}


def test_a_lake_for_one_network_gives_data_to_no_other_but_keeps_artifacts_open(run_foundation, foundation):
    closed = run_foundation("dev", {"only_from_network": True})
    vpc = closed.exports["network"]["vpc_id"]
    for zone in ZONES:
        assert "DenyOtherNetworks" not in policy_of(foundation, f"lake-{zone}")
        deny = policy_of(closed, f"lake-{zone}").get("DenyOtherNetworks")
        assert (deny is None) == (zone == "artifacts")
        if deny:
            # All must hold for the denial: a request through the network, of a service, or of the foundation passes.
            elsewhere = {
                "StringNotEquals": {"aws:SourceVpc": vpc, PROJECT: "mlstead-foundation"},
                "BoolIfExists": {"aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"},
            }
            lists = policy_of(closed, f"lake-{zone}")["DenyListsToOtherNetworks"]
            assert deny["Condition"] == elsewhere
            assert lists["Condition"] == elsewhere | {"Null": {PROJECT: "false"}}  # who deploys finds the bucket
            assert {"s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*"} <= set(deny["Action"])
            assert lists["Action"] == ["s3:ListBucket", "s3:ListBucketVersions"]
            arn = f"arn:aws:s3:::lake-{zone}-0a1b2c3"
            assert (deny["Resource"], lists["Resource"]) == ([f"{arn}/*"], [arn])


def test_raw_alone_is_locked_and_only_where_the_settings_say_for_how_long(run_foundation, foundation):
    assert not foundation.of("BucketObjectLockConfiguration")
    (lock,) = run_foundation("dev", {"lake": {"raw_lock_days": 30}}).of("BucketObjectLockConfiguration")
    assert lock.inputs["bucket"] == "lake-raw-0a1b2c3"
    assert lock.inputs["rule"]["defaultRetention"]["days"] == 30


def test_every_zone_is_listed_weekly_or_as_the_settings_say(run_foundation, foundation):
    assert {each.name for each in foundation.of("Inventory")} == {f"lake-{zone}" for zone in ZONES}
    assert {each.inputs["schedule"]["frequency"] for each in foundation.of("Inventory")} == {"Weekly"}
    daily = run_foundation("dev", {"lake": {"inventory": "Daily"}}).of("Inventory")
    assert {each.inputs["schedule"]["frequency"] for each in daily} == {"Daily"}


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
    sources = [f"arn:aws:s3:::lake-{zone}-0a1b2c3" for zone in ZONES]
    assert deliver["Condition"]["ArnEquals"] == {"aws:SourceArn": sources}
    (bucket,) = [each for each in foundation.resources
                 if each.name == "lake-access-logs" and each.type == "mlstead:index:Bucket"]
    assert "SSE-S3" in bucket.inputs["weakenings"]["encryption_key_arn"]


def test_job_logs_are_encrypted_and_end_and_can_be_left_to_another_environment(foundation, run_foundation):
    jobs = {"/aws/sagemaker/ProcessingJobs", "/aws/sagemaker/TrainingJobs"}
    names = {group.inputs["name"]: group.inputs for group in foundation.of("LogGroup")}
    assert jobs < names.keys()
    for group in names.values():
        assert group["kmsKeyId"].endswith("operations-key")
        assert group["retentionInDays"] == 365
    others = run_foundation("dev", {"account_wide": False}).of("LogGroup")
    assert not jobs & {group.inputs["name"] for group in others}


@pytest.mark.parametrize("environment", ["local", "staging", "prod"])
def test_the_foundation_is_made_of_the_same_kinds_of_things_in_every_environment(
    foundation, run_foundation, environment
):
    kinds = {each.type for each in foundation.resources}
    assert {each.type for each in run_foundation(environment).resources} == kinds


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


def test_an_inventory_at_a_time_that_s3_does_not_know_is_refused(context):
    from mlstead import DataLakeArgs

    with pytest.raises(MlsteadError, match="Daily or Weekly"):
        DataLakeArgs(context, keys=dict.fromkeys(ZONES, "arn"), inventory="Hourly")
