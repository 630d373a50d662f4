"""The engine's fixtures: a laboratory, and the interpreter that all tests share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from engine_lab import Lab

from mlstead_toolkit.engine import secrets
from mlstead_toolkit.engine.program import Program


@pytest.fixture(scope="session")
def shared_program() -> Iterator[Callable[[], Program]]:
    """One child interpreter for all tests, started when first needed and again should a test have ended it."""
    running: list[Program] = []

    def get() -> Program:
        if not running or not running[-1].alive:
            running.append(Program(Path(sys.executable)))
        return running[-1]

    yield get
    for program in running:
        program.close()


@pytest.fixture
def lab(tmp_path: Path, shared_program: Callable[[], Program], monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A fresh laboratory; secrets are sealed with a passphrase of its own."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    monkeypatch.setattr(secrets, "_ITERATIONS", 1000)  # a key takes a third of a second otherwise
    return Lab(tmp_path, shared_program)
