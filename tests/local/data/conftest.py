"""One project for all of these tests, with a table of their own beside the example's; each test has its own batches.

Workers of one run share it: the first brings it up, the last stops its cloud.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlstead_toolkit.cloud import control

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import orders
from lake import DataLake
from machine import Machine, unused_port


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def bring_up(machine: Machine) -> None:
    machine.home.mkdir(exist_ok=True)
    try:
        machine.succeed("new", "flight-delays", "--defaults", cwd=machine.folder)
        for file, more in (("tables.toml", orders.TABLES), ("gates.toml", orders.RULES)):
            path = machine.project / file
            path.write_text(path.read_text() + more)
        machine.succeed("up", "local")
    except BaseException:
        control.stop(machine.home, machine.port)
        shutil.rmtree(machine.project, ignore_errors=True)
        raise


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[DataLake]:
    """The deployed project flight-delays with the table orders; nothing has come in but what tests deliver."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "data"
    folder.mkdir(exist_ok=True)
    users = folder / "users.json"
    with alone(folder):
        if users.exists():
            shared = json.loads(users.read_text())
            machine = Machine(folder / "home", shared["port"], folder)
        else:
            machine = Machine(folder / "home", unused_port(), folder)
            bring_up(machine)
            shared = {"port": machine.port, "workers": 0}
        users.write_text(json.dumps(shared | {"workers": shared["workers"] + 1}))
    yield DataLake(machine)
    with alone(folder):
        left = json.loads(users.read_text())["workers"] - 1
        users.write_text(json.dumps(shared | {"workers": left}))
        if not left:
            control.stop(machine.home, machine.port)
            users.unlink()
