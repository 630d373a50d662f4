"""Drift apart from what is not deployed, by either engine's plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlstead_toolkit.engine.plan import Operation, PropertyChange, StackPlan, Step
from mlstead_toolkit.review.cloud.drift import drift_of_plan, drift_of_pulumi
from mlstead_toolkit.review.cloud.pulumi_plan import PulumiPlan, read_plan
from mlstead_toolkit.review.report import Difference

RECORDED = Path(__file__).parent / "recorded"
TYPE = "aws:sns/topic:Topic"


def recorded(name: str) -> PulumiPlan:
    return read_plan((RECORDED / f"{name}.json").read_text(), project="tried", environment="local", where=name)


def step(operation: Operation, name: str, *changes: tuple[str, object, object]) -> Step:
    return Step(operation, f"urn:pulumi:local::tried::{TYPE}::{name}", TYPE, name, changes=tuple(
        PropertyChange(path, "update", before, after) for path, before, after in changes))


def test_pulumi_s_two_plans_part_drift_from_what_is_not_deployed() -> None:
    found = drift_of_pulumi(recorded("drifted"), recorded("planned-after-refresh"))
    assert found.summary == "3 drifted, 5 not deployed"
    assert [change.name for change in found.drift] == ["kept", "gone", "secret"]
    assert {change.name for change in found.changes} == {"bucket", "first", "log", "pair-topic", "second"}


def test_without_drift_and_with_everything_deployed_there_is_none() -> None:
    found = drift_of_pulumi(recorded("nothing"), recorded("nothing"))
    assert (found.summary, found.drift, found.changes) == ("no drift", (), ())


@pytest.mark.parametrize(("steps", "drift", "changes"), [
    ([step(Operation.REFRESH, "a", ("size", 1, 9), ("changed", "then", "now")),
      step(Operation.UPDATE, "a", ("size", 9, 1))], [("a", Operation.UPDATE)], []),
    ([step(Operation.REFRESH, "a", ("changed", "then", "now")), step(Operation.SAME, "a")], [], []),
    ([step(Operation.REFRESH, "a", ("changed", "then", "now")), step(Operation.UPDATE, "a", ("size", 1, 2))],
     [], [("a", Operation.UPDATE)]),
    ([step(Operation.REFRESH, "a", ("gone", "id", None)), step(Operation.CREATE, "a")], [("a", Operation.DELETE)], []),
    ([step(Operation.CREATE, "b"), step(Operation.DELETE, "c")], [],
     [("b", Operation.CREATE), ("c", Operation.DELETE)]),
], ids=["changed by hand", "AWS's own", "AWS's own beside the code's", "gone", "not deployed"])
def test_the_embedded_engine_s_plan_does(steps: list[Step], drift: object, changes: object) -> None:
    found = drift_of_plan(StackPlan("tried", "local", steps))
    assert [(change.name, change.operation) for change in found.drift] == drift
    assert [(change.name, change.operation) for change in found.changes] == changes


def test_of_drift_only_the_properties_are_told_that_the_code_would_put_back() -> None:
    steps = [step(Operation.REFRESH, "a", ("size", 1, 9), ("changed", "then", "now")),
             step(Operation.UPDATE, "a", ("size", 9, 1))]
    (change,) = drift_of_plan(StackPlan("tried", "local", steps)).drift
    assert change.differences == (Difference("size", "1", "9"),)
