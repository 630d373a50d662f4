"""The table of deliberately bad resources: each trips the rule that it should, and no other."""

from __future__ import annotations

import bad_machine_learning
import bad_surroundings
import pytest
from stack_builder import Mistake, stack

from mlstead_toolkit.policies.evaluation import evaluate
from mlstead_toolkit.policies.finding import Verdict

TABLE: list[Mistake] = [*bad_machine_learning.MISTAKES, *bad_surroundings.MISTAKES]


@pytest.mark.parametrize("mistake", TABLE, ids=[mistake.what for mistake in TABLE])
def test_a_bad_resource_trips_exactly_its_rule(mistake: Mistake) -> None:
    found = evaluate(stack(mistake.made))
    assert {(one.rule.id, one.verdict) for one in found} == {(mistake.rule, Verdict.VIOLATED)}
