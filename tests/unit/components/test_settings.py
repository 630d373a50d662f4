"""Settings: what is unknown, missing or mistyped is one clear error."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pulumi
import pytest

from mlstead import (
    BootstrapSettings,
    DataLakeArgs,
    DataPipelineArgs,
    FoundationSettings,
    NetworkArgs,
    ProjectSettings,
    Weakened,
)
from mlstead.errors import MlsteadError
from mlstead.pipelines.instance_types import has_local_disks
from mlstead.settings.foundation_settings import LakeSettings, NetworkSettings
from mlstead.settings.project_settings import GateSettings

RIGHT = {"foundation": "organization/mlstead-foundation/dev", "image": {"tag": "0.1.0"}}


def load(run, kind=ProjectSettings, **changes):
    loaded = []
    config = (RIGHT if kind is ProjectSettings else {}) | changes
    run(lambda: loaded.append(kind.load()), config=config)
    return loaded[0]


def test_what_is_left_out_has_the_frugal_and_secure_default(run):
    settings = load(run)
    assert settings.model_version is None
    assert settings.training.instance_type == "ml.m5.large"
    assert settings.endpoint.instance_count == 1
    assert settings.endpoint.log_retention_days == 365


def test_values_arrive_with_their_types_though_pulumi_hands_over_text(run):
    settings = load(run, model={"version": 7}, endpoint={"instance_count": 2}, owner="12")
    assert (settings.model_version, settings.endpoint.instance_count, settings.owner) == (7, 2, "12")
    foundation = load(run, FoundationSettings, account_wide="false", lake='{"noncurrent_days": 30}')
    assert (foundation.account_wide, foundation.lake.noncurrent_days) == (False, 30)


@pytest.mark.parametrize(("changes", "parts"), [
    ({"modle": "none"}, ["no setting flight-delays:modle", "did you mean model?", "Pulumi.dev.yaml"]),
    ({"training": {"instance_typ": "ml.m5.large"}}, ["flight-delays:training.instance_typ", "mean instance_type?"]),
    ({"image": {"tga": "x", "tag": "y"}}, ["flight-delays:image.tga", "did you mean tag?"]),
    ({"image": None}, ["flight-delays:image is missing", "Pulumi.dev.yaml"]),
    ({"image": {}}, ["flight-delays:image.tag is missing"]),
    ({"endpoint": {"instance_count": "two"}}, ["flight-delays:endpoint.instance_count is 'two'", "integer"]),
    ({"endpoint": {"instance_count": 0}}, ["flight-delays:endpoint.instance_count is 0", "greater than or equal to 1"]),
    ({"training": {"instance_type": "m5.large"}}, ["flight-delays:training.instance_type is 'm5.large'", "ml"]),
    ({"training": 3}, ["flight-delays:training is 3, and should be a block", "settings here are: instance_type"]),
    ({"query": {"scan_limit_gb": 0}}, ["flight-delays:query.scan_limit_gb is 0", "greater than or equal to 1"]),
    ({"model": {"version": 0}}, ["flight-delays:model", "model: {version: 1}"]),
    ({"model": 3}, ["flight-delays:model is 3", "model: {version: 1}"]),
    ({"model": {"vresion": 3}}, ["flight-delays:model", "version"]),
    ({"model": "latest-approved"}, ["latest-approved", "mlstead promote"]),
    ({"colour": "red"}, ["no setting flight-delays:colour", "here are: endpoint, exploration, foundation, gates"]),
])
def test_a_wrong_setting_names_the_file_the_key_and_the_way_out(run, changes, parts):
    with pytest.raises(MlsteadError) as refused:
        load(run, **changes)
    assert isinstance(refused.value, pulumi.RunError)  # neither engine prints a traceback for one
    for part in parts:
        assert part in str(refused.value)
    assert refused.value.where == str(Path.cwd() / "Pulumi.dev.yaml")  # a foundation has a file of the same name
    assert refused.value.fix


OURS = {"repository": "acme/flight-delays", "environments": ["dev"]}
DEPLOYERS = ["arn:aws:iam::123456789012:role/deploy", "arn:aws:iam::123456789012:role/*"]


@pytest.mark.parametrize(("kind", "changes", "name", "way_out"), [
    (FoundationSettings, {"network": {"cidr": "10.64.0.0/8"}}, "network.cidr", "of /16 to /20"),
    (FoundationSettings, {"network": {"cidr": "8.0.0.0/16"}}, "network.cidr", "/16 to /20 in 10.0.0.0/8"),
    (FoundationSettings, {"network": {"cidr": "10.0.0.0/8"}}, "network.cidr", "/16, the largest"),
    (FoundationSettings, {"network": {"zone_names": ["eu-west-1a"]}}, "network.zone_names", "name 2 different ones"),
    (FoundationSettings, {"network": {"zone_names": ["a", "a", "b"]}}, "network.zone_names", "name 2 different ones"),
    (FoundationSettings, {"network": {"endpoints": ["sts", "s4"]}}, "network.endpoints", "choose of sagemaker.api"),
    (FoundationSettings, {"network": {"endpoints": ["sts", "sts"]}}, "network.endpoints", "name each once"),
    (FoundationSettings, {"network": {"organization_id": "acme"}}, "network.organization_id", "o- and letters"),
    (FoundationSettings, {"administrators": ["me"]}, "administrators", "arn:aws:iam::123456789012:role/deploy"),
    (FoundationSettings, {"log_retention_days": 42}, "log_retention_days", "choose one of 1, 3, 5"),
    (FoundationSettings, {"lake": {"raw_lock_days": 36501}}, "lake.raw_lock_days", "correct"),
    (FoundationSettings, {"lake": {"raw_lock_days": "none"}}, "lake.raw_lock_days", "leave out"),
    (FoundationSettings, {"lake": {"noncurrent_days": 2**31}}, "lake.noncurrent_days", "correct"),
    (BootstrapSettings, {"deployers": DEPLOYERS}, "deployers", "arn:aws:iam::123456789012:role/deploy"),
    (BootstrapSettings, {"noncurrent_days": 2**31}, "noncurrent_days", "correct"),
    (BootstrapSettings, {"projects": {"flight-delays": OURS | {"repository": "acme/*"}}}, "projects", "no wildcard"),
    (BootstrapSettings, {"projects": {"flight-delays": OURS | {"repository": "acme"}}}, "projects", "acme/flight-del"),
    (BootstrapSettings, {"projects": {"flight-delays": OURS | {"repository": "acme@1/x"}}}, "projects", "acme@123/"),
    (BootstrapSettings, {"projects": {"flight-delays": OURS | {"branch": "release/*"}}},
     "projects.flight-delays.branch", "one branch's name"),
    (BootstrapSettings, {"projects": {"flight-delays": OURS | {"environments": []}}}, "projects", "[dev]"),
    (BootstrapSettings, {"projects": {"flight-delays": OURS | {"environments": ["dev", "dev"]}}}, "projects", "[dev]"),
    (BootstrapSettings, {"projects": {"flight-delays": OURS | {"environments": ["Dev"]}}}, "projects", "name it dev"),
    (BootstrapSettings, {"projects": {"flight-delays": OURS | {"environments": ["dev-eu", "dev"]}}}, "projects",
     "in another account"),
    (BootstrapSettings, {"projects": {"Flights": OURS}}, "projects", "rename it"),
    (BootstrapSettings, {"projects": {"mlstead-foundation": OURS}}, "projects", "name the project"),
    (BootstrapSettings, {"projects": {"flight": OURS, "flight-delays": OURS}}, "projects", "in another account"),
    (BootstrapSettings, {"platform": OURS | {"repository": "acme/?"}}, "platform", "no wildcard"),
    (BootstrapSettings, {"ci": {"host": "gitlab"}, "projects": {"flight-delays": OURS | {
        "environments": ["one", "two"]}}}, "projects", "dev, test, staging or prod"),
    (BootstrapSettings, {"ci": {"gitlab_url": "http://git.acme.example"}}, "ci.gitlab_url", "https://"),
    (BootstrapSettings, {"ci": {"host": "circle"}}, "ci.host", "correct"),
    (BootstrapSettings, {"instance_types": ["ml.*"]}, "instance_types", "ml.<family>.*"),
    (ProjectSettings, RIGHT | {"endpoint": {"log_retention_days": 42}}, "endpoint.log_retention_days", "choose one of"),
    (ProjectSettings, RIGHT | {"gates": {"schedule": "daily"}}, "gates.schedule", "write rate(1 day)"),
    (ProjectSettings, RIGHT | {"endpoint": {"instance_count": 1001}}, "endpoint.instance_count", "correct"),
])
def test_what_a_component_would_refuse_is_refused_when_read_by_the_setting_s_own_name(kind, changes, name, way_out):
    given = {f"stack:{key}": json.dumps(value) for key, value in changes.items()}
    with pytest.raises(MlsteadError) as refused:
        kind.read(given, "stack", "/there/Pulumi.prod.yaml")
    assert refused.value.what.startswith(f"stack:{name}")
    assert "Args" not in str(refused.value)
    assert refused.value.where == "/there/Pulumi.prod.yaml"
    assert way_out in refused.value.fix


def test_names_of_zones_go_by_the_number_of_zones_and_are_not_blamed_for_a_wrong_one():
    names = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    read = {"stack:network": json.dumps({"zones": 3, "zone_names": names})}
    assert FoundationSettings.read(read, "stack", "file").network.zone_names == names
    with pytest.raises(MlsteadError) as refused:
        FoundationSettings.read({"stack:network": json.dumps({"zones": 5, "zone_names": names})}, "stack", "file")
    assert "network.zones is 5" in refused.value.what and "zone_names" not in refused.value.what


@pytest.mark.parametrize(("weakened", "part"), [
    (False, "is false: a guard is on, or off with a reason"),
    ("no", "a guard is on, or off with a reason"),
    ({"weakend": "a sandbox that is thrown away"}, "a guard is on, or off with a reason"),
    ({"weakened": "because"}, "'because' is no reason a reviewer could judge"),
    ({"weakened": 3}, "a guard is on, or off with a reason"),
])
def test_a_guard_that_is_off_without_a_reason_is_refused_with_what_to_write(run, weakened, part):
    with pytest.raises(MlsteadError) as refused:
        load(run, FoundationSettings, network={"flow_logs": weakened})
    assert "flight-delays:network.flow_logs" in refused.value.what and part in refused.value.what
    assert 'flow_logs: {weakened: "' in refused.value.fix


def test_a_guard_that_is_off_with_a_reason_carries_it_to_the_component(run):
    settings = load(run, FoundationSettings, lake={"protect": {"weakened": "a sandbox that is thrown away"}})
    assert settings.lake.arguments()["protect"] == Weakened("a sandbox that is thrown away")
    assert settings.network.arguments()["flow_logs"] is True


@pytest.mark.parametrize(("block", "component"), [
    (NetworkSettings, NetworkArgs), (LakeSettings, DataLakeArgs), (GateSettings, DataPipelineArgs),
])
def test_a_block_s_settings_are_arguments_of_its_component(block, component):
    assert set(block().arguments()) <= {field.name for field in fields(component)}


@pytest.mark.parametrize(("changes", "name"), [
    ({"projects": {"flight-delays": OURS | {"brnch": "main"}}}, "projects.flight-delays.brnch"),
    ({"platform": OURS | {"brnch": "main"}}, "platform.brnch"),
])
def test_a_misspelt_setting_of_a_repository_is_refused_with_the_nearest_name(run, changes, name):
    with pytest.raises(MlsteadError) as refused:
        load(run, BootstrapSettings, **changes)
    assert f"no setting flight-delays:{name}" in str(refused.value)
    assert "did you mean branch?" in str(refused.value)


def test_a_misspelt_setting_of_a_nested_block_is_refused_with_the_nearest_name(run):
    with pytest.raises(MlsteadError, match=r"flight-delays:lake.noncurent_days(.|\n)*mean noncurrent_days\?"):
        load(run, FoundationSettings, lake={"noncurent_days": 30})


@pytest.mark.parametrize(("instance_type", "local"), [
    ("ml.m5.large", False), ("ml.m5d.large", True), ("ml.g4dn.xlarge", True), ("ml.g5.xlarge", True),
    ("ml.p3.2xlarge", False), ("ml.p3dn.24xlarge", True), ("ml.p4de.24xlarge", True), ("ml.c7i-flex.large", False),
    ("ml.p6-b200.48xlarge", True), ("ml.r6gd.large", True), ("ml.inf2.xlarge", False), ("ml.trn1.2xlarge", True),
])
def test_instance_types_with_local_disks_are_known(instance_type, local):
    assert has_local_disks(instance_type) is local


def test_two_mistakes_with_one_way_out_are_both_told(run):
    with pytest.raises(MlsteadError) as refused:
        load(run, model="latest-approved", training={"instance_type": "m5"}, processing={"instance_type": "m5"})
    assert all(f"flight-delays:{name}" in refused.value.what for name in ("model", "training", "processing"))


def test_two_mistakes_are_told_at_once(run):
    with pytest.raises(MlsteadError) as refused:
        load(run, modle="none", imgae="x")
    assert "flight-delays:modle" in str(refused.value)
    assert "flight-delays:imgae" in str(refused.value)


def test_settings_of_other_namespaces_are_left_alone(run):
    assert load(run, **{"pulumi:disable-default-providers": "[]"}).model_version is None


def test_a_stack_without_a_region_says_what_to_add(run):
    from mlstead import Context

    with pytest.raises(MlsteadError, match="aws:region") as refused:
        run(Context.of_stack, config={"aws:region": None})
    assert refused.value.where == str(Path.cwd() / "Pulumi.dev.yaml")


@pytest.mark.parametrize("name", ["Flight", "flight_delays", "a--b", "9lives", "a" * 33, ""])
def test_a_name_that_aws_would_refuse_later_is_refused_now(name):
    from mlstead import Context

    with pytest.raises(MlsteadError, match="hyphens"):
        Context(name, "dev", "eu-west-1", "123456789012")
