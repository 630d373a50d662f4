"""What is typed: a broken rule ends a preview with 1 and lets `up` make nothing; what is found is told to all alike."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from machine import Machine

from mlstead_toolkit.policies.catalogue import RULES

TOMORROW = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
YESTERDAY = TOMORROW - datetime.timedelta(days=2)
BAD = """
import pulumi_aws

pulumi_aws.ecr.Repository("careless", name="careless", image_tag_mutability="MUTABLE", tags=context.tags("careless"))
"""
EXCEPTION = """
[[exception]]
rule = "{rule}"
resource = "careless"
reason = "it is gone with the demonstration"
owner = "ml@example.com"
expires = {expires}
"""
BROKEN = {"ecr-customer-key", "ecr-scan-on-push", "ecr-tags-immutable"}
Agree = Callable[[datetime.date, set[str]], None]


@pytest.fixture
def careless(machine: Machine) -> Iterator[Machine]:
    """A project with a repository that breaks three mandatory rules."""
    program = machine.project / "infra/__main__.py"
    before = program.read_text()
    program.write_text(before + BAD)
    yield machine
    program.write_text(before)


@pytest.fixture
def agree(machine: Machine) -> Iterator[Agree]:
    """Write an exception for each of some rules; what was there comes back afterwards."""
    file = machine.project / "policy-exceptions.toml"
    before = file.read_text()

    def do(expires: datetime.date, rules: set[str]) -> None:
        file.write_text("".join(EXCEPTION.format(rule=rule, expires=expires) for rule in sorted(rules)))

    yield do
    file.write_text(before)


def on_careless(said: Any, verdict: str, level: str = "mandatory") -> set[str]:
    return {one["rule"] for one in said["policies"]["findings"]
            if one["resource"] == "careless" and (one["verdict"], one["level"]) == (verdict, level)}


def test_a_project_as_it_is_scaffolded_breaks_nothing_and_excepts_nothing(machine: Machine) -> None:
    checked = machine.succeed("policies", "check", "local").out
    assert "Nothing stops a deployment." in checked and "not decided" in checked
    assert "violated" not in checked and "advise" not in checked and "xceptions" not in checked


def test_a_broken_rule_is_told_with_its_fix_to_all_alike_and_nothing_is_made(careless: Machine) -> None:
    before = careless.snapshot()
    refused = careless.refuse("preview", "local")
    assert "flight-delays: ecr-tags-immutable, careless: imageTagMutability is MUTABLE" in refused.out
    assert 'fix: Set image_tag_mutability="IMMUTABLE".' in refused.out and "\x1b[" not in refused.out
    assert refused.out.index("Policies violated") < refused.out.index("Policies advise otherwise")
    assert "3 mandatory rules are broken; nothing was changed." in refused.err and "careless" in refused.err
    assert "3 mandatory rules are broken" in careless.refuse("policies", "check", "local").err
    script = careless.run("up", "local", "--json")
    assert script.code == 1 and on_careless(script.json, "violated") == BROKEN
    assert on_careless(script.json, "violated", "advisory") == {"ecr-lifecycle-policy"}
    assert careless.snapshot() == before


def test_what_was_agreed_is_made_and_listed_until_the_exception_has_expired(careless: Machine, agree: Agree) -> None:
    agree(TOMORROW, BROKEN)
    previewed = careless.succeed("preview", "local").out
    assert f"ecr-scan-on-push, careless: it is gone with the demonstration (ml@example.com, until {TOMORROW})" in (
        previewed)
    made = careless.succeed("up", "local", "--json").json
    assert on_careless(made, "excepted") == BROKEN
    assert not [one for one in made["policies"]["findings"] if one["verdict"] == "not decided"]
    assert careless.client("ecr").describe_repositories(repositoryNames=["careless"])

    agree(YESTERDAY, BROKEN)
    refused = careless.refuse("up", "local")
    assert "3 mandatory rules are broken and 3 exceptions in policy-exceptions.toml expired" in refused.err
    assert "Exceptions that have expired:" in refused.out and f"until {YESTERDAY}" in refused.out


def test_an_exception_that_excuses_nothing_is_told_and_one_that_has_expired_stops_all_the_same(
    machine: Machine, agree: Agree
) -> None:
    agree(TOMORROW, {"ecr-tags-immutable"})
    assert "Exceptions that excuse nothing:" in machine.succeed("preview", "local").out
    agree(YESTERDAY, {"ecr-tags-immutable"})
    assert "error: 1 exception in policy-exceptions.toml expired" in machine.refuse("preview", "local").err


def test_the_rules_are_listed_and_each_is_told(machine: Machine) -> None:
    listed = machine.succeed("policies", "list").out
    assert all(rule.id in listed for rule in RULES)
    assert {one["id"] for one in machine.succeed("policies", "list", "--json").json} == {rule.id for rule in RULES}
    shown = machine.succeed("policies", "show", "ecr-tags-immutable").out
    assert "mandatory" in shown and "FSBP ECR.2" in shown and "IMMUTABLE" in shown
    assert "did you mean 'ecr-tags-immutable'" in machine.refuse("policies", "show", "ecr-tag-immutable").err


def test_the_folder_for_pulumi_is_one_that_runs_with_this_interpreter(machine: Machine) -> None:
    import sys
    from pathlib import Path

    import yaml

    folder = Path(machine.succeed("policies", "path").out.strip())
    assert (folder / "__main__.py").is_file()
    described = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text())
    assert described["runtime"] == {"name": "python", "options": {"virtualenv": sys.prefix}}
