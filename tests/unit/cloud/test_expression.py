"""Pipeline expressions and conditions, as the SageMaker SDK writes them."""

from __future__ import annotations

from typing import Any

import pytest

from mlstead_toolkit.cloud.failure import ClientFailure
from mlstead_toolkit.cloud.sagemaker.condition import holds
from mlstead_toolkit.cloud.sagemaker.expression import evaluate, follow, references


class Scope:
    def get(self, reference: str) -> Any:
        return {"Parameters.Count": 3, "Parameters.Share": 0.5, "Parameters.On": True, "Parameters.Text": "3"}[
            reference
        ]

    def property_file(self, reference: str) -> Any:
        return {"metrics": [{"auc": {"value": 0.7}}]}

    def document(self, uri: str) -> Any:
        return {"from": uri}


COUNT, SHARE = {"Get": "Parameters.Count"}, {"Get": "Parameters.Share"}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (COUNT, 3),
        ({"a": [COUNT, {"b": SHARE}]}, {"a": [3, {"b": 0.5}]}),
        ({"Std:Join": {"On": "-", "Values": ["x", COUNT, SHARE, {"Get": "Parameters.On"}]}}, "x-3-0.5-true"),
        ({"Std:Join": {"On": "", "Values": ["s3://", {"Std:Join": {"On": "/", "Values": ["a", "b"]}}]}}, "s3://a/b"),
        ({"Std:JsonGet": {"PropertyFile": {"Get": "Steps.E.PropertyFiles.F"}, "Path": "metrics[0].auc.value"}}, 0.7),
        ({"Std:JsonGet": {"S3Uri": "s3://b/k", "Path": "from"}}, "s3://b/k"),
        ({"Get": "Parameters.Count", "Other": 1}, {"Get": "Parameters.Count", "Other": 1}),
    ],
)
def test_an_expression_is_replaced_by_its_value(expression: Any, value: Any) -> None:
    assert evaluate(expression, Scope()) == value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Outputs['b'].S3Output.S3Uri", "s3://b"),
        ('Outputs["a"].S3Output.S3Uri', "s3://a"),
        ("Outputs[1].OutputName", "b"),
        ("$.Outputs[0].OutputName", "a"),
        ("Dotted['x.y']", 1),
    ],
)
def test_a_path_leads_into_what_describe_answers(path: str, value: Any) -> None:
    content = {
        "Outputs": [{"OutputName": name, "S3Output": {"S3Uri": f"s3://{name}"}} for name in "ab"],
        "Dotted": {"x.y": 1},
    }
    assert follow(content, path, "step S") == value


@pytest.mark.parametrize("path", ["Outputs['c']", "Nothing", "Outputs[9]", "Outputs[0", "Outputs..x"])
def test_a_path_that_leads_nowhere_is_named(path: str) -> None:
    with pytest.raises(ClientFailure, match="step S"):
        follow({"Outputs": [{"OutputName": "a"}]}, path, "step S")


def test_every_reference_is_found() -> None:
    value = {
        "x": [{"Std:Join": {"On": "", "Values": [COUNT]}}],
        "y": {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.E.PropertyFiles.F"}, "Path": "a"}},
    }
    assert set(references(value)) == {"Parameters.Count", "Steps.E.PropertyFiles.F"}


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ({"Type": "Equals", "LeftValue": COUNT, "RightValue": 3}, True),
        ({"Type": "Equals", "LeftValue": COUNT, "RightValue": "x"}, False),
        ({"Type": "GreaterThan", "LeftValue": COUNT, "RightValue": 3}, False),
        ({"Type": "GreaterThanOrEqualTo", "LeftValue": COUNT, "RightValue": 3}, True),
        ({"Type": "LessThan", "LeftValue": SHARE, "RightValue": COUNT}, True),
        ({"Type": "LessThanOrEqualTo", "LeftValue": {"Get": "Parameters.Text"}, "RightValue": 2.5}, False),
        ({"Type": "In", "QueryValue": COUNT, "Values": [1, COUNT]}, True),
        ({"Type": "In", "QueryValue": "c", "Values": ["a", "b"]}, False),
        ({"Type": "Not", "Expression": {"Type": "Equals", "LeftValue": 1, "RightValue": 1}}, False),
        (
            {
                "Type": "Or",
                "Conditions": [
                    {"Type": "Equals", "LeftValue": 1, "RightValue": 2},
                    {"Type": "LessThan", "LeftValue": 1, "RightValue": 2},
                ],
            },
            True,
        ),
    ],
)
def test_a_condition_holds_or_not(condition: dict[str, Any], outcome: bool) -> None:
    assert holds(condition, Scope()) is outcome


def test_what_cannot_be_compared_is_said() -> None:
    with pytest.raises(ClientFailure, match=r"'many' and 3 cannot be compared"):
        holds({"Type": "LessThan", "LeftValue": "many", "RightValue": COUNT}, Scope())
