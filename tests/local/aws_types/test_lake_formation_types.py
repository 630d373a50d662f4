"""Lake Formation's settings, locations, tags and grants, each through its whole life (see conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.provider import ProviderError

SETTINGS = "aws:lakeformation/dataLakeSettings:DataLakeSettings"
PERMISSIONS = "aws:lakeformation/permissions:Permissions"
DATABASE = {"database": "aws:glue/catalogDatabase:CatalogDatabase"}
TABLE = {"table": "aws:glue/catalogTable:CatalogTable"}
LF_TAG = {"tag": "aws:lakeformation/lfTag:LfTag"}
ADMIN, READER = "arn:aws:iam::123456789012:role/admin", "arn:aws:iam::123456789012:role/reader"


def tags_of(member: str, resource: dict[str, Any]) -> Callable[..., Any]:
    """Read the tags of a resource, whose names stand in the outputs."""
    def seen(boto: Callable[[str], Any], out: dict[str, Any]) -> Any:
        (kind, names), = resource.items()
        filled = {name: path(out) for name, path in names.items()}
        answer = boto("lakeformation").get_resource_lf_tags(Resource={kind: filled}, ShowAssignedLFTags=True)
        return answer[member]

    return seen


def granted(resource: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., Any]:
    """Read what the reader is granted on a resource."""
    def seen(boto: Callable[[str], Any], out: dict[str, Any]) -> list[tuple[Any, ...]]:
        listed = boto("lakeformation").list_permissions(
            Principal={"DataLakePrincipalIdentifier": READER}, Resource=resource(out))["PrincipalResourcePermissions"]
        return [(tuple(entry["Permissions"]), tuple(entry["PermissionsWithGrantOption"])) for entry in listed]

    return seen


def pair(value: str) -> list[dict[str, Any]]:
    return [{"CatalogId": "123456789012", "TagKey": "sensitivity", "TagValues": [value]}]


def grant(words: list[str], **resource: Any) -> dict[str, Any]:
    return {"principal": READER, "permissions": words, **resource}


NOTHING: dict[str, Any] = {}
EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:lakeformation/dataLakeSettings:DataLakeSettings",
            {"admins": [ADMIN], "createDatabaseDefaultPermissions": [], "createTableDefaultPermissions": []},
            {"admins": [ADMIN, READER], "createTableDefaultPermissions": [
                {"principal": "IAM_ALLOWED_PRINCIPALS", "permissions": ["ALL"]}]},
            lambda boto, _out: [len(boto("lakeformation").get_data_lake_settings()["DataLakeSettings"][name])
                                for name in ("DataLakeAdmins", "CreateTableDefaultPermissions")], [1, 0], [2, 1],
            ("catalogId", "210987654321"), {}, True),
    ("aws:lakeformation/resource:Resource", {"arn": "{bucket.arn}", "roleArn": "{role.arn}"}, NOTHING,
            lambda boto, out: boto("lakeformation").describe_resource(ResourceArn=out["arn"])["ResourceInfo"]["RoleArn"]
            == out["roleArn"], True, True, ("roleArn", ADMIN),
            {"bucket": "aws:s3/bucket:Bucket", "role": "aws:iam/role:Role"}),
    ("aws:lakeformation/lfTag:LfTag", {"key": "sensitivity", "values": ["public", "pii"]},
            {"values": ["internal", "pii"]},
            lambda boto, out: sorted(boto("lakeformation").get_lf_tag(TagKey=out["key"])["TagValues"]),
            ["pii", "public"], ["internal", "pii"], ("key", "other")),
    ("aws:lakeformation/resourceLfTag:ResourceLfTag",
            {"tableWithColumns": {"databaseName": "{table.databaseName}", "name": "{table.name}",
                                  "columnNames": ["tailnum"]}, "lfTag": {"key": "{tag.key}", "value": "pii"}}, NOTHING,
            tags_of("LFTagsOnColumns", {"TableWithColumns": {
                "DatabaseName": lambda out: out["tableWithColumns"]["databaseName"],
                "Name": lambda out: out["tableWithColumns"]["name"],
                "ColumnNames": lambda _out: ["carrier", "tailnum"]}}),
            [{"Name": "tailnum", "LFTags": pair("pii")}], [{"Name": "tailnum", "LFTags": pair("pii")}],
            ("catalogId", "210987654321"), {**TABLE, **LF_TAG}),
    ("aws:lakeformation/resourceLfTags:ResourceLfTags",
            {"database": {"name": "{database.name}"}, "lfTags": [{"key": "{tag.key}", "value": "internal"}]}, NOTHING,
            tags_of("LFTagOnDatabase", {"Database": {"Name": lambda out: out["database"]["name"]}}),
            pair("internal"), pair("internal"), ("catalogId", "210987654321"),
            {**DATABASE, **LF_TAG}),
    ("aws:lakeformation/resourceLfTags:ResourceLfTags",
            {"tableWithColumns": {"databaseName": "{table.databaseName}", "name": "{table.name}",
                                  "columnNames": ["carrier", "tailnum"]},
             "lfTags": [{"key": "{tag.key}", "value": "pii"}]}, NOTHING,
            tags_of("LFTagsOnColumns", {"Table": {
                "DatabaseName": lambda out: out["tableWithColumns"]["databaseName"],
                "Name": lambda out: out["tableWithColumns"]["name"]}}),
            [{"Name": name, "LFTags": pair("pii")} for name in ("carrier", "tailnum")],
            [{"Name": name, "LFTags": pair("pii")} for name in ("carrier", "tailnum")],
            ("catalogId", "210987654321"), {**TABLE, **LF_TAG}),
    ("aws:lakeformation/permissions:Permissions", grant(["CREATE_DATABASE"], catalogResource=True), NOTHING,
            granted(lambda _out: {"Catalog": {}}), [(("CREATE_DATABASE",), ())], [(("CREATE_DATABASE",), ())],
            ("permissions", ["DESCRIBE"])),
    ("aws:lakeformation/permissions:Permissions",
            grant(["DATA_LOCATION_ACCESS"], dataLocation={"arn": "{location.arn}/flights"}), NOTHING,
            granted(lambda out: {"DataLocation": {"ResourceArn": out["dataLocation"]["arn"]}}),
            [(("DATA_LOCATION_ACCESS",), ())], [(("DATA_LOCATION_ACCESS",), ())], ("principal", ADMIN),
            {"location": "aws:lakeformation/resource:Resource"}),
    ("aws:lakeformation/permissions:Permissions",
            grant(["CREATE_TABLE", "DESCRIBE"], permissionsWithGrantOptions=["DESCRIBE"],
                  database={"name": "{database.name}"}), NOTHING,
            granted(lambda out: {"Database": {"Name": out["database"]["name"]}}),
            [(("CREATE_TABLE", "DESCRIBE"), ("DESCRIBE",))], [(("CREATE_TABLE", "DESCRIBE"), ("DESCRIBE",))],
            ("permissions", ["DROP"]), DATABASE),
    ("aws:lakeformation/permissions:Permissions",
            grant(["SELECT"], table={"databaseName": "{table.databaseName}", "wildcard": True}), NOTHING,
            granted(lambda out: {"Table": {"DatabaseName": out["table"]["databaseName"], "TableWildcard": {}}}),
            [(("SELECT",), ())], [(("SELECT",), ())], ("permissions", ["INSERT"]), TABLE),
    ("aws:lakeformation/permissions:Permissions",
            grant(["SELECT"], tableWithColumns={"databaseName": "{table.databaseName}", "name": "{table.name}",
                                                "wildcard": True, "excludedColumnNames": ["tailnum"]}), NOTHING,
            granted(lambda out: {"TableWithColumns": {
                "DatabaseName": out["tableWithColumns"]["databaseName"], "Name": out["tableWithColumns"]["name"],
                "ColumnWildcard": {"ExcludedColumnNames": ["tailnum"]}}}),
            [(("SELECT",), ())], [(("SELECT",), ())], ("principal", ADMIN), TABLE),
    ("aws:lakeformation/permissions:Permissions",
            grant(["ASSOCIATE", "DESCRIBE"], lfTag={"key": "{tag.key}", "values": ["public", "pii"]}), NOTHING,
            granted(lambda out: {"LFTag": {"TagKey": out["lfTag"]["key"], "TagValues": ["pii", "public"]}}),
            [(("ASSOCIATE", "DESCRIBE"), ())], [(("ASSOCIATE", "DESCRIBE"), ())], ("principal", ADMIN), LF_TAG),
    ("aws:lakeformation/permissions:Permissions",
            grant(["SELECT", "DESCRIBE"], lfTagPolicy={"resourceType": "TABLE", "expressions": [
                {"key": "{tag.key}", "values": ["public", "internal"]}]}), NOTHING,
            granted(lambda out: {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [
                {"TagKey": "sensitivity", "TagValues": ["internal", "public"]}]}}),
            [(("DESCRIBE", "SELECT"), ())], [(("DESCRIBE", "SELECT"), ())], ("principal", ADMIN), LF_TAG),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)


def test_settings_that_are_no_longer_managed_are_as_aws_hands_them_over(
        stand: Any, boto: Callable[[str], Any]) -> None:
    fresh = boto("lakeformation").get_data_lake_settings()["DataLakeSettings"]
    stand.create(SETTINGS, {"admins": [ADMIN], "createDatabaseDefaultPermissions": [],
                            "createTableDefaultPermissions": []})

    stand.clear()
    stand.standing.clear()

    assert boto("lakeformation").get_data_lake_settings()["DataLakeSettings"] == fresh


def test_default_permissions_that_someone_puts_back_are_drift(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    resource_id, inputs, outputs = stand.create(SETTINGS, {
        "admins": [ADMIN], "createDatabaseDefaultPermissions": [], "createTableDefaultPermissions": []})
    boto("lakeformation").put_data_lake_settings(DataLakeSettings={"CreateTableDefaultPermissions": [
        {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]})

    found = aws.read(SETTINGS, resource_id, inputs, outputs)

    assert found is not None
    changes = aws.diff(SETTINGS, resource_id, found.inputs, found.outputs, inputs, ()).changes
    assert {path.split("[")[0] for path in changes} == {"admins", "createTableDefaultPermissions"}


def test_a_value_that_the_tag_does_not_have_is_refused_by_name(aws: AwsProvider, stand: Any) -> None:
    stand.create("aws:lakeformation/lfTag:LfTag", {"key": "sensitivity", "values": ["public"]})
    database = stand.create(DATABASE["database"], {"name": "tagged"})[2]
    token = "aws:lakeformation/resourceLfTags:ResourceLfTags"
    inputs = {"database": {"name": database["name"]}, "lfTags": [{"key": "sensitivity", "value": "secret"}]}

    with pytest.raises(ProviderError, match="sensitivity=secret was refused"):
        aws.create(token, stand.urn(token), inputs, preview=False, timeout=60)


def test_a_grant_that_was_cut_off_halfway_is_made_whole(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    database = stand.create(DATABASE["database"], {"name": "halfway"})[2]
    wanted = grant(["CREATE_TABLE", "DESCRIBE"], database={"name": database["name"]})
    boto("lakeformation").grant_permissions(Principal={"DataLakePrincipalIdentifier": READER},
                                            Resource={"Database": {"Name": "halfway"}}, Permissions=["DESCRIBE"])

    assert aws.recover(PERMISSIONS, stand.urn(PERMISSIONS), wanted, 0) is None
    resource_id, inputs, _ = stand.create(PERMISSIONS, wanted)
    assert aws.recover(PERMISSIONS, stand.urn(PERMISSIONS), inputs, 0) == resource_id


def test_a_grant_is_not_imported_because_its_id_tells_nothing(aws: AwsProvider) -> None:
    with pytest.raises(ProviderError, match="cannot be imported"):
        aws.read(PERMISSIONS, "12345", {}, {})
