"""What rules read from a pipeline's definition, and when they cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from stack_builder import resource, stack

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Malformed, NotDecided, Resource
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.evaluation import evaluate
from mlstead_toolkit.policies.finding import Verdict
from mlstead_toolkit.policies.pipeline_jobs import PIPELINE, jobs, steps, unheard_of

JUDGED = [rule for rule in RULES if rule.types == (PIPELINE,)]


def _pipeline(definition: Any, **more: Any) -> Resource:
    text = json.dumps(definition) if isinstance(definition, dict) else definition
    return resource(PIPELINE, pipelineDefinition=text, roleArn="arn:aws:iam::123456789012:role/pipeline", **more)


def _step(kind: str, name: str = "One", **arguments: Any) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "Arguments": arguments}


def test_a_definition_that_is_not_known_yet_is_not_decided_by_any_rule() -> None:
    found = evaluate(stack(_pipeline(UNKNOWN)), JUDGED)
    assert {one.rule.id for one in found} == {rule.id for rule in JUDGED}
    assert {one.verdict for one in found} == {Verdict.NOT_DECIDED}


def test_a_definition_of_which_a_piece_is_unknown_is_not_decided() -> None:
    known = {"Name": "Train", "Type": "Training", "Arguments": {"RoleArn": UNKNOWN}}
    with pytest.raises(NotDecided):
        steps(resource(PIPELINE, pipelineDefinition={"Steps": [known]}))


@pytest.mark.parametrize("broken", ["{", "[]", "{}", '{"Steps": {"One": {}}}', '{"Steps": [{}]}', '{"Steps": [1]}',
                                    '{"Steps": [{"Name": "Tune", "Type": "Tuning", "Arguments": {}}]}'])
def test_what_is_no_definition_is_said_to_be_none(broken: str) -> None:
    with pytest.raises(Malformed, match="pipelineDefinition"):
        steps(_pipeline(broken))


def test_steps_behind_conditions_and_tuned_trainings_are_found() -> None:
    inner = _step("Condition", "Inner", IfSteps=[_step("Training", "Deep")], ElseSteps=[_step("Fail", "Stop")])
    definition = {"Steps": [
        _step("Condition", "Outer", IfSteps=[inner], ElseSteps=[_step("Processing", "Else")]),
        _step("Tuning", "Tune", TrainingJobDefinitions=[{"RoleArn": "a"}, {"RoleArn": "b"}]),
        _step("QualityCheck", "Check"),
    ]}
    assert [(job.name, job.type) for job in jobs(_pipeline(definition))] == [
        ("Deep", "Training"), ("Else", "Processing"), ("Tune", "Training"), ("Tune", "Training"),
        ("Check", "Processing"),
    ]


def test_a_step_that_nobody_knows_is_told_of() -> None:
    pipeline = _pipeline({"Steps": [_step("HyperPod"), _step("Lambda")]})
    assert [step.type for step in unheard_of(pipeline)] == ["HyperPod"]


def test_values_are_what_they_are_unless_whoever_starts_the_pipeline_says_otherwise() -> None:
    (step,) = steps(_pipeline({"Steps": [_step("Training")], "Parameters": [
        {"Name": "Repository", "Type": "String", "DefaultValue": "flights"},
        {"Name": "Iterations", "Type": "Integer", "DefaultValue": 0},
        {"Name": "Tag", "Type": "String"},
    ]}))
    said, asked = {"Get": "Parameters.Repository"}, {"Get": "Parameters.Tag"}
    assert step.resolved(said) == "flights"
    assert step.resolved({"Get": "Parameters.Iterations"}) == 0
    assert step.resolved(asked) == asked
    assert step.resolved({"Get": "Steps.One.RoleArn"}) == {"Get": "Steps.One.RoleArn"}
    assert step.resolved({"Std:Join": {"On": ":", "Values": [said, "1.4"]}}) == "flights:1.4"
    join = {"Std:Join": {"On": ":", "Values": [said, asked]}}
    assert step.resolved(join) == join
