"""One foundation with one project for all of these tests, on a local cloud of their own; nothing here changes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from deployed import Deployed
from shared_machine import shared_machine


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promise(*types): what of the deployed states the test holds to its promise")


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Deployed]:
    """The deployed foundation and project flight-delays, read with boto3."""
    with shared_machine(tmp_path_factory, worker_id, "promises") as machine:
        yield Deployed(machine)
