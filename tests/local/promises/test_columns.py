"""Who may select which columns, read back from the deployed catalog; and the rules by which that is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from deployed import ACCOUNT, DATA_ZONES, Deployed
from lake_formation import EVERYBODY, LakeFormation

from mlstead_toolkit.access import Context, Policies, Request, evaluate

FLIGHTS = ("mlstead_local_raw", "flight_delays_flights")
TABLES = (*((f"mlstead_local_{zone}", f"flight_delays_{table}") for zone in ("raw", "quarantine", "curated")
            for table in ("flights", "weather")), ("mlstead_local_features", "flight_delays_flights"))
PEOPLE = ("db", "people")


@pytest.fixture(scope="module")
def lake_formation(deployed: Deployed) -> LakeFormation:
    return LakeFormation.read(deployed.client)


def by_tags(principal: str, **expression: list[str]) -> dict[str, Any]:
    policy = {"ResourceType": "TABLE",
              "Expression": [{"TagKey": key, "TagValues": values} for key, values in expression.items()]}
    return {"Principal": {"DataLakePrincipalIdentifier": principal}, "Permissions": ["DESCRIBE", "SELECT"],
            "Resource": {"LFTagPolicy": policy}}


@pytest.mark.promise("aws:lakeformation/permissions:Permissions", "aws:lakeformation/resourceLfTag:ResourceLfTag",
                     "aws:glue/catalogTable:CatalogTable")
def test_exploration_selects_everything_but_raw_tail_numbers_and_what_failed(deployed, lake_formation):
    role = deployed.roles["exploration"].principal.arn
    assert "tailnum" in lake_formation.columns[FLIGHTS]
    assert set(lake_formation.columns) == set(TABLES)
    for table in TABLES:
        hidden = {"tailnum"} if table == FLIGHTS else set()
        seen = set() if "quarantine" in table[0] else set(lake_formation.columns[table]) - hidden
        assert lake_formation.selectable(role, table) == seen


@pytest.mark.promise("aws:lakeformation/permissions:Permissions")
def test_a_data_scientist_finds_no_table_but_what_is_vouched_for_and_selects_no_column_that_identifies(
    deployed, lake_formation
):
    """Lake Formation grants by sensitivity, in every zone; which zones' tables a query finds is said by IAM."""
    role = deployed.roles["data-scientist"]
    assert "tailnum" not in lake_formation.selectable(role.principal.arn, FLIGHTS)
    for table in TABLES:
        arn = f"arn:aws:glue:eu-west-1:{ACCOUNT}:table/{'/'.join(table)}"
        finds = evaluate(Request(role.principal, "glue:GetTable", arn), Policies(role.policies)).allowed
        assert finds is table[0].endswith(("curated", "features"))


@pytest.mark.promise("aws:lakeformation/permissions:Permissions")
def test_no_other_role_selects_anything(deployed, lake_formation):
    for use, who in deployed.roles.items():
        for table in TABLES:
            if use not in ("exploration", "data-scientist"):
                assert lake_formation.selectable(who.principal.arn, table) == set(), use


@pytest.mark.promise("aws:lakeformation/lfTag:LfTag")
def test_another_projects_grant_by_sensitivity_reaches_none_of_these_tables(lake_formation):
    grant = by_tags("other", **{"project:other-local": ["tables"], "sensitivity": ["public", "internal", "pii"]})
    theirs = replace(lake_formation, grants=[*lake_formation.grants, grant])
    for table in TABLES:
        assert not theirs.selectable("other", table)


@pytest.mark.promise("aws:lakeformation/permissions:Permissions")
def test_nobody_may_pass_a_grant_on_or_change_a_table(lake_formation):
    assert lake_formation.grants
    for grant in lake_formation.grants:
        assert not grant["PermissionsWithGrantOption"]
        assert set(grant["Permissions"]) <= {"DESCRIBE", "SELECT"}


def test_metadata_is_read_through_glue_alone(deployed):
    through_glue = {"kms:ViaService": "glue.eu-west-1.amazonaws.com",
                    "kms:EncryptionContext:glue_catalog_id": ACCOUNT}
    analyst = deployed.roles["exploration"]
    assert deployed.on_key(analyst, "kms:Decrypt", "operations", through_glue).allowed
    assert not deployed.on_key(analyst, "kms:Decrypt", "operations").allowed
    assert not deployed.on_key(analyst, "kms:Encrypt", "operations", through_glue).allowed


@pytest.mark.parametrize(("action", "resource", "allowed"), [
    ("athena:StartQueryExecution", "athena:eu-west-1:{0}:workgroup/flight-delays-local", True),
    ("athena:StartQueryExecution", "athena:eu-west-1:{0}:workgroup/primary", False),
    ("athena:GetQueryResults", "athena:eu-west-1:{0}:workgroup/another-local", False),
    ("athena:UpdateWorkGroup", "athena:eu-west-1:{0}:workgroup/flight-delays-local", False),
    ("glue:GetTable", "glue:eu-west-1:{0}:table/mlstead_local_raw/flight_delays_flights", True),
    ("glue:GetTable", "glue:eu-west-1:{0}:table/mlstead_local_raw/another_flights", False),
    ("glue:UpdateTable", "glue:eu-west-1:{0}:table/mlstead_local_raw/flight_delays_flights", False),
])
def test_exploration_queries_in_its_own_workgroup_and_reads_its_own_tables(deployed, action, resource, allowed):
    analyst = deployed.roles["exploration"]
    request = Request(analyst.principal, action, f"arn:aws:{resource.format(ACCOUNT)}", Context({}))
    assert evaluate(request, Policies(analyst.policies, None, resource_account=ACCOUNT)).allowed is allowed


@pytest.mark.parametrize(("bucket", "key", "allowed"), [
    ("artifacts", "flight-delays/athena/x.csv", True),
    ("artifacts", "flight-delays/models/x", False),
    ("artifacts", "another/athena/x.csv", False),
    ("curated", "another/flights/x", False),
    *((zone, "flight-delays/flights/x", zone == "curated") for zone in DATA_ZONES),
])
def test_exploration_reads_results_and_of_the_lakes_files_those_of_curated_alone(deployed, bucket, key, allowed):
    assert deployed.on_bucket(deployed.roles["exploration"], "s3:GetObject", bucket, key).allowed is allowed


def test_a_columns_own_tag_stands_before_what_it_inherits():
    decides = LakeFormation(
        [by_tags("me", sensitivity=["internal"])], {PEOPLE: ["id", "name"]}, {"db": {"sensitivity": "internal"}},
        column_tags={(*PEOPLE, "name"): {"sensitivity": "pii"}})
    assert decides.selectable("me", PEOPLE) == {"id"}
    assert decides.selectable("you", PEOPLE) == set()


def test_a_grant_by_two_tags_needs_both():
    grant = by_tags("me", project=["mine"], sensitivity=["internal"])
    decides = LakeFormation([grant], {PEOPLE: ["id"]}, {"db": {"sensitivity": "internal"}})
    assert decides.selectable("me", PEOPLE) == set()
    assert replace(decides, table_tags={PEOPLE: {"project": "mine"}}).selectable("me", PEOPLE) == {"id"}


@pytest.mark.parametrize(("resource", "columns"), [
    ({"Table": {"DatabaseName": "db", "Name": "people"}}, {"id", "name"}),
    ({"Table": {"DatabaseName": "db", "TableWildcard": {}}}, {"id", "name"}),
    ({"Table": {"DatabaseName": "db", "Name": "other"}}, set()),
    ({"TableWithColumns": {"DatabaseName": "db", "Name": "people", "ColumnNames": ["id"]}}, {"id"}),
    ({"TableWithColumns": {"DatabaseName": "db", "Name": "people",
                           "ColumnWildcard": {"ExcludedColumnNames": ["name"]}}}, {"id"}),
    ({"Database": {"Name": "db"}}, set()),
])
def test_named_grants_and_grants_to_everybody_are_seen(resource, columns):
    for principal in ("me", EVERYBODY):
        grant = {"Principal": {"DataLakePrincipalIdentifier": principal}, "Permissions": ["ALL"], "Resource": resource}
        assert LakeFormation([grant], {PEOPLE: ["id", "name"]}).selectable("me", PEOPLE) == columns
