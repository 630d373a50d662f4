"""One machine of its own for each module."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.cloud import control

sys.path.insert(0, str(Path(__file__).parents[1]))

from machine import Machine, unused_port


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine on which nothing has been done yet."""
    folder = tmp_path_factory.mktemp("machine")
    made = Machine(folder / "home", unused_port(), folder)
    made.home.mkdir()
    yield made
    control.stop(made.home, made.port)


@pytest.fixture(scope="module")
def scaffolded(machine: Machine) -> Machine:
    """A machine with a project on it."""
    machine.succeed("new", "flight-delays", "--defaults", cwd=machine.folder)
    return machine


Differences = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


@pytest.fixture(scope="session")
def differences() -> Differences:
    """Compare two snapshots: what differs, by call."""
    def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
        return {name: (before.get(name), after.get(name)) for name in {*before, *after}
                if before.get(name) != after.get(name)}

    return compare
