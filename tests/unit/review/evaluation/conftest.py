"""Interpreters that all tests here share: starting two costs seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from evaluation_lab import Lab

from mlstead_toolkit.review.evaluations import Evaluations


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluations]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLSTEAD_HOME", str(tmp_path_factory.mktemp("review-home")))
        evaluations = Evaluations()
    with evaluations:
        yield evaluations


@pytest.fixture
def lab(tmp_path: Path, shared: Evaluations, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("MLSTEAD_HOME", str(tmp_path / "home"))
    return Lab(tmp_path, shared)
