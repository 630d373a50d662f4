"""Our own controls are numbered in one place, and every one is held by a rule."""

from __future__ import annotations

from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.own_controls import MEANINGS


def test_every_control_of_our_own_has_a_meaning_and_a_rule() -> None:
    asked_for = {control for rule in RULES for control in rule.controls if control.startswith("mlstead ")}
    assert asked_for == set(MEANINGS)


def test_controls_are_numbered_without_a_gap() -> None:
    assert list(MEANINGS) == [f"mlstead ML.{number}" for number in range(1, len(MEANINGS) + 1)]
