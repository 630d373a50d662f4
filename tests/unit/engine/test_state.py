"""The state: Pulumi's own format, journalled, locked, and told apart from a damaged one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from engine_lab import Lab, operations

from mlstead_toolkit.engine import DeploymentFailed, StackLocked, StateError, stack_exists

PROGRAM = """
a = Thing("a", {"fixed": 1, "s": pulumi.Output.secret("very-secret")})
g = Group("g")
Thing("b", {"of": a.arn}, O(parent=g, protect=True, custom_timeouts=pulumi.CustomTimeouts(create="1m")))
pulumi.export("arn", a.arn)
"""


def test_everything_in_the_state_comes_after_what_it_refers_to(lab: Lab) -> None:
    lab.up(PROGRAM)
    lab.up(PROGRAM.replace('"fixed": 1', '"fixed": 2'))
    seen: set[str] = set()
    for item in lab.resources():
        references = [item.get("parent"), *item.get("dependencies", []), item.get("provider", "").rpartition("::")[0]]
        assert {name for name in references if name} <= seen
        seen.add(item["urn"])


def test_the_state_before_is_kept_as_a_backup(lab: Lab) -> None:
    lab.up('Thing("a", {"size": 1})')
    before = lab.state_file.read_bytes()
    lab.up('Thing("a", {"size": 2})')
    assert lab.state_file.with_name("local.json.bak").read_bytes() == before


@pytest.mark.parametrize("damage", [
    "", '{"version": 3, "checkpoint":', "[]", '{"version": 9, "checkpoint": {}}',
    '{"version": 3, "checkpoint": {"stack": "demo", "lates": {"resources": []}}}',
    '{"version": 3, "checkpoint": {"latest": {"manifest": {}, "resource": []}}}',
])
def test_a_damaged_state_is_an_error_that_names_the_backup_and_loses_nothing(lab: Lab, damage: str) -> None:
    lab.up('Thing("a", {"size": 1})')
    lab.up('Thing("a", {"size": 2})')
    lab.state_file.write_text(damage)
    with pytest.raises(StateError, match=r"local\.json\.bak"):
        lab.up()
    assert lab.cloud.calls == []
    assert lab.state_file.read_text() == damage
    assert lab.state_file.with_name("local.json.bak").exists()


def test_a_stack_that_another_process_changes_is_locked_and_the_holder_named(lab: Lab) -> None:
    lab.write('Thing("a")')
    holder = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        lock = lab.home / ".pulumi" / "locks" / "organization" / "demo" / "local" / "someone.json"
        lock.parent.mkdir(parents=True)
        lock.write_text(json.dumps({"pid": holder.pid, "username": "eve", "hostname": socket.gethostname(),
                                    "timestamp": "2999-01-01T00:00:00Z"}))
        with pytest.raises(StackLocked, match=rf"eve@.*process {holder.pid}"):
            lab.up()
        assert lab.cloud.calls == []
    finally:
        holder.communicate(b"\n")
    lab.up()  # its process is gone: the lock is taken over
    assert not list(lock.parent.iterdir())


def test_a_lock_of_another_machine_is_respected(lab: Lab) -> None:
    lock = lab.home / ".pulumi" / "locks" / "organization" / "demo" / "local" / "someone.json"
    lock.parent.mkdir(parents=True)
    lock.write_text(json.dumps({"pid": 1, "username": "eve", "hostname": "elsewhere",
                                "timestamp": "2020-01-01T00:00:00Z"}))
    with pytest.raises(StackLocked, match="elsewhere"):
        lab.up('Thing("a")')


def test_the_lock_is_released_after_a_failure(lab: Lab) -> None:
    lab.cloud.refuse = {("create", "a")}
    with pytest.raises(DeploymentFailed):
        lab.up('Thing("a")')
    assert not list((lab.home / ".pulumi" / "locks").rglob("*.json"))


def test_a_state_that_cannot_be_written_is_an_error_and_the_journal_keeps_what_was_done(
        lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlstead_toolkit.engine import stack_store

    replace_file = stack_store.replace_file

    def full(file: Path, content: bytes, **options: object) -> None:
        if file == lab.state_file:
            raise OSError(28, "No space left on device")
        replace_file(file, content, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(stack_store, "replace_file", full)
    with pytest.raises(StateError, match="No space left"):
        lab.up('Thing("a")')
    monkeypatch.undo()
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    assert operations(lab.up()) == {"a": "same"}
    assert len(lab.cloud.things) == 1


def test_a_journal_line_that_finds_no_room_is_not_left_half_written(
        lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlstead_toolkit.engine import journal

    write_all, written = journal._write_all, []

    def full(descriptor: int, data: bytes) -> None:
        written.append(data)
        if len(written) == 2:
            write_all(descriptor, data[:10])
            raise OSError(28, "No space left on device")
        write_all(descriptor, data)

    monkeypatch.setattr(journal, "_write_all", full)
    with pytest.raises((StateError, DeploymentFailed), match="No space left"):
        lab.up('Thing("a")')
    assert len(written) >= 2
    monkeypatch.undo()
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    lab.up()
    assert len(lab.cloud.things) == 1


def test_a_damaged_journal_is_an_error_that_names_it(lab: Lab) -> None:
    lab.up('Thing("a")')
    lab.journal_file.parent.mkdir(parents=True, exist_ok=True)
    lab.journal_file.write_text('{"base": "0"}\n{"put": {"ur{"put": 1}\n')
    with pytest.raises(StateError, match="journal of a killed run is damaged"):
        lab.up()


def test_a_journal_that_does_not_belong_to_the_state_is_not_applied(lab: Lab) -> None:
    lab.up('Thing("a")')
    lab.journal_file.parent.mkdir(parents=True, exist_ok=True)
    lab.journal_file.write_text(json.dumps({"base": "0" * 64}) + "\n" + json.dumps({"drop": [0, 1, 2]}) + "\n")
    with pytest.raises(StateError, match=r"local\.jsonl"):
        lab.up()


def test_a_stack_exists_while_it_has_resources(lab: Lab) -> None:
    assert not stack_exists(lab.home, "demo", "local")
    lab.up('Thing("a")')
    assert stack_exists(lab.home, "demo", "local")
    lab.destroy()
    assert not stack_exists(lab.home, "demo", "local")


def test_members_of_the_state_that_this_engine_does_not_know_are_kept(lab: Lab) -> None:
    lab.up('Thing("a")\nThing("b")')
    document = json.loads(lab.state_file.read_text())
    for item in document["checkpoint"]["latest"]["resources"]:
        item["somethingNew"] = {"x": 1}
    lab.state_file.write_text(json.dumps(document))
    lab.cloud.refuse = {("create", "c")}
    with pytest.raises(DeploymentFailed):
        lab.up('c = Thing("c")\nThing("a", {"of": c.arn})')
    assert lab.resource("b")["somethingNew"] == {"x": 1}


def test_the_state_names_places_and_dependencies_as_pulumi_does(lab: Lab) -> None:
    lab.up('a = Thing("a", {"size": 1})\nThing("b", {"of": a.arn})')
    urn = lab.resource("a")["urn"]
    assert lab.resource("a")["sourcePosition"].startswith("project:///__main__.py#")
    assert lab.resource("a")["propertyDependencies"] == {"size": []}
    assert lab.resource("b")["propertyDependencies"] == {"of": [urn]}
