"""Grants: what reaches the role, and what is refused."""

from __future__ import annotations

import dataclasses

import pytest

from mlstead import ZONES, ExecutionRole, ExecutionRoleArgs, FoundationReference, Statement, Weakened
from mlstead.errors import MlsteadError

RAW = "arn:aws:s3:::lake-raw-0a1b2c3"
RAW_KEY = "arn:aws:kms:eu-west-1:123456789012:key/22222222-2222-4222-8222-222222222222"


def granted(run, context, grant, outputs=None):
    def program():
        lake = FoundationReference("organization/mlstead-foundation/dev", context).lake
        grant(lake, ExecutionRole("job", ExecutionRoleArgs(context, "processing")))

    made = run(program, outputs=outputs)
    (policy,) = [each for each in made.of("RolePolicy") if each.name != "job-observe"]
    return {statement["Sid"]: statement for statement in policy.policies()["policy"]["Statement"]}


def test_reading_reaches_the_projects_own_prefix_and_no_further(run, context):
    statements = granted(run, context, lambda lake, role: lake.grant_read(role, "raw"))
    assert statements["List"]["Resource"] == [RAW]
    assert statements["List"]["Condition"] == {"StringLike": {"s3:prefix": ["flight-delays", "flight-delays/*"]}}
    assert statements["Read"] == {
        "Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [f"{RAW}/flight-delays/*"],
    }
    assert statements["UseKey"]["Action"] == ["kms:Decrypt"]
    assert statements["UseKey"]["Resource"] == [RAW_KEY]


def test_writing_does_not_allow_reading_or_deleting(run, context):
    statements = granted(run, context, lambda lake, role: lake.grant_write(role, "raw"))
    actions = {action for statement in statements.values() for action in statement["Action"]}
    assert actions == {"s3:ListBucket", "s3:PutObject", "s3:AbortMultipartUpload", "kms:GenerateDataKey", "kms:Decrypt"}


def test_a_narrower_prefix_narrows_objects_lists_and_key_alike(run, context):
    statements = granted(run, context, lambda lake, role: lake.grant_read(role, "raw", prefix="flight-delays/weather"))
    assert statements["Read"]["Resource"] == [f"{RAW}/flight-delays/weather/*"]
    assert "flight-delays/weather/*" in statements["List"]["Condition"]["StringLike"]["s3:prefix"]
    contexts = statements["UseKey"]["Condition"]["ArnLike"]["kms:EncryptionContext:aws:s3:arn"]
    assert contexts == [RAW, f"{RAW}/flight-delays/weather/*"]


def test_a_role_may_have_several_grants_in_one_zone(run, context):
    def program():
        lake = FoundationReference("organization/mlstead-foundation/dev", context).lake
        role = ExecutionRole("job", ExecutionRoleArgs(context, "processing"))
        for prefix in (None, "flight-delays/weather", "shared/calendar"):
            lake.grant_read(role, "raw", prefix)

    names = {policy.name for policy in run(program).of("RolePolicy")}
    assert names == {"job-observe", "job-read-raw", "job-read-raw-weather", "job-read-raw-shared-calendar"}


@pytest.mark.parametrize("prefix", ["", "/", "*", "flight-delays/*", "/flight-delays", "flight-delays/", "f?"])
def test_a_prefix_that_would_reach_further_is_refused(run, context, prefix):
    with pytest.raises(MlsteadError, match="prefix"):
        granted(run, context, lambda lake, role: lake.grant_read(role, "raw", prefix=prefix))


def test_a_lake_and_its_reference_grant_the_same(run, run_foundation, context):
    """The same role in the foundation's own program, with the lake itself."""
    from mlstead import DataLake, DataLakeArgs

    keys = dict.fromkeys(ZONES, RAW_KEY)

    def program():
        DataLake("lake", DataLakeArgs(context, keys)).grant_read(
            ExecutionRole("job", ExecutionRoleArgs(context, "processing")), "raw")

    direct = run(program).one("RolePolicy", "job-read-raw").policies()["policy"]
    through = granted(run, context, lambda lake, role: lake.grant_read(role, "raw"))
    assert {statement["Sid"]: statement for statement in direct["Statement"]} == through


@pytest.mark.parametrize("name", ["shared", "mlstead-foundation", "mlstead-bootstrap"])
def test_a_project_with_the_name_of_what_is_everyones_gets_no_foundation(context, name):
    with pytest.raises(MlsteadError, match=f"No project can be called {name}"):
        FoundationReference("organization/mlstead-foundation/dev", dataclasses.replace(context, project=name))


def test_a_foundation_that_does_not_tell_its_lake_is_named(run, context):
    with pytest.raises(MlsteadError, match=r"(?s)no output lake.*organization/mlstead-foundation/dev"):
        granted(run, context, lambda lake, role: lake.grant_read(role, "raw"), outputs={"region": "eu-west-1"})


@pytest.mark.parametrize("statement", [
    {"actions": ["s3:*"], "resources": ["arn:aws:s3:::b"]},
    {"actions": ["*"], "resources": ["arn:aws:s3:::b"]},
    {"actions": ["s3:GetObject"], "resources": ["*"]},
    {"actions": ["s3:GetObject"], "not_resources": ["arn:aws:s3:::b"]},
])
def test_a_statement_that_allows_too_much_cannot_be_written(statement):
    with pytest.raises(MlsteadError, match="statement TooMuch"):
        Statement("TooMuch", **statement)


@pytest.mark.parametrize("lacking", ["conditions", "reason"])
def test_a_statement_that_only_bounds_may_name_all_services_with_conditions_and_a_reason(lacking):
    parts = {
        "conditions": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}, "reason": "said by whose it is",
    }
    assert Statement("Bound", ["*"], ["*"], {"AWS": "*"}, bounds=True, **parts).body()["Action"] == ["*"]
    with pytest.raises(MlsteadError, match="statement Bound"):
        Statement("Bound", ["*"], ["arn:aws:s3:::b"], {"AWS": "*"}, bounds=True, **(parts | {lacking: ""}))


def test_a_star_with_its_reason_and_any_denial_can_be_written():
    measure = Statement("Measure", ["cloudwatch:PutMetricData"], ["*"], reason="no resource level")
    assert measure.body()["Resource"] == ["*"]
    assert Statement("Close", ["s3:*"], ["*"], effect="Deny").body()["Action"] == ["s3:*"]


def test_an_unknown_use_of_a_role_is_refused(context):
    with pytest.raises(MlsteadError, match="processing, training"):
        ExecutionRoleArgs(context, "admin")


def test_a_guard_cannot_be_switched_off_without_a_reason(run, context):
    from mlstead import ModelRegistry, ModelRegistryArgs

    with pytest.raises(MlsteadError, match="Weakened"):
        run(lambda: ModelRegistry("models", ModelRegistryArgs(context, protect=False)))
    with pytest.raises(MlsteadError, match="reason"):
        Weakened("because")


def test_a_weakened_guard_is_off_and_stands_in_the_graph_with_its_reason(run, context):
    from mlstead import ModelRegistry, ModelRegistryArgs

    reason = "a sandbox that is thrown away every night"
    made = run(lambda: ModelRegistry("models", ModelRegistryArgs(context, protect=Weakened(reason))))
    assert not made.one("ModelPackageGroup", "models").protect
    (component,) = [each for each in made.resources if each.type == "mlstead:index:ModelRegistry"]
    assert component.inputs == {"weakenings": {"protect": reason}}
