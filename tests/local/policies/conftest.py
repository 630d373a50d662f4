"""One machine with a project for the module that types commands."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlstead_toolkit.cloud import control

sys.path.insert(0, str(Path(__file__).parents[1]))

from machine import Machine, unused_port


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with a project that nobody has brought up."""
    folder = tmp_path_factory.mktemp("machine")
    made = Machine(folder / "home", unused_port(), folder)
    made.home.mkdir()
    made.succeed("new", "flight-delays", "--defaults", cwd=folder)
    yield made
    control.stop(made.home, made.port)
