"""Lake Formation over the catalog, as AWS answers it where moto does not. Contracts with moto 5.2.5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Boto = Callable[[str], Any]
READER = {"DataLakePrincipalIdentifier": "arn:aws:iam::123456789012:role/reader"}
EVERYBODY = {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}
COLUMNS = [{"Name": "carrier", "Type": "string"}, {"Name": "tailnum", "Type": "string"}]
NAMED = {"DatabaseName": "curated", "Name": "flights"}


@pytest.fixture
def lake(boto: Boto) -> Any:
    """A database with one table, made while the settings were as AWS hands them over, and a tag."""
    glue, lake = boto("glue"), boto("lakeformation")
    glue.create_database(DatabaseInput={"Name": "curated"})
    glue.create_table(DatabaseName="curated", TableInput={
        "Name": "flights", "StorageDescriptor": {"Columns": COLUMNS},
        "PartitionKeys": [{"Name": "month", "Type": "int"}]})
    lake.create_lf_tag(TagKey="sensitivity", TagValues=["public", "internal", "pii"])
    yield lake
    lake.delete_lf_tag(TagKey="sensitivity")
    glue.delete_database(Name="curated")


def everybody(lake: Any, resource: dict[str, Any]) -> list[Any]:
    """Give what IAM_ALLOWED_PRINCIPALS is granted."""
    listed = lake.list_permissions(Principal=EVERYBODY["Principal"], Resource=resource)
    return [entry["Permissions"] for entry in listed["PrincipalResourcePermissions"]]


def tags(lake: Any, resource: dict[str, Any], *, assigned: bool = False) -> dict[str, Any]:
    """Give the values of the tag sensitivity by where they stand."""
    answer = lake.get_resource_lf_tags(Resource=resource, ShowAssignedLFTags=assigned)
    found = {name: answer[name][0]["TagValues"][0] for name in ("LFTagOnDatabase", "LFTagsOnTable") if name in answer}
    return found | {column["Name"]: column["LFTags"][0]["TagValues"][0] for column in answer.get("LFTagsOnColumns", [])}


def tag(lake: Any, value: str, **resource: Any) -> list[Any]:
    failures: list[Any] = lake.add_lf_tags_to_resource(
        Resource=resource, LFTags=[{"TagKey": "sensitivity", "TagValues": [value]}])["Failures"]
    return failures


def test_in_a_fresh_account_iam_alone_decides_over_databases_and_tables(lake: Any) -> None:
    assert lake.get_data_lake_settings()["DataLakeSettings"]["CreateTableDefaultPermissions"] == [EVERYBODY]
    assert everybody(lake, {"Database": {"Name": "curated"}}) == [["ALL"]]
    assert everybody(lake, {"Table": NAMED}) == [["ALL"]]


def test_with_empty_defaults_nobody_is_granted_a_new_database_or_table(lake: Any, boto: Boto) -> None:
    settings = lake.get_data_lake_settings()["DataLakeSettings"]
    lake.put_data_lake_settings(DataLakeSettings={
        "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []})
    boto("glue").create_database(DatabaseInput={"Name": "governed"})
    boto("glue").create_table(DatabaseName="governed", TableInput={"Name": "flights"})
    boto("glue").create_table(DatabaseName="curated", TableInput={"Name": "weather"})

    assert everybody(lake, {"Database": {"Name": "governed"}}) == []
    assert everybody(lake, {"Table": {"DatabaseName": "governed", "Name": "flights"}}) == []
    older = {"Table": {"DatabaseName": "curated", "Name": "weather"}}
    assert everybody(lake, older) == [["ALL"]], "a database keeps the default that it was made with"
    lake.put_data_lake_settings(DataLakeSettings=settings)
    boto("glue").delete_database(Name="governed")


def test_columns_inherit_from_their_table_and_that_from_its_database_unless_they_bear_their_own(lake: Any) -> None:
    tag(lake, "public", Database={"Name": "curated"})
    assert tags(lake, {"Table": NAMED}) == {
        "LFTagOnDatabase": "public", "LFTagsOnTable": "public", "carrier": "public", "tailnum": "public",
        "month": "public"}

    tag(lake, "internal", Table=NAMED)
    tag(lake, "pii", TableWithColumns={**NAMED, "ColumnNames": ["tailnum"]})

    columns = {"TableWithColumns": {**NAMED, "ColumnNames": ["carrier", "tailnum"]}}
    assert tags(lake, columns) == {
        "LFTagOnDatabase": "public", "LFTagsOnTable": "internal", "carrier": "internal", "tailnum": "pii"}
    assert tags(lake, columns, assigned=True) == {
        "LFTagOnDatabase": "public", "LFTagsOnTable": "internal", "tailnum": "pii"}


def test_a_tag_that_is_taken_away_gives_way_to_what_is_inherited(lake: Any) -> None:
    tag(lake, "internal", Table=NAMED)
    tag(lake, "pii", TableWithColumns={**NAMED, "ColumnWildcard": {"ExcludedColumnNames": ["carrier"]}})
    lake.remove_lf_tags_from_resource(Resource={"TableWithColumns": {**NAMED, "ColumnNames": ["month"]}},
                                      LFTags=[{"TagKey": "sensitivity", "TagValues": ["pii"]}])

    assert tags(lake, {"Table": NAMED}) == {
        "LFTagsOnTable": "internal", "carrier": "internal", "tailnum": "pii", "month": "internal"}


def test_a_table_that_is_made_again_bears_and_grants_nothing_of_before(lake: Any, boto: Boto) -> None:
    tag(lake, "pii", Table=NAMED)
    lake.grant_permissions(Principal=READER, Resource={"Table": NAMED}, Permissions=["SELECT"])
    boto("glue").delete_table(**NAMED)
    boto("glue").create_table(DatabaseName="curated", TableInput={"Name": "flights"})

    assert tags(lake, {"Table": NAMED}) == {}
    assert lake.list_permissions(Principal=READER, Resource={"Table": NAMED})["PrincipalResourcePermissions"] == []


def test_a_value_that_the_tag_lacks_is_told_and_not_assigned(lake: Any) -> None:
    failures = tag(lake, "secret", Table=NAMED)

    assert [failure["Error"]["ErrorCode"] for failure in failures] == ["EntityNotFoundException"]
    assert tags(lake, {"Table": NAMED}) == {}


def test_a_value_in_use_stays_in_the_tag(lake: Any) -> None:
    tag(lake, "pii", Table=NAMED)

    with pytest.raises(ClientError, match="Update not allowed"):
        lake.update_lf_tag(TagKey="sensitivity", TagValuesToDelete=["pii"])
    lake.update_lf_tag(TagKey="sensitivity", TagValuesToDelete=["internal"], TagValuesToAdd=["secret"])
    assert lake.get_lf_tag(TagKey="sensitivity")["TagValues"] == ["public", "pii", "secret"]


def test_grants_to_one_principal_on_one_resource_are_one_entry_however_it_is_written(lake: Any) -> None:
    policy = {"ResourceType": "TABLE", "Expression": [{"TagKey": "sensitivity", "TagValues": ["public", "internal"]}]}
    turned = {"CatalogId": "123456789012", "ResourceType": "TABLE",
              "Expression": [{"TagKey": "sensitivity", "TagValues": ["internal", "public"]}]}
    lake.grant_permissions(Principal=READER, Resource={"LFTagPolicy": policy}, Permissions=["SELECT"])
    lake.grant_permissions(Principal=READER, Resource={"LFTagPolicy": turned}, Permissions=["DESCRIBE"],
                           PermissionsWithGrantOption=["DESCRIBE"])

    def listed() -> list[Any]:
        found = lake.list_permissions(Principal=READER, Resource={"LFTagPolicy": policy})
        return [(entry["Permissions"], entry["PermissionsWithGrantOption"])
                for entry in found["PrincipalResourcePermissions"]]

    assert listed() == [(["DESCRIBE", "SELECT"], ["DESCRIBE"])]
    lake.revoke_permissions(Principal=READER, Resource={"LFTagPolicy": turned}, Permissions=["DESCRIBE"])
    assert listed() == [(["SELECT"], [])]
    lake.revoke_permissions(Principal=READER, Resource={"LFTagPolicy": policy}, Permissions=["SELECT"])
    assert listed() == []
    with pytest.raises(ClientError, match="No permissions revoked"):
        lake.revoke_permissions(Principal=READER, Resource={"LFTagPolicy": policy}, Permissions=["SELECT"])


def test_grants_are_listed_by_type(lake: Any) -> None:
    lake.grant_permissions(Principal=READER, Resource={"Database": {"Name": "curated"}}, Permissions=["DESCRIBE"])
    lake.grant_permissions(Principal=READER, Permissions=["SELECT"],
                           Resource={"TableWithColumns": {**NAMED, "ColumnNames": ["carrier"]}})

    listed = lake.list_permissions(ResourceType="TABLE")["PrincipalResourcePermissions"]

    assert {kind for entry in listed for kind in entry["Resource"]} == {"Table", "TableWithColumns"}


@pytest.mark.parametrize(("resource", "reason"), [
    ({"Database": {"Name": "absent"}}, "Database not found"),
    ({"Table": {"DatabaseName": "curated", "Name": "absent"}}, "Table not found"),
    ({"TableWithColumns": {**NAMED, "ColumnNames": ["absent"]}}, "Column not found"),
    ({"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [{"TagKey": "sensitivity", "TagValues": ["secret"]}]}},
     "does not exist"),
    ({"DataLocation": {"ResourceArn": "arn:aws:s3:::unregistered"}}, "register the S3 path"),
])
def test_nothing_is_granted_on_what_is_not_there(lake: Any, resource: dict[str, Any], reason: str) -> None:
    with pytest.raises(ClientError, match=reason):
        lake.grant_permissions(Principal=READER, Resource=resource, Permissions=["DESCRIBE"])


def test_a_batch_tells_which_of_its_grants_failed(lake: Any) -> None:
    answer = lake.batch_grant_permissions(Entries=[
        {"Id": name, "Principal": READER, "Resource": {"Database": {"Name": name}}, "Permissions": ["DESCRIBE"],
         "PermissionsWithGrantOption": ["DESCRIBE"]} for name in ("curated", "absent")])

    assert [failure["RequestEntry"]["Id"] for failure in answer["Failures"]] == ["absent"]
    listed = lake.list_permissions(Principal=READER, Resource={"Database": {"Name": "curated"}})
    assert listed["PrincipalResourcePermissions"][0]["PermissionsWithGrantOption"] == ["DESCRIBE"]


def test_a_location_is_registered_changed_and_deregistered(lake: Any) -> None:
    arn, role = "arn:aws:s3:::lake-raw", "arn:aws:iam::123456789012:role/location"
    lake.register_resource(ResourceArn=arn, UseServiceLinkedRole=True)
    found = lake.describe_resource(ResourceArn=arn)["ResourceInfo"]
    assert found["RoleArn"].endswith("/AWSServiceRoleForLakeFormationDataAccess")

    lake.update_resource(ResourceArn=arn, RoleArn=role, HybridAccessEnabled=True)
    found = lake.describe_resource(ResourceArn=arn)["ResourceInfo"]
    assert (found["RoleArn"], found["HybridAccessEnabled"]) == (role, True)
    with pytest.raises(ClientError, match="already registered"):
        lake.register_resource(ResourceArn=arn, RoleArn=role)

    lake.deregister_resource(ResourceArn=arn)
    with pytest.raises(ClientError, match="EntityNotFound"):
        lake.describe_resource(ResourceArn=arn)


def test_a_catalog_is_not_encrypted_until_someone_says_so(boto: Boto) -> None:
    """Contract: moto answers AWS's default where nothing was put, and for what a put leaves out."""
    glue = boto("glue")
    default = {"EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"},
               "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False}}
    assert glue.get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"] == default
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings={})
    assert glue.get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"] == default
