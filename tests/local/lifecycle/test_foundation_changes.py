"""A change of the foundation under a project that stands: only what depends on it changes, and nothing is replaced."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.cli.local_place import LocalPlace
from mlstead_toolkit.engine import Session, StackSource

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def deployed(scaffolded):
    scaffolded.succeed("up", "local")
    return scaffolded


def session(machine, **settings):
    told = {f"mlstead-foundation:{name}": value for name, value in settings.items()}
    sources = [StackSource(stack_directory("foundation"), "local", Path(sys.executable), told),
               StackSource(machine.project / "infra", "local", machine.project / ".venv/bin/python")]
    place = LocalPlace(machine.home, machine.port)
    return Session(sources, home=machine.home, provider=place.provider("flight-delays"))


def changed(plans):
    return {(step.operation.value, step.type.rpartition(":")[2]) for plan in plans for step in plan.changes
            if step.custom and plan.project == "flight-delays"}


def test_a_third_zone_moves_nothing_of_a_project(deployed):
    with session(deployed, network='{"zones": 3}') as engine:
        planned = engine.preview()
        assert not {"replace", "delete"} & {step.operation.value for plan in planned for step in plan.changes}
        assert changed(planned) <= {("update", "RolePolicy")}
        engine.up()
    with session(deployed, network='{"zones": 3}') as engine:
        assert not any(plan.changes for plan in engine.preview())
    with session(deployed) as engine:
        assert not [plan for plan in engine.up() for step in plan.changes if step.operation.value == "replace"]


def test_raw_is_locked_and_opened_with_data_in_it_and_destroyed_with_what_is_locked(deployed):
    s3 = deployed.client("s3")
    (raw,) = (one["Name"] for one in s3.list_buckets()["Buckets"] if "raw" in one["Name"])

    def locked(key):
        s3.put_object(Bucket=raw, Key=f"flight-delays/{key}", Body=b"x")
        return s3.head_object(Bucket=raw, Key=f"flight-delays/{key}").get("ObjectLockMode")

    assert locked("before") is None
    for days in (30, 3):
        with session(deployed, lake=f'{{"raw_lock_days": {days}}}') as engine:
            assert not [plan for plan in engine.up() for step in plan.changes if step.operation.value == "replace"]
        assert locked("held") == "GOVERNANCE"
    with session(deployed) as engine:
        engine.up()
    assert locked("after") is None
    deployed.succeed("destroy", "local", "--yes")
    assert not s3.list_buckets()["Buckets"]
