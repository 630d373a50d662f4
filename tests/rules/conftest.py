"""The examples of every theme."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from stack_builder import Example

from mlstead_toolkit.policies.catalogue import RULES

NO_THEMES = {"bad_machine_learning", "bad_surroundings", "conftest", "stack_builder"}


def examples() -> dict[str, Example]:
    """Give every example by the id of its rule; those of a theme stand in the file named like it."""
    found: dict[str, Example] = {}
    for file in sorted(Path(__file__).parent.glob("*.py")):
        if file.stem not in NO_THEMES and not file.stem.startswith("test_"):
            # Not by its name alone: other tests have an `events` or a `lake_formation` of their own.
            spec = importlib.util.spec_from_file_location(f"rule_examples_{file.stem}", file)
            assert spec and spec.loader
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found |= module.EXAMPLES
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `rule` once for each."""
    if "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", RULES, ids=[rule.id for rule in RULES])


@pytest.fixture(scope="session")
def all_examples() -> dict[str, Example]:
    """The examples by rule."""
    return examples()
