"""Keys: who may use one, who may administer it, and through what."""

from __future__ import annotations

import json

import pytest

from mlstead import DomainKey, DomainKeyArgs, TokenKey, TokenKeyArgs, Weakened
from mlstead.errors import MlsteadError

KEYS = ("raw-key", "refined-key", "artifacts-key", "operations-key")
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
PROJECT = "aws:PrincipalTag/mlstead:project"


def policy_of(made, key):
    return {each["Sid"]: each for each in json.loads(made.one("Key", key).inputs["policy"])["Statement"]}


@pytest.mark.parametrize("key", KEYS)
def test_keys_rotate_and_have_an_alias_of_their_environment(foundation, key):
    assert foundation.one("Key", key).inputs["enableKeyRotation"] is True
    assert foundation.one("Alias", key).inputs["name"] == f"alias/mlstead-foundation-dev/{key.removesuffix('-key')}"


@pytest.mark.parametrize("key", KEYS)
def test_whoever_administers_a_key_cannot_use_it_by_that_and_works_with_no_projects_data(foundation, key):
    policy = policy_of(foundation, key)
    administer = policy["AdministerByAccount"]
    # Whoever may administer can put the policy right, and the account's root user, which has no tags, always may.
    assert administer["Principal"] == ROOT
    assert "kms:PutKeyPolicy" in administer["Action"]
    assert administer["Condition"] == {"Null": {PROJECT: "true"}}
    cryptographic = {"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant"}
    assert not cryptographic & {*administer["Action"], *policy["DescribeByAccount"]["Action"]}


@pytest.mark.parametrize(("key", "services"), [
    ("raw-key", ["s3"]), ("refined-key", ["s3"]), ("artifacts-key", ["s3", "ecr", "sagemaker"]),
    ("operations-key", ["logs", "sns", "glue"]),
])
def test_a_project_uses_a_key_only_through_its_services(foundation, key, services):
    use = policy_of(foundation, key)["UseByProjectsThroughServices"]
    assert use["Principal"] == ROOT
    assert use["Condition"] == {
        "StringEquals": {
            "kms:CallerAccount": "123456789012",
            "kms:ViaService": [f"{each}.eu-west-1.amazonaws.com" for each in services],
        },
        "StringLike": {PROJECT: "?*"},
    }


def test_only_the_key_of_images_and_volumes_can_be_granted_on_and_only_to_their_services(foundation):
    for key in KEYS:
        assert ("GrantToServices" in policy_of(foundation, key)) == (key == "artifacts-key")
    condition = policy_of(foundation, "artifacts-key")["GrantToServices"]["Condition"]
    assert condition["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    assert condition["StringEquals"]["kms:ViaService"] == [
        "ecr.eu-west-1.amazonaws.com", "sagemaker.eu-west-1.amazonaws.com",
    ]


def test_a_file_system_is_made_by_who_has_no_project_but_only_in_efs_and_with_the_key_of_studio(foundation):
    for key in KEYS:
        statements = policy_of(foundation, key)
        assert ("MakeFileSystem" in statements) == ("GrantToFileSystem" in statements) == (key == "artifacts-key")
    for sid in ("MakeFileSystem", "GrantToFileSystem"):
        through = policy_of(foundation, "artifacts-key")[sid]["Condition"]["StringEquals"]["kms:ViaService"]
        assert through == ["elasticfilesystem.eu-west-1.amazonaws.com"]


def test_the_catalog_can_be_written_by_who_has_no_project_but_only_in_glue(foundation):
    for key in KEYS:
        assert ("UseByCatalog" in policy_of(foundation, key)) == (key == "operations-key")
    catalog = policy_of(foundation, "operations-key")["UseByCatalog"]
    assert catalog["Condition"] == {"StringEquals": {
        "kms:CallerAccount": "123456789012", "kms:ViaService": ["glue.eu-west-1.amazonaws.com"],
        "kms:EncryptionContext:glue_catalog_id": "123456789012",
    }}


def test_only_the_operations_key_serves_logs_and_alarms(foundation):
    for key in KEYS:
        assert ({"EncryptLogGroups", "PublishAlarms"} <= policy_of(foundation, key).keys()) == (key == "operations-key")
    logs = policy_of(foundation, "operations-key")["EncryptLogGroups"]
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert logs["Condition"]["ArnLike"] == {"kms:EncryptionContext:aws:logs:arn": [
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/*",
        "arn:aws:logs:eu-west-1:123456789012:log-group:/mlstead/*",
    ]}


def test_no_key_gives_everything_to_anyone_nor_anything_without_a_condition_but_its_description(foundation):
    for key in KEYS:
        for sid, statement in policy_of(foundation, key).items():
            assert "kms:*" not in statement["Action"]
            assert ("Condition" in statement) == (sid != "DescribeByAccount"), (key, sid)


def test_the_key_of_tokens_makes_hmacs_and_does_nothing_else(foundation):
    key = foundation.one("Key", "token-key").inputs
    assert (key["keyUsage"], key["customerMasterKeySpec"]) == ("GENERATE_VERIFY_MAC", "HMAC_256")
    assert "enableKeyRotation" not in key  # KMS rotates no such key, and would refuse to be asked
    assert foundation.one("Alias", "token-key").inputs["name"] == "alias/mlstead-foundation-dev/tokens"
    policy = policy_of(foundation, "token-key")
    assert set(policy) == {"AdministerByAccount", "DescribeByAccount", "DeriveTokensByProjects"}
    assert policy["AdministerByAccount"]["Condition"] == {"Null": {PROJECT: "true"}}
    derive = policy["DeriveTokensByProjects"]
    assert (derive["Principal"], derive["Action"]) == (ROOT, ["kms:GenerateMac"])
    assert derive["Condition"] == {
        "StringEquals": {"kms:CallerAccount": "123456789012", "kms:MacAlgorithm": "HMAC_SHA_256"},
        "StringLike": {PROJECT: "?*"},
    }
    assert foundation.exports["token_key_arn"].endswith("key/token-key")


@pytest.mark.parametrize("days", [6, 31])
def test_a_key_of_tokens_with_an_impossible_window_is_refused(context, days):
    with pytest.raises(MlsteadError, match="7 to 30"):
        TokenKeyArgs(context, deletion_window_days=days)


def test_a_key_of_tokens_can_lose_its_protection_only_with_a_reason(run, context):
    assert run(lambda: TokenKey("key", TokenKeyArgs(context))).one("Key", "key").protect
    weak = TokenKeyArgs(context, protect=Weakened("a sandbox that is thrown away every night"))
    assert not run(lambda: TokenKey("key", weak)).one("Key", "key").protect


def test_macie_decrypts_with_the_key_of_raw_alone_and_only_where_the_foundation_says_so(run_foundation, foundation):
    assert "ScanByMacie" not in policy_of(foundation, "raw-key")
    asked = run_foundation("dev", {"macie": True})
    assert [key for key in KEYS if "ScanByMacie" in policy_of(asked, key)] == ["raw-key"]
    scan = policy_of(asked, "raw-key")["ScanByMacie"]
    role = "role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie"
    assert scan["Principal"] == {"AWS": f"arn:aws:iam::123456789012:{role}"} and scan["Action"] == ["kms:Decrypt"]
    assert scan["Condition"]["StringEquals"]["kms:ViaService"] == ["s3.eu-west-1.amazonaws.com"]


@pytest.mark.parametrize(("changes", "part"), [
    ({"deletion_window_days": 6}, "7 to 30"), ({"deletion_window_days": 31}, "7 to 30"),
    ({"log_groups": "/aws/sagemaker/"}, "a list of prefixes"),
])
def test_a_key_that_could_not_be_or_would_not_do_what_it_seems_to_is_refused(context, changes, part):
    with pytest.raises(MlsteadError, match=part):
        DomainKeyArgs(context, "raw", **changes)


def test_a_key_for_deployers_is_open_to_nobody_for_his_tag(run, context):
    role = "arn:aws:iam::123456789012:role/deploy"
    made = run(lambda: DomainKey("key", DomainKeyArgs(context, "secrets", services=(), deployers=[role])))
    policy = policy_of(made, "key")
    assert "UseByProjectsThroughServices" not in policy
    assert policy["UseByDeployers"]["Condition"] == {
        "StringEquals": {"kms:CallerAccount": "123456789012"}, "ArnLike": {"aws:PrincipalArn": [role]},
    }
