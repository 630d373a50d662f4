"""One account for all of these tests: bootstrap with its CI, foundation, project; nothing here changes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from account import bring_up_bootstrap
from machine import Machine
from shared_machine import shared_machine


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Machine]:
    """A machine whose account has all three layers, with a second project beside the first."""
    with shared_machine(tmp_path_factory, worker_id, "access", bring_up_bootstrap) as machine:
        yield machine
