"""Settings: what is unknown, missing or mistyped is one clear error."""

from __future__ import annotations

import pulumi
import pytest

from mlstead import FoundationSettings, ProjectSettings
from mlstead.errors import MlsteadError

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
    assert load(run, FoundationSettings, job_logs="false", noncurrent_days="30").job_logs is False


@pytest.mark.parametrize(("changes", "parts"), [
    ({"modle": "none"}, ["no setting flight-delays:modle", "did you mean model?", "Pulumi.dev.yaml"]),
    ({"training": {"instance_typ": "ml.m5.large"}}, ["flight-delays:training.instance_typ", "mean instance_type?"]),
    ({"image": {"tga": "x", "tag": "y"}}, ["flight-delays:image.tga", "did you mean tag?"]),
    ({"image": None}, ["flight-delays:image is missing", "Pulumi.dev.yaml"]),
    ({"image": {}}, ["flight-delays:image.tag is missing"]),
    ({"endpoint": {"instance_count": "two"}}, ["flight-delays:endpoint.instance_count is 'two'", "integer"]),
    ({"endpoint": {"instance_count": 0}}, ["flight-delays:endpoint.instance_count is 0", "greater than or equal to 1"]),
    ({"training": {"instance_type": "m5.large"}}, ["flight-delays:training.instance_type is 'm5.large'", "ml"]),
    ({"model": {"version": 0}}, ["flight-delays:model", "model: {version: 1}"]),
    ({"model": 3}, ["flight-delays:model is 3", "model: {version: 1}"]),
    ({"model": {"vresion": 3}}, ["flight-delays:model", "version"]),
    ({"model": "latest-approved"}, ["latest-approved", "mlstead promote"]),
    ({"colour": "red"}, ["no setting flight-delays:colour", "settings here are: endpoint, foundation, image, model"]),
])
def test_a_wrong_setting_names_the_file_the_key_and_the_way_out(run, changes, parts):
    with pytest.raises(MlsteadError) as refused:
        load(run, **changes)
    assert isinstance(refused.value, pulumi.RunError)  # neither engine prints a traceback for one
    for part in parts:
        assert part in str(refused.value)
    assert "Pulumi.dev.yaml" in refused.value.where
    assert refused.value.fix


def test_two_mistakes_are_told_at_once(run):
    with pytest.raises(MlsteadError) as refused:
        load(run, modle="none", imgae="x")
    assert "flight-delays:modle" in str(refused.value)
    assert "flight-delays:imgae" in str(refused.value)


def test_settings_of_other_namespaces_are_left_alone(run):
    assert load(run, **{"pulumi:disable-default-providers": "[]"}).model_version is None


def test_a_stack_without_a_region_says_what_to_add(run):
    from mlstead import Context

    with pytest.raises(MlsteadError, match="aws:region"):
        run(Context.of_stack, config={"aws:region": None})


@pytest.mark.parametrize("name", ["Flight", "flight_delays", "a--b", "9lives", "a" * 33, ""])
def test_a_name_that_aws_would_refuse_later_is_refused_now(name):
    from mlstead import Context

    with pytest.raises(MlsteadError, match="hyphens"):
        Context(name, "dev", "eu-west-1", "123456789012")
