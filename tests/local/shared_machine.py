"""One deployed project for all tests of a folder; workers of one run share it."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from machine import Machine, unused_port

from mlstead_toolkit.cloud import control


@contextmanager
def shared_machine(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str,
    prepare: Callable[[Machine], None] = lambda _: None,
) -> Iterator[Machine]:
    """Give a machine with flight-delays up: the first worker brings it up, the last stops its cloud.

    Args:
        tmp_path_factory: pytest's.
        worker_id: xdist's.
        name: the folder's.
        prepare: what is done to the project before it is up.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / name
    folder.mkdir(exist_ok=True)
    users = folder / "users.json"
    with _alone(folder):
        if users.exists():
            shared = json.loads(users.read_text())
            machine = Machine(folder / "home", shared["port"], folder)
        else:
            machine = Machine(folder / "home", unused_port(), folder)
            _bring_up(machine, prepare)
            shared = {"port": machine.port, "workers": 0}
        users.write_text(json.dumps(shared | {"workers": shared["workers"] + 1}))
    yield machine
    with _alone(folder):
        left = json.loads(users.read_text())["workers"] - 1
        users.write_text(json.dumps(shared | {"workers": left}))
        if not left:
            control.stop(machine.home, machine.port)
            users.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _bring_up(machine: Machine, prepare: Callable[[Machine], None]) -> None:
    machine.home.mkdir(exist_ok=True)
    try:
        machine.succeed("new", "flight-delays", "--defaults", cwd=machine.folder)
        prepare(machine)
        machine.succeed("up", "local")
    except BaseException:
        control.stop(machine.home, machine.port)
        shutil.rmtree(machine.project, ignore_errors=True)
        raise
