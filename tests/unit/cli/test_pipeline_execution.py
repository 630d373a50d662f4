"""Overrides are checked against the pipeline before anything starts; an execution is followed until it ends."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli import pipeline_execution
from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.pipeline_execution import checked_parameters, follow, read
from mlstead_toolkit.project import Project

DEFINITION = json.dumps({"Parameters": [
    {"Name": "HoldoutMonth", "Type": "String", "DefaultValue": "3"},
    {"Name": "MinimumAuc", "Type": "Float", "DefaultValue": 0.6},
    {"Name": "Iterations", "Type": "Integer", "DefaultValue": 150},
    {"Name": "Size", "Type": "String", "DefaultValue": "small", "EnumValues": ["small", "large"]},
]})
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/e1"
BEGUN = datetime(2026, 1, 1)


def test_an_override_goes_through_as_text() -> None:
    assert checked_parameters(DEFINITION, ["HoldoutMonth=4", "MinimumAuc=.7"]) == [
        {"Name": "HoldoutMonth", "Value": "4"}, {"Name": "MinimumAuc", "Value": ".7"}]


@pytest.mark.parametrize(("given", "says"), [
    ("HoldoutMonht=4", "did you mean 'HoldoutMonth'"),
    ("HoldoutMonth", "Name=value"),
    ("MinimumAuc=high", "takes a Float"),
    ("Iterations=1.5", "takes an Integer"),
    ("Size=huge", "small, large"),
])
def test_a_wrong_override_is_refused_before_anything_starts(given: str, says: str) -> None:
    with pytest.raises(MlsteadError) as caught:
        checked_parameters(DEFINITION, [given])
    assert says in str(caught.value)


class FakeSageMaker:
    """Answers with one more ended step at each look."""

    def __init__(self) -> None:
        self.looks = 0

    def describe_pipeline_execution(self, PipelineExecutionArn: str) -> dict[str, Any]:
        self.looks += 1
        return {"PipelineExecutionStatus": "Succeeded" if self.looks > 3 else "Executing"}

    def get_paginator(self, name: str) -> "FakeSageMaker":
        assert name == "list_pipeline_execution_steps"
        return self

    def paginate(self, PipelineExecutionArn: str, SortOrder: str) -> list[dict[str, Any]]:
        steps = [{"StepName": f"s{number}", "StepStatus": "Succeeded", "StartTime": BEGUN + timedelta(seconds=number),
                  "EndTime": BEGUN + timedelta(seconds=number + 2),
                  "Metadata": {"TrainingJob": {"Arn": f"arn:aws:sagemaker:r:1:training-job/j{number}"}}}
                 for number in reversed(range(self.looks))]
        return [{"PipelineExecutionSteps": steps}]


def test_steps_come_in_the_order_in_which_they_started_with_their_time_and_job() -> None:
    fake = FakeSageMaker()
    fake.looks = 2
    state = read(fake, ARN)
    assert [step.name for step in state.steps] == ["s0", "s1", "s2"]
    assert state.steps[0].seconds == 2.0 and state.steps[0].job == ("TrainingJob", "j0")


def test_following_ends_with_the_execution(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    fake, waits = FakeSageMaker(), list[float]()
    monkeypatch.setattr(Deployment, "client", lambda self, service: fake)
    monkeypatch.setattr(pipeline_execution.time, "sleep", waits.append)
    states = list(follow(Deployment(Project(tmp_path, "p"), "local", {}), ARN))
    assert [state.status for state in states] == ["Executing"] * 3 + ["Succeeded"]
    assert max(waits) <= pipeline_execution.LONGEST_WAIT
