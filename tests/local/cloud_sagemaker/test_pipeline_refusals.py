"""What a pipeline is refused for: its definition, its parameters, and what SageMaker would say of a step."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pipeline_runs import create, definition, processing, run


def test_a_step_that_sagemaker_would_refuse_fails_with_its_words(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    create(bench, "refused", definition(bench, [processing(bench, "Step", ["true"])]))
    execution, _ = run(bench, wait_while, "refused", InstanceType="ml.enormous")
    assert "Value 'ml.enormous' at 'processingResources.clusterConfig.instanceType'" in execution["FailureReason"]


def test_parameters_are_held_against_their_types(bench: Any) -> None:
    create(
        bench,
        "typed",
        definition(
            bench,
            [processing(bench, "Step", ["true"])],
            [
                {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
                {"Name": "Needed", "Type": "String"},
                {"Name": "Mode", "Type": "String", "DefaultValue": "a", "EnumValues": ["a", "b"]},
            ],
        ),
    )
    sagemaker = bench.boto("sagemaker")
    for given, message in (
        ({}, r"Parameters \[Needed\] do not have default values"),
        ({"Needed": "x", "Count": "many"}, "'many' of parameter Count is not of type Integer"),
        ({"Needed": "x", "Mode": "c"}, "'c' of parameter Mode is not one of"),
        ({"Needed": "x", "Cuont": "1"}, r"\['Cuont'\] are not defined in the pipeline"),
    ):
        with pytest.raises(ClientError, match=message):
            sagemaker.start_pipeline_execution(
                PipelineName="typed",
                PipelineParameters=[{"Name": name, "Value": value} for name, value in given.items()],
            )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "it is not JSON"),
        ('{"Version": "1", "Steps": []}', "Version must be"),
        ('{"Version": "2020-12-01", "Steps": []}', "it has no Steps"),
        ({"Steps": [{"Name": "L", "Type": "Lambda"}]}, "not supported here: Lambda step"),
        ({"Steps": [{"Name": "F", "Type": "Fail", "DependsOn": ["G"]}]}, "refers to step G, which does not exist"),
        (
            {"Steps": [{"Name": "F", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": "Parameters.P"}}}]},
            "refers to parameter P, which does not exist",
        ),
        (
            {
                "Steps": [
                    {"Name": "A", "Type": "Fail", "DependsOn": ["B"]},
                    {"Name": "B", "Type": "Fail", "DependsOn": ["A"]},
                ]
            },
            r"the steps \['A', 'B'\] wait for each other",
        ),
        ({"Steps": [{"Name": "A", "Type": "Fail"}, {"Name": "A", "Type": "Fail"}]}, "step names must be unique: A"),
        (
            {
                "Parameters": [{"Name": "N", "Type": "Integer", "DefaultValue": "3"}],
                "Steps": [{"Name": "A", "Type": "Fail"}],
            },
            "the default '3' of parameter N is not of type Integer",
        ),
    ],
)
def test_a_definition_that_cannot_run_is_refused_by_name(bench: Any, document: Any, message: str) -> None:
    text = document if isinstance(document, str) else json.dumps({"Version": "2020-12-01", **document})
    with pytest.raises(ClientError, match=message):
        create(bench, "unusable", text)
