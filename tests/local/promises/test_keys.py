"""Every domain's key is used by whom it serves through its services, administered by the account, and nothing else."""

from __future__ import annotations

import pytest
from deployed import ACCOUNT, PROJECT, ZONES, anyone, service

OURS = anyone(mlstead_project=PROJECT)
STRANGER = anyone("999988887777", mlstead_project=PROJECT)
LAKE = ("raw", "refined", "artifacts")
S3 = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
pytestmark = pytest.mark.timeout(400)

# who, action, context, whether the keys of the lake allow it
TABLE = [
    (OURS, "kms:Decrypt", S3, True),
    (OURS, "kms:GenerateDataKey", S3, True),
    (OURS, "kms:Decrypt", {}, False),
    (OURS, "kms:Decrypt", {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}, False),
    (OURS, "kms:Decrypt", {"kms:ViaService": "s3.us-east-1.amazonaws.com"}, False),
    (anyone(), "kms:Decrypt", S3, False),
    (anyone(mlstead_project=""), "kms:Decrypt", S3, False),
    (STRANGER, "kms:Decrypt", S3, False),
    (STRANGER, "kms:DescribeKey", {}, False),
    (service("s3.amazonaws.com"), "kms:Decrypt", S3, False),
    (anyone(), "kms:PutKeyPolicy", {}, True),
    (anyone(), "kms:ScheduleKeyDeletion", {}, True),
    (anyone(), "kms:Decrypt", {}, False),
    (anyone(), "kms:Encrypt", {}, False),
    (anyone(), "kms:ReEncryptFrom", {}, False),
    (OURS, "kms:PutKeyPolicy", {}, False),
    (OURS, "kms:ScheduleKeyDeletion", {}, False),
    (OURS, "kms:CreateGrant", {}, False),
    (anyone(), "kms:ReplicateKey", {}, False),
    (anyone(), "kms:ImportKeyMaterial", {}, False),
]


@pytest.mark.promise("aws:kms/key:Key", "aws:kms/alias:Alias")
def test_the_lakes_keys_decide_as_promised(deployed):
    wrong = [f"{key}: {decision}" for key in LAKE for who, action, context, allowed in TABLE
             if (decision := deployed.on_key(who, action, key, context)).allowed is not allowed]
    assert not wrong


def test_only_what_takes_a_grant_for_an_aws_service_gets_one(deployed):
    through = {"kms:GrantIsForAWSResource": True, "kms:ViaService": "sagemaker.eu-west-1.amazonaws.com"}
    for_anyone = through | {"kms:GrantIsForAWSResource": False}
    assert deployed.on_key(OURS, "kms:CreateGrant", "artifacts", through).allowed
    assert not deployed.on_key(OURS, "kms:CreateGrant", "artifacts", for_anyone).allowed
    assert not deployed.on_key(OURS, "kms:CreateGrant", "raw", through).allowed


def test_logs_and_alarms_use_the_operations_key_and_only_for_what_is_theirs(deployed):
    logs = service("logs.eu-west-1.amazonaws.com")

    def encrypts(group):
        arn = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{group}"
        context = {"kms:EncryptionContext:aws:logs:arn": arn}
        return deployed.on_key(logs, "kms:GenerateDataKey", "operations", context).allowed

    assert encrypts("/aws/sagemaker/TrainingJobs") and encrypts("/mlstead/mlstead-foundation-local/flow-logs")
    assert not encrypts("/aws/lambda/another")
    alarms, ours = service("cloudwatch.amazonaws.com"), {"aws:SourceAccount": ACCOUNT}
    assert deployed.on_key(alarms, "kms:GenerateDataKey", "operations", ours).allowed
    assert not deployed.on_key(alarms, "kms:Decrypt", "operations", {"aws:SourceAccount": "999988887777"}).allowed
    assert not deployed.on_key(logs, "kms:Decrypt", "raw").allowed


def test_every_key_that_can_rotates_and_all_are_in_use(deployed):
    kms = deployed.client("kms")
    assert {*LAKE, "operations", "tokens"} == set(deployed.keys)
    for domain, arn in deployed.keys.items():
        described = kms.describe_key(KeyId=arn)["KeyMetadata"]
        assert described["KeyState"] == "Enabled"
        if domain == "tokens":  # KMS rotates no HMAC keys
            assert (described["KeyUsage"], described["KeySpec"]) == ("GENERATE_VERIFY_MAC", "HMAC_256")
        else:
            assert kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]


def test_a_domains_key_opens_no_other_domain(deployed):
    opened = {zone: deployed.zone(zone)["key_arn"] for zone in ZONES}
    assert opened["raw"] == opened["quarantine"] and opened["curated"] == opened["features"]
    assert len(set(opened.values())) == 3
    training = deployed.roles["training"]
    where = {zone: {"kms:ViaService": "s3.eu-west-1.amazonaws.com",
                    "kms:EncryptionContext:aws:s3:arn": deployed.zone(zone)["arn"]} for zone in opened}
    assert deployed.on_key(training, "kms:Decrypt", "refined", where["features"]).allowed
    assert not deployed.on_key(training, "kms:Decrypt", "refined", where["curated"]).allowed
    assert not deployed.on_key(training, "kms:Decrypt", "raw", where["raw"]).allowed
