"""The conditions of a Condition step."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from mlstead_toolkit.cloud.failure import ClientFailure
from mlstead_toolkit.cloud.sagemaker.expression import Scope, evaluate

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
TYPES = (*COMPARISONS, "In", "Not", "Or")


def holds(condition: dict[str, Any], scope: Scope) -> bool:
    """Decide one condition. Raises ClientFailure where its sides cannot be compared."""
    kind = condition["Type"]
    if kind == "Not":
        return not holds(condition["Expression"], scope)
    if kind == "Or":
        return any(holds(one, scope) for one in condition["Conditions"])
    if kind == "In":
        asked = evaluate(condition["QueryValue"], scope)
        return any(_alike(asked, value, operator.eq) for value in evaluate(condition["Values"], scope))
    return _alike(evaluate(condition["LeftValue"], scope), evaluate(condition["RightValue"], scope), COMPARISONS[kind])


def nested(condition: dict[str, Any]) -> list[dict[str, Any]]:
    """Give a condition and all conditions inside it."""
    inner = [condition["Expression"]] if "Expression" in condition else condition.get("Conditions", [])
    return [condition, *(below for one in inner for below in nested(one))]


def _alike(left: Any, right: Any, compare: Callable[[Any, Any], bool]) -> bool:
    """Compare; where one side is a number and the other its text, as numbers."""
    if isinstance(left, str) != isinstance(right, str):
        try:
            left, right = float(left), float(right)
        except (TypeError, ValueError):
            if compare is operator.eq:
                return False
    try:
        return compare(left, right)
    except TypeError as error:
        raise ClientFailure(f"{left!r} and {right!r} cannot be compared.") from error
