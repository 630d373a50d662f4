"""Search over what we keep: filters on the members that Describe answers, and on tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, refusal

OPERATORS: dict[str, Callable[[Any, str], bool]] = {
    "Equals": lambda actual, asked: _text(actual) == asked,
    "NotEquals": lambda actual, asked: _text(actual) != asked,
    "Contains": lambda actual, asked: asked in _text(actual),
    "In": lambda actual, asked: _text(actual) in asked.split(","),
    "GreaterThan": lambda actual, asked: actual is not None and float(actual) > float(asked),
    "GreaterThanOrEqualTo": lambda actual, asked: actual is not None and float(actual) >= float(asked),
    "LessThan": lambda actual, asked: actual is not None and float(actual) < float(asked),
    "LessThanOrEqualTo": lambda actual, asked: actual is not None and float(actual) <= float(asked),
    "Exists": lambda actual, _: actual is not None,
    "NotExists": lambda actual, _: actual is None,
}


def search(collection: Collection[Any], request: Document) -> Document:
    """Answer Search for one kind of resource, the newest first."""
    resource = request["Resource"]
    found = [one for one in list(collection.records.values()) if _fits(one, request.get("SearchExpression") or {})]
    found.sort(key=lambda one: one.description["CreationTime"], reverse=request.get("SortOrder") != "Ascending")
    first = int(request.get("NextToken", 0))
    last = first + int(request.get("MaxResults", 100))
    answer: Document = {
        "Results": [{resource: {**one.description, "Tags": one.tags}} for one in found[first:last]],
        "TotalHits": {"Value": len(found), "Relation": "EqualTo"},
    }
    if last < len(found):
        answer["NextToken"] = str(last)
    return answer


def _fits(record: Record, expression: Document) -> bool:
    if expression.get("NestedFilters"):
        raise refusal("NestedFilters are not supported by the local cloud.")
    results = list(_results(record, expression))
    return not results or (any(results) if expression.get("Operator") == "Or" else all(results))


def _results(record: Record, expression: Document) -> Iterator[bool]:
    for one in expression.get("Filters", []):
        try:
            yield OPERATORS[one.get("Operator", "Equals")](_actual(record, one["Name"]), one.get("Value", ""))
        except (TypeError, ValueError):
            yield False
    for inner in expression.get("SubExpressions", []):
        yield _fits(record, inner)


def _actual(record: Record, name: str) -> Any:
    if name.startswith("Tags."):
        return next((tag["Value"] for tag in record.tags if tag["Key"] == name.removeprefix("Tags.")), None)
    value: Any = record.description
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    return "" if value is None else str(value)
