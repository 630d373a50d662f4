"""No type is left without a life of its own."""

from __future__ import annotations

from pathlib import Path

from mlstead_toolkit.aws.registry import resource_types


def test_every_type_has_an_example() -> None:
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))

    assert [token for token in resource_types() if f'"{token}"' not in text] == []
