"""Secrets: sealed in state and journal, masked in plans and messages, in clear for the provider alone."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from engine_lab import Lab, operations, step

from mlstead_toolkit.engine import (
    UNKNOWN,
    ConfigurationError,
    DeploymentFailed,
    Diagnostic,
    PassphraseError,
    stack_outputs,
)
from mlstead_toolkit.engine.secrets import Crypter

SECRET = "hunter22-in-the-clear"
PROGRAM = f'''
a = Thing("a", {{"password": pulumi.Output.secret("{SECRET}"), "deep": {{"x": [pulumi.Output.secret("{SECRET}")]}}}})
pulumi.export("password", a.password if hasattr(a, "password") else pulumi.Output.secret("{SECRET}"))
'''


def everything(lab: Lab) -> str:
    files = [file.read_text() for file in lab.home.rglob("*") if file.is_file()]
    return "\n".join([*files, repr(lab.events)])


def test_the_provider_receives_a_secret_in_clear_and_nobody_else_does(lab: Lab) -> None:
    plan = lab.up(PROGRAM)
    assert lab.cloud.received["a"]["password"] == SECRET
    assert step(plan, "a").inputs["password"] == "[secret]"
    assert plan.outputs == {"password": "[secret]"}
    assert SECRET not in everything(lab) + repr(plan)


def test_outputs_of_the_same_name_are_secret_too(lab: Lab) -> None:
    lab.up(PROGRAM)
    assert lab.resource("a")["outputs"]["password"].keys() == {"4dabf18193072939515e22adb298388d", "ciphertext"}
    assert SECRET not in json.dumps(lab.resource("a"))


def test_additional_secret_outputs_and_those_the_provider_names_are_secret(lab: Lab) -> None:
    lab.cloud.secret = ("arn",)
    lab.up('Thing("a", {"size": 1}, O(additional_secret_outputs=["size"]))')
    outputs = lab.resource("a")["outputs"]
    assert "ciphertext" in outputs["size"] and "ciphertext" in outputs["arn"]
    assert isinstance(outputs["name"], str)


def test_secrets_survive_a_second_run_unchanged(lab: Lab) -> None:
    lab.up(PROGRAM)
    before = lab.state_file.read_bytes()
    assert lab.up().changes == []
    assert lab.state_file.read_bytes() == before


def test_a_changed_secret_is_an_update_whose_values_are_masked(lab: Lab) -> None:
    lab.up(PROGRAM)
    plan = lab.up(PROGRAM.replace(SECRET, "another-secret-value"))
    assert operations(plan) == {"a": "update"}
    assert {change.path for change in step(plan, "a").changes} >= {"password"}
    assert SECRET not in repr(plan) and "another-secret-value" not in repr(plan) + everything(lab)


def test_a_value_that_becomes_secret_is_masked_on_both_sides(lab: Lab) -> None:
    lab.up('Thing("a", {"password": "was-in-clear"})')
    plan = lab.up('Thing("a", {"password": pulumi.Output.secret("now-it-is-not")})')
    assert step(plan, "a").changes[0].before == "[secret]"
    assert "was-in-clear" not in repr(plan)


def test_a_secret_is_taken_out_of_what_the_program_prints_and_of_errors(lab: Lab) -> None:
    lab.cloud.refuse, lab.cloud.complaint = {("create", "b")}, f" with {SECRET}"
    with pytest.raises(DeploymentFailed) as caught:
        lab.up(PROGRAM + f'print("it is", "{SECRET}")\nThing("b", opts=O(depends_on=[a]))')
    assert SECRET not in str(caught.value)
    assert "[secret]" in str(caught.value)
    assert SECRET not in repr([event for event in lab.events if not isinstance(event, Diagnostic)])


def test_outputs_are_masked_unless_asked_for_in_clear(lab: Lab) -> None:
    lab.up(PROGRAM)
    assert stack_outputs(lab.home, "demo", "local") == {"password": "[secret]"}
    assert stack_outputs(lab.home, "demo", "local", show_secrets=True) == {"password": SECRET}


def test_another_passphrase_is_refused_before_anything_happens(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.up(PROGRAM)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "wrong")
    with pytest.raises(PassphraseError, match="PULUMI_CONFIG_PASSPHRASE"):
        lab.up()
    assert lab.cloud.calls == []


def test_without_a_passphrase_the_home_keeps_one_that_only_its_owner_reads(
        lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    lab.up(PROGRAM)
    kept = lab.home / "passphrase"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(kept.read_text()) >= 32
    assert lab.up().changes == []


def test_an_empty_passphrase_file_seals_nothing(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    (lab.home / "passphrase").touch(mode=0o600)
    with pytest.raises((PassphraseError, DeploymentFailed), match="passphrase file is empty"):
        lab.up(PROGRAM)


def test_nothing_secret_means_no_salt_and_no_passphrase(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    lab.up('Thing("a")')
    assert not (lab.home / "passphrase").exists()
    assert "secrets_providers" not in lab.state_file.read_text()


def test_secure_settings_reach_the_program_as_secrets(lab: Lab) -> None:
    crypter = Crypter(lab.home)
    sealed = crypter.encrypt(SECRET)
    settings = f"encryptionsalt: {crypter.salt}\nconfig:\n  demo:key:\n    secure: {sealed}\n"
    lab.write('Thing("a", {"key": pulumi.Config().require_secret("key")})\nprint(pulumi.Config().require("key"))',
              settings=settings)
    plan = lab.up()
    assert lab.cloud.received["a"]["key"] == SECRET
    assert SECRET not in repr(plan) + repr(lab.events) + lab.state_file.read_text()


def test_a_salt_of_another_machine_in_the_settings_is_not_taken_for_ours(lab: Lab, tmp_path: Path,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "a colleague's")
    foreign = Crypter(tmp_path)
    foreign.key()
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    lab.write(f'Thing("a", {{"key": pulumi.Output.secret("{SECRET}")}})',
              settings=f"config: {{aws:region: eu-west-1}}\nencryptionsalt: {foreign.salt}\n")
    lab.up()
    assert foreign.salt not in lab.state_file.read_text()
    assert lab.up().changes == []


def test_a_secure_setting_without_a_salt_is_an_error_that_names_the_key(lab: Lab) -> None:
    lab.write("", settings="config:\n  demo:key:\n    secure: v1:AAAA:BBBB\n")
    with pytest.raises(ConfigurationError, match="demo:key"):
        lab.preview()


def test_an_unknown_secret_is_unknown_in_a_preview_and_secret_afterwards(lab: Lab) -> None:
    program = 'a = Thing("a")\nThing("b", {"s": pulumi.Output.secret(a.arn)})'
    assert step(lab.preview(program), "b").inputs["s"] in ("[secret]", UNKNOWN)
    lab.up()
    assert "ciphertext" in lab.resource("b")["inputs"]["s"]
