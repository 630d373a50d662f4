"""Pipelines are compared by step."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mlstead_toolkit.engine.plan import PropertyChange
from mlstead_toolkit.review.changes.pipeline import pipeline_lines
from mlstead_toolkit.review.changes.property import differences_of


def job(name: str, *, after: list[str] | None = None, **resources: Any) -> dict[str, Any]:
    config = {"InstanceType": "ml.m5.large", "InstanceCount": 1, **resources}
    return {"Name": name, "Type": "Processing", "DependsOn": after or [], "Arguments": {
        "AppSpecification": {"ImageUri": {"Get": "Parameters.Image"}, "ContainerArguments": ["--month", "1"]},
        "ProcessingResources": {"ClusterConfig": config}}}


def definition(*steps: dict[str, Any], image: str = "shop:1") -> dict[str, Any]:
    return {"Version": "2020-12-01", "Parameters": [{"Name": "Image", "Type": "String", "DefaultValue": image}],
            "Steps": list(steps)}


CHECK = {"Name": "Check", "Type": "Condition", "Arguments": {
    "Conditions": [{"Type": "LessThan", "LeftValue": {"Get": "Steps.Train.Error"}, "RightValue": 0.2}],
    "IfSteps": [job("Register")], "ElseSteps": [job("Report")]}}


def test_a_step_that_joins_is_told_with_its_type_its_place_and_its_machine() -> None:
    assert pipeline_lines(definition(job("Train")), definition(job("Train"), job("Evaluate", after=["Train"]))) == (
        "+ step Evaluate: Processing, after Train, instance type ml.m5.large, instance count 1",)


def test_a_step_that_goes_is_told() -> None:
    assert pipeline_lines(definition(job("Train"), job("Evaluate")), definition(job("Train"))) == ("- step Evaluate",)


def test_another_machine_is_told_in_words() -> None:
    assert pipeline_lines(definition(job("Train")), definition(job("Train", InstanceType="ml.m5.xlarge"))) == (
        "~ step Train: instance type ml.m5.large → ml.m5.xlarge",)


def test_a_value_that_becomes_a_parameter_is_told_by_the_parameters_name() -> None:
    assert pipeline_lines(definition(job("Train")), definition(job("Train", InstanceType={"Get": "Parameters.Machine"}))
                          ) == ("~ step Train: instance type ml.m5.large → Parameters.Machine",)


def test_an_argument_that_joins_is_told() -> None:
    more = job("Train")
    more["Arguments"]["AppSpecification"]["ContainerArguments"] = ["--month", "1", "--quick"]
    assert pipeline_lines(definition(job("Train")), definition(more)) == ("~ step Train: arguments + --quick",)


def test_another_default_of_a_parameter_is_told() -> None:
    assert pipeline_lines(definition(job("Train")), definition(job("Train"), image="shop:2")) == (
        "~ parameter Image: default shop:1 → shop:2",)


def test_another_order_of_execution_is_told() -> None:
    old = definition(job("Ingest"), job("Check"), job("Train", after=["Ingest"]))
    new = definition(job("Ingest"), job("Check"), job("Train", after=["Check", "Ingest"]))
    assert pipeline_lines(old, new) == ("~ step Train: after Ingest → after Check, Ingest",)


def test_the_order_in_which_steps_are_written_says_nothing() -> None:
    assert pipeline_lines(definition(job("A"), job("B")), definition(job("B"), job("A"))) == ()


def test_steps_in_the_branches_of_a_condition_are_steps_like_any_other() -> None:
    new = copy.deepcopy(CHECK)
    new["Arguments"]["IfSteps"] = [job("Register", InstanceType="ml.m5.xlarge")]  # type: ignore[index]
    assert pipeline_lines(definition(CHECK), definition(new)) == (
        "~ step Register: instance type ml.m5.large → ml.m5.xlarge",)


def test_a_step_that_moves_to_the_other_branch_is_told() -> None:
    new = copy.deepcopy(CHECK)
    new["Arguments"] |= {"IfSteps": [], "ElseSteps": [job("Report"), job("Register")]}  # type: ignore[operator]
    assert "~ step Register: if Check holds → unless Check holds" in pipeline_lines(definition(CHECK), definition(new))


def test_a_changed_threshold_is_told() -> None:
    new = copy.deepcopy(CHECK)
    new["Arguments"]["Conditions"][0]["RightValue"] = 0.3  # type: ignore[index]
    assert pipeline_lines(definition(CHECK), definition(new)) == ("~ step Check: Conditions[0].RightValue 0.2 → 0.3",)


def test_a_pipeline_says_how_many_steps_it_has() -> None:
    (found,) = differences_of(PropertyChange("pipelineDefinition", "update", json.dumps(definition(CHECK)),
                                             json.dumps(definition(CHECK, job("Train")))))
    assert (found.path, found.before, found.after) == ("pipelineDefinition", "3 steps", "4 steps")


@settings(max_examples=30, deadline=None)
@given(st.permutations([job("A"), job("B", after=["A", "C"]), job("C"), CHECK]))
def test_no_shuffle_of_the_steps_gives_a_line(steps: list[dict[str, Any]]) -> None:
    for step in (shuffled := copy.deepcopy(steps)):
        step["DependsOn"] = list(reversed(step.get("DependsOn") or []))
    written = definition(job("A"), job("B", after=["A", "C"]), job("C"), CHECK)
    assert pipeline_lines(written, definition(*shuffled)) == ()
