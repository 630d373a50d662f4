"""The workgroup of a project's queries."""

from __future__ import annotations

import pytest

from mlstead import (
    ExecutionRole,
    ExecutionRoleArgs,
    FoundationReference,
    QueryWorkgroup,
    QueryWorkgroupArgs,
)
from mlstead.errors import MlsteadError


@pytest.fixture
def made(run, context):
    def program():
        lake = FoundationReference("organization/mlstead-foundation/dev", context).lake
        queries = QueryWorkgroup("queries", QueryWorkgroupArgs(context, lake, scan_limit_gb=3))
        queries.grant_use(ExecutionRole("analyst", ExecutionRoleArgs(context, "exploration")))

    return run(program)


def test_no_query_leaves_the_workgroups_settings(made):
    workgroup = made.one("Workgroup", "queries").inputs
    settings = workgroup["configuration"]
    assert settings["enforceWorkgroupConfiguration"] is True
    assert settings["publishCloudwatchMetricsEnabled"] is True
    assert settings["engineVersion"] == {"selectedEngineVersion": "Athena engine version 3"}
    assert workgroup["forceDestroy"] is False


def test_results_are_encrypted_and_lie_in_the_projects_own_prefix_of_its_own_account(made):
    results = made.one("Workgroup", "queries").inputs["configuration"]["resultConfiguration"]
    assert results["outputLocation"] == "s3://lake-artifacts-0a1b2c3/flight-delays/athena/"
    assert results["expectedBucketOwner"] == "123456789012"
    assert results["encryptionConfiguration"]["encryptionOption"] == "SSE_KMS"
    assert results["encryptionConfiguration"]["kmsKeyArn"].endswith("44444444-4444-4444-8444-444444444444")


def test_a_query_stops_at_the_scan_limit(made, context):
    settings = made.one("Workgroup", "queries").inputs["configuration"]
    assert settings["bytesScannedCutoffPerQuery"] == 3 * 1024**3
    with pytest.raises(MlsteadError, match="1 or more"):
        QueryWorkgroupArgs(context, None, scan_limit_gb=0)


def test_use_is_of_this_workgroup_and_of_its_results_alone(made):
    queries = made.one("RolePolicy", "analyst-run-queries").policies()["policy"]["Statement"]
    by_sid = {each["Sid"]: each for each in queries}
    assert by_sid["Query"]["Resource"] == ["arn:aws:athena:::Workgroup/flight-delays-dev"]
    assert not [action for action in by_sid["Query"]["Action"]
                if action.startswith(("athena:Create", "athena:Update", "athena:Delete"))]
    results = made.one("RolePolicy", "analyst-read-write-artifacts-athena").policies()["policy"]["Statement"]
    (objects,) = [each for each in results if "s3:GetObject" in each["Action"]]
    assert objects["Resource"] == ["arn:aws:s3:::lake-artifacts-0a1b2c3/flight-delays/athena/*"]


def test_each_project_and_environment_has_a_workgroup_of_its_own(made, project):
    assert made.one("Workgroup", "queries").inputs["name"] == "flight-delays-dev"
    (of_template,) = project.of("Workgroup")
    assert of_template.inputs["configuration"]["bytesScannedCutoffPerQuery"] == 10 * 1024**3


def test_exploration_reads_no_zone_of_the_lake_but_curated(project):
    policies = {each.name for each in project.of("RolePolicy") if "-exploration-" in each.name}
    assert policies == {f"flight-delays-exploration-{grant}" for grant in
                        ("query-tables", "run-queries", "read-write-artifacts-athena", "read-curated", "use-studio",
                         "volumes")}
