"""What tests of commands share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from data_records import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake in folders, with nothing in it."""
    return Lake.below(tmp_path / "lake")
