"""Settings side by side: prod is nowhere weaker, and where it were, that would show."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mlstead import BootstrapSettings, FoundationSettings, ProjectSettings
from mlstead.errors import MlsteadError
from mlstead.settings.strength import Strength
from mlstead_toolkit.settings.environments import read_environments
from mlstead_toolkit.settings.fields import setting_fields

STACKS = Path(__file__).parents[3] / "stacks"
MODELS = [FoundationSettings, ProjectSettings, BootstrapSettings]


@pytest.fixture
def stack(tmp_path):
    """Write a foundation's settings: stack(dev={...}, prod={...})."""
    def write(**environments):
        (tmp_path / "Pulumi.yaml").write_text("name: mlstead-foundation\nruntime: python\n")
        (tmp_path / "__main__.py").write_text("")
        for environment, settings in environments.items():
            config = {f"mlstead-foundation:{key}": value for key, value in settings.items()}
            file = tmp_path / f"Pulumi.{environment}.yaml"
            file.write_text(yaml.safe_dump({"config": {"aws:region": "eu-west-1"} | config}))
        return read_environments(tmp_path, FoundationSettings)

    return write


@pytest.mark.parametrize(("name", "model"), [("foundation", FoundationSettings), ("bootstrap", BootstrapSettings)])
def test_prod_of_our_own_stacks_is_nowhere_weaker(name, model):
    found = read_environments(STACKS / name, model)
    assert "prod" in found.environments
    assert list(found.weaker_production()) == []


def test_prod_of_a_project_is_nowhere_weaker(project_directory):
    found = read_environments(project_directory, ProjectSettings)
    assert list(found.environments) == ["local", "dev", "staging", "prod"]
    assert list(found.weaker_production()) == []


@pytest.mark.parametrize(("dev", "prod", "setting"), [
    ({}, {"log_retention_days": 30}, "log_retention_days"),
    ({"only_from_network": True}, {}, "only_from_network"),
    ({"network": {"zones": 3}}, {}, "network.zones"),
    ({}, {"network": {"flow_logs": {"weakened": "nobody asked for them here"}}}, "network.flow_logs"),
    ({"lake": {"raw_lock_days": 30}}, {}, "lake.raw_lock_days"),
    ({"lake": {"inventory": "Daily"}}, {}, "lake.inventory"),
])
def test_a_setting_by_which_prod_is_weaker_is_found(stack, dev, prod, setting):
    (found,) = stack(dev=dev, prod=prod).weaker_production()
    assert (found.setting, found.environment) == (setting, "dev")
    assert list(stack(dev=prod, prod=dev).weaker_production()) == []


def test_a_weakened_guard_is_found_with_its_reason(stack):
    (found,) = stack(local={"lake": {"protect": {"weakened": "thrown away every night"}}}, prod={}).weakened()
    assert (found.environment, found.setting, found.reason) == ("local", "lake.protect", "thrown away every night")


def test_lower_is_stronger_where_a_limit_is_meant():
    assert Strength.LOWER.weaker(100, 10) and not Strength.LOWER.weaker(10, 100)


def test_a_refused_setting_names_its_file(stack):
    with pytest.raises(MlsteadError) as refused:
        stack(dev={"lake": {"noncurent_days": 3}})
    assert refused.value.where.endswith("Pulumi.dev.yaml")


def test_what_is_sealed_stays_sealed_and_needs_no_passphrase(stack, tmp_path):
    stack(dev={})
    (tmp_path / "Pulumi.dev.yaml").write_text("secretsprovider: awskms://alias/x\nencryptedkey: AAAA\n"
                                              "config:\n  datadog:key: {secure: v1:AAAA:BBBB}\n")
    found = read_environments(tmp_path, FoundationSettings)
    assert found.foreign["dev"] == {"datadog:key": "[secret]"}


@pytest.mark.parametrize("model", MODELS)
def test_every_setting_says_what_it_means_which_way_is_stronger_and_what_the_other_costs(model):
    for field in setting_fields(model):
        assert field.meaning.endswith("."), field.name
        assert bool(field.cost) == (field.strength is not Strength.NEUTRAL), field.name
        assert not field.cost or field.cost.endswith("."), field.name


def strengths(model):
    for about in model.model_fields.values():
        if isinstance(about.annotation, type) and hasattr(about.annotation, "model_fields"):
            yield from strengths(about.annotation)
        else:
            yield sum(isinstance(entry, Strength) for entry in about.metadata)


@pytest.mark.parametrize("model", MODELS)
def test_every_setting_states_its_strength_once(model):
    assert set(strengths(model)) == {1}
