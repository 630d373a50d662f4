"""One project for all of these tests, with a table of their own beside the example's; each test has its own batches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import orders
from lake import DataLake
from machine import Machine
from shared_machine import shared_machine


def describe_orders(machine: Machine) -> None:
    for file, more in (("tables.toml", orders.TABLES), ("gates.toml", orders.RULES)):
        path = machine.project / file
        path.write_text(path.read_text() + more)


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[DataLake]:
    """The deployed project flight-delays with the table orders; nothing has come in but what tests deliver."""
    with shared_machine(tmp_path_factory, worker_id, "data", describe_orders) as machine:
        yield DataLake(machine)
