"""The catalog is encrypted, nobody gets at a column but by a grant on its tag, and queries leave nothing open."""

from __future__ import annotations

import pytest
from deployed import DATA_ZONES, PROJECT

pytestmark = pytest.mark.timeout(400)
NAME = f"{PROJECT}-local"


@pytest.fixture(scope="module")
def lake_formation(deployed):
    return deployed.client("lakeformation")


def granted(lake_formation, role):
    """What Lake Formation grants a role by tag: permission to the sensitivities."""
    found = {}
    for entry in lake_formation.list_permissions()["PrincipalResourcePermissions"]:
        policy = entry["Resource"].get("LFTagPolicy")
        if policy and entry["Principal"]["DataLakePrincipalIdentifier"] == role.principal.arn:
            values = {tag["TagKey"]: set(tag["TagValues"]) for tag in policy["Expression"]}
            for permission in entry["Permissions"]:
                found.setdefault(permission, set()).update(values["sensitivity"])
    return found


@pytest.mark.promise("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings")
def test_metadata_and_passwords_are_encrypted_with_our_key(deployed):
    settings = deployed.client("glue").get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"]
    key = deployed.keys["operations"]
    assert settings["EncryptionAtRest"] == {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key}
    assert settings["ConnectionPasswordEncryption"] == {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": key}


@pytest.mark.promise("aws:lakeformation/dataLakeSettings:DataLakeSettings", "aws:lakeformation/permissions:Permissions",
                     "aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/catalogTable:CatalogTable")
def test_nothing_is_open_to_every_iam_principal(deployed, lake_formation):
    settings = lake_formation.get_data_lake_settings()["DataLakeSettings"]
    assert settings["CreateDatabaseDefaultPermissions"] == settings["CreateTableDefaultPermissions"] == []
    assert settings["DataLakeAdmins"]
    glue = deployed.client("glue")
    databases = {database["Name"] for database in glue.get_databases()["DatabaseList"]}
    assert {f"mlstead_local_{zone}" for zone in DATA_ZONES} <= databases
    tables = [table["Name"] for name in databases for table in glue.get_tables(DatabaseName=name)["TableList"]]
    assert tables
    entries = lake_formation.list_permissions()["PrincipalResourcePermissions"]
    assert entries and not [entry for entry in entries if "IAM_ALLOWED" in str(entry["Principal"])]


@pytest.mark.promise("aws:lakeformation/resource:Resource")
def test_data_zones_are_reached_through_lake_formation_alone(deployed, lake_formation):
    registered = {one["ResourceArn"]: one for one in lake_formation.list_resources()["ResourceInfoList"]}
    assert set(registered) == {deployed.zone(zone)["arn"] for zone in DATA_ZONES}
    assert not any(one.get("HybridAccessEnabled") for one in registered.values())
    catalog = deployed.roles["Catalog"]
    assert {one["RoleArn"] for one in registered.values()} == {catalog.principal.arn}
    for zone in DATA_ZONES:
        assert deployed.on_bucket(catalog, "s3:GetObject", zone, f"{PROJECT}/a", {"aws:SourceVpc": None}).allowed
        key = "raw" if zone in ("raw", "quarantine") else "refined"
        through = {"kms:ViaService": "s3.eu-west-1.amazonaws.com",
                   "kms:EncryptionContext:aws:s3:arn": deployed.zone(zone)["arn"]}
        assert deployed.on_key(catalog, "kms:Decrypt", key, through).allowed
    assert not deployed.on_bucket(catalog, "s3:GetObject", "artifacts", f"{PROJECT}/a").allowed


@pytest.mark.promise("aws:lakeformation/lfTag:LfTag", "aws:lakeformation/resourceLfTag:ResourceLfTag")
def test_columns_that_identify_a_person_are_granted_to_nobody(deployed, lake_formation):
    tags = {tag["TagKey"]: set(tag["TagValues"]) for tag in lake_formation.list_lf_tags()["LFTags"]}
    assert tags["sensitivity"] == {"public", "internal", "pii"}
    resource = {"Table": {"DatabaseName": "mlstead_local_raw", "Name": f"{PROJECT.replace('-', '_')}_flights"}}
    columns = lake_formation.get_resource_lf_tags(Resource=resource)["LFTagsOnColumns"]
    sensitive = {column["Name"] for column in columns for tag in column["LFTags"] if tag["TagValues"] == ["pii"]}
    assert sensitive == {"tailnum"}
    assert granted(lake_formation, deployed.roles["exploration"])["SELECT"] == {"public", "internal"}
    assert granted(lake_formation, deployed.roles["data-scientist"])["SELECT"] == {"public", "internal"}
    for use in deployed.roles.keys() - {"exploration", "data-scientist"}:
        assert granted(lake_formation, deployed.roles[use]) == {}


@pytest.mark.promise("aws:athena/workgroup:Workgroup")
def test_no_query_leaves_its_workgroups_limits_or_results_open(deployed):
    group = deployed.client("athena").get_work_group(WorkGroup=NAME)["WorkGroup"]["Configuration"]
    assert group["EnforceWorkGroupConfiguration"] and not group["RequesterPaysEnabled"]
    assert 0 < group["BytesScannedCutoffPerQuery"] <= 10 * 1024**3
    results = group["ResultConfiguration"]
    assert results["EncryptionConfiguration"] == {"EncryptionOption": "SSE_KMS", "KmsKey": deployed.keys["artifacts"]}
    assert results["OutputLocation"] == f"s3://{deployed.buckets['artifacts']}/{PROJECT}/athena/"
