"""The catalog: encrypted, governed before anything is in it, and reached through Lake Formation alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pulumi_aws import glue

from mlstead import CatalogGovernanceArgs
from mlstead.errors import MlsteadError

DATA_ZONES = ("raw", "quarantine", "curated", "features")


def test_metadata_and_passwords_are_encrypted_with_the_operations_key(foundation):
    (made,) = foundation.of("DataCatalogEncryptionSettings")
    settings = made.inputs["dataCatalogEncryptionSettings"]
    key = settings["encryptionAtRest"]["sseAwsKmsKeyId"]
    assert key.endswith("key/operations-key")
    assert settings["encryptionAtRest"]["catalogEncryptionMode"] == "SSE-KMS"
    assert settings["connectionPasswordEncryption"] == {"returnConnectionPasswordEncrypted": True, "awsKmsKeyId": key}


def test_nothing_is_open_to_every_iam_policy_by_default(foundation):
    settings = foundation.one("DataLakeSettings", "governance").inputs
    assert settings["createDatabaseDefaultPermissions"] == settings["createTableDefaultPermissions"] == []
    for database in foundation.of("CatalogDatabase"):
        assert "createTableDefaultPermissions" not in database.inputs
    assert not [each for each in foundation.of("Permissions") if "IAM_ALLOWED" in each.inputs["principal"]]


def test_whoever_deploys_administers_unless_others_are_named(foundation, run_foundation):
    role = "arn:aws:iam::123456789012:role"
    assert foundation.one("DataLakeSettings", "governance").inputs["admins"] == [f"{role}/deploy"]
    run = run_foundation("dev", {"administrators": [f"{role}/steward"]})
    assert run.one("DataLakeSettings", "governance").inputs["admins"] == [f"{role}/steward"]


@pytest.mark.parametrize("arn", ["deploy", "arn:aws:sts::123456789012:assumed-role/deploy/me", "*",
                                 "arn:aws:iam::123456789012:root"])
def test_who_cannot_administer_lake_formation_is_refused(context, arn):
    with pytest.raises(MlsteadError, match="role/deploy"):
        CatalogGovernanceArgs(context, "key", administrators=[arn])


def test_the_settings_stand_before_tags_and_databases_are_made(foundation):
    (tag,) = foundation.of("LfTag")
    assert (tag.inputs["key"], tag.inputs["values"]) == ("sensitivity", ["public", "internal", "pii"])
    assert any("DataLakeSettings" in urn for urn in tag.dependencies)
    for database in foundation.of("CatalogDatabase"):
        assert any("DataLakeSettings" in urn for urn in database.dependencies), database.name
        assert any("lakeformation/resource:Resource" in urn for urn in database.dependencies), database.name


def test_what_the_account_has_once_outlives_a_setting_that_is_turned_off(foundation):
    for kind in ("DataCatalogEncryptionSettings", "DataLakeSettings", "LfTag"):
        assert foundation.one(kind, "governance").protect, kind


def test_each_data_zone_has_a_database_of_internal_data_and_artifacts_has_none(foundation):
    databases = {each.inputs["name"]: each.inputs for each in foundation.of("CatalogDatabase")}
    assert set(databases) == {f"mlstead_dev_{zone}" for zone in DATA_ZONES}
    outputs = foundation.exports["catalog"]
    assert outputs["databases"] == {zone: f"mlstead_dev_{zone}" for zone in DATA_ZONES}
    assert outputs["sensitivity_tag"] == "sensitivity"
    assert outputs["encryption_key_arn"].endswith("key/operations-key")
    for zone in DATA_ZONES:
        assert databases[f"mlstead_dev_{zone}"]["locationUri"] == f"s3://lake-{zone}-0a1b2c3/"
    tagged = {each.inputs["database"]["name"]: each.inputs["lfTag"] for each in foundation.of("ResourceLfTag")}
    assert tagged == {name: {"key": "sensitivity", "value": "internal"} for name in databases}


def test_the_zones_are_read_by_lake_formations_role_and_hybrid_access_is_off(foundation):
    (role,) = [each for each in foundation.of("aws:iam/role:Role") if each.name == "catalog"]
    (trust,) = role.policies()["assumeRolePolicy"]["Statement"]
    assert trust["Principal"] == {"Service": "lakeformation.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    assert role.inputs["tags"]["mlstead:project"] == "mlstead-foundation"
    locations = foundation.of("aws:lakeformation/resource:Resource")
    assert {each.inputs["arn"] for each in locations} == {f"arn:aws:s3:::lake-{zone}-0a1b2c3" for zone in DATA_ZONES}
    for location in locations:
        assert location.inputs["hybridAccessEnabled"] is False
        assert location.inputs["roleArn"].endswith("catalog-0a1b2c3")
        assert any("rolePolicy" in urn for urn in location.dependencies)


@pytest.mark.parametrize("zone", DATA_ZONES)
def test_the_role_uses_a_zones_key_for_that_zone_alone(foundation, zone):
    policy = foundation.one("RolePolicy", "catalog").policies()["policy"]
    statements = {each["Sid"]: each for each in policy["Statement"]}
    bucket = f"arn:aws:s3:::lake-{zone}-0a1b2c3"
    assert statements[f"ReadWrite{zone.capitalize()}"]["Resource"] == [f"{bucket}/*"]
    use = statements[f"UseKeyOf{zone.capitalize()}"]
    assert use["Resource"][0].endswith("raw-key" if zone in ("raw", "quarantine") else "refined-key")
    assert use["Condition"]["StringEquals"]["kms:ViaService"] == ["s3.eu-west-1.amazonaws.com"]
    assert use["Condition"]["ArnLike"] == {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]}


def test_a_second_environment_of_an_account_leaves_the_settings_to_the_first_and_takes_its_key(run_foundation):
    run = run_foundation("staging", {"account_wide": False})
    for kind in ("DataLakeSettings", "DataCatalogEncryptionSettings", "LfTag"):
        assert not run.of(kind)
    assert len(run.of("CatalogDatabase")) == len(DATA_ZONES)
    assert run.exports["catalog"]["encryption_key_arn"].endswith("key/of-another-environment")


def test_an_environment_cannot_leave_the_settings_to_nobody(run_foundation, monkeypatch):
    disabled = SimpleNamespace(encryption_at_rests=[SimpleNamespace(catalog_encryption_mode="DISABLED")])
    monkeypatch.setattr(glue, "get_data_catalog_encryption_settings",
                        lambda catalog_id: SimpleNamespace(data_catalog_encryption_settings=[disabled]))
    with pytest.raises(MlsteadError, match="account_wide: true first"):
        run_foundation("staging", {"account_wide": False})
