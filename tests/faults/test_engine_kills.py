"""Runs that are killed, interrupted, or come two at a time: nothing is lost, nothing is made twice."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

RUN = Path(__file__).with_name("engine_run.py")
HEADER = '''
import pulumi
from pulumi import ResourceOptions as O
class Thing(pulumi.CustomResource):
    def __init__(self, name, props=None, opts=None):
        super().__init__("aws:x/thing:Thing", name, {"arn": None, **(props or {})}, opts)
'''
BEFORE = '''
a = Thing("a", {"size": 1, "secret": pulumi.Output.secret("never-in-clear")})
b = Thing("b", {"fixed": 1, "of": a.arn})
c = Thing("c", {"exclusive": 1, "of": a.arn})
d = Thing("d", {"of": b.arn})
Thing("e", {"of": d.arn})
'''
AFTER = '''
a = Thing("a", {"size": 2, "secret": pulumi.Output.secret("never-in-clear")})
b = Thing("b", {"fixed": 2, "of": a.arn})
c = Thing("c", {"exclusive": 2, "of": a.arn})
f = Thing("f", {"of": b.arn})
Thing("g", {"of": f.arn})
'''


class Place:
    """A home, a project and a cloud, all in one folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.home, self.project, self.cloud = root, root / "home", root / "project", root / "cloud"

    def write(self, program: str) -> None:
        for folder in (self.home, self.project, self.cloud):
            folder.mkdir(parents=True, exist_ok=True)
        (self.project / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
        (self.project / "__main__.py").write_text(HEADER + program)

    def start(self, fault: str = "") -> subprocess.Popen[str]:
        environment = {**os.environ, "PULUMI_CONFIG_PASSPHRASE": "x"}
        arguments = [sys.executable, str(RUN), str(self.home), str(self.project), str(self.cloud)]
        return subprocess.Popen(arguments + ([fault] if fault else []), env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, fault: str = "") -> tuple[int, list[dict[str, Any]], str]:
        process = self.start(fault)
        out, errors = process.communicate(timeout=60)
        told = [json.loads(line) for line in out.splitlines()]
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(told[0]["child"]).wait(timeout=10)  # raises where the child outlives the run
        return process.returncode, told, errors

    def things(self) -> dict[str, str]:
        """Logical name → id of everything that exists; two of a name are an error."""
        found: dict[str, str] = {}
        for file in self.cloud.glob("*.json"):
            name = json.loads(file.read_text())["urn"].rsplit("::", 1)[-1]
            assert name not in found, f"{name} exists twice"
            found[name] = file.stem
        return found

    def recorded(self) -> dict[str, str]:
        document = json.loads((self.home / ".pulumi/stacks/demo/local.json").read_text())
        latest = document["checkpoint"]["latest"]
        assert "pending_operations" not in latest
        return {item["urn"].rsplit("::", 1)[-1]: item["id"] for item in latest["resources"] if "Thing" in item["type"]}


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The place as it is after a first up."""
    place = Place(tmp_path_factory.mktemp("settled"))
    place.write(BEFORE)
    code, _, errors = place.run()
    assert code == 0, errors
    return place


def finish(place: Place, expected: str) -> dict[str, str]:
    code, told, errors = place.run()
    assert code == 0, errors
    assert set(place.things()) == set(expected)
    assert place.recorded() == place.things()
    assert told[-1]["second"] == {}
    assert not list((place.home / "journals").rglob("*.jsonl"))
    assert "never-in-clear" not in "".join(file.read_text() for file in place.home.rglob("*") if file.is_file())
    first: dict[str, str] = told[-1]["first"]
    return first


@pytest.mark.parametrize("fault", ["before create:1", "after create:1", "before create:3", "after create:4",
                                   "after create:5", "mid checkpoint:2", "mid checkpoint:3"])
def test_a_killed_first_up_is_finished_by_the_next(tmp_path: Path, fault: str) -> None:
    place = Place(tmp_path)
    place.write(BEFORE)
    code, _, _ = place.run(fault)
    assert code == -signal.SIGKILL
    finish(place, "abcde")


@pytest.mark.parametrize("fault", ["before update:1", "after update:1", "after create:1", "before create:2",
                                   "after create:3", "before delete:1", "after delete:1", "before delete:3",
                                   "after delete:4", "mid checkpoint:2", "mid checkpoint:3"])
def test_a_killed_change_is_finished_by_the_next_up(tmp_path: Path, settled: Place, fault: str) -> None:
    shutil.copytree(settled.root, tmp_path / "copy")
    place = Place(tmp_path / "copy")
    place.write(AFTER)
    code, _, _ = place.run(fault)
    assert code == -signal.SIGKILL
    finish(place, "abcfg")
    assert json.loads((place.cloud / f"{place.things()['a']}.json").read_text())["inputs"]["size"] == 2


def test_a_run_that_is_killed_again_and_again_still_gets_there(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(BEFORE)
    for fault in ("after create:2", "after create:1", "mid checkpoint:2", "before create:1"):
        assert place.run(fault)[0] == -signal.SIGKILL
    finish(place, "abcde")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Place, subprocess.Popen[str], int]]:
    """An up whose first creation is under way: the place, the process, and the id of its child."""
    place = Place(tmp_path)
    place.write(BEFORE)
    process = place.start("delay")
    assert process.stdout is not None
    child, started = 0, ""
    while started != "a":
        message = json.loads(process.stdout.readline())
        child, started = message.get("child", child), message.get("started", "")
    yield place, process, child
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_an_interrupt_finishes_what_runs_records_it_and_lets_go(
        running: tuple[Place, subprocess.Popen[str], int]) -> None:
    place, process, child = running
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) != 0
    assert set(place.things()) == {"a"}
    assert place.recorded() == place.things()
    assert not list((place.home / ".pulumi/locks").rglob("*.json"))
    assert not psutil.pid_exists(child)
    finish(place, "abcde")


def test_the_child_ends_with_a_killed_run(running: tuple[Place, subprocess.Popen[str], int]) -> None:
    _, process, child = running
    observed = psutil.Process(child)
    process.kill()
    observed.wait(timeout=10)


def test_of_two_runs_at_once_one_is_told_who_holds_the_stack(running: tuple[Place, subprocess.Popen[str], int]) -> None:
    place, process, _ = running
    code, _, errors = place.run()
    assert code != 0
    assert "StackLocked" in errors and f"process {process.pid}" in errors
    assert set(place.things()) <= {"a"}
