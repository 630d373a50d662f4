"""The expressions of a pipeline definition: Get, Std:Join and Std:JsonGet, and the paths that Get follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from mlstead_toolkit.cloud.failure import ClientFailure

OPERATORS = ("Get", "Std:Join", "Std:JsonGet")
NAMES = ("OutputName", "InputName", "ChannelName", "MetricName", "VariantName", "Name")
"""Members by which an item of a list is chosen in Outputs['train']."""
SEGMENT = re.compile(r"\.?([^.\[\]]+)|\[(?:'([^']*)'|\"([^\"]*)\"|(\d+))\]")


class Scope(Protocol):
    """What an expression is evaluated in."""

    def get(self, reference: str) -> Any:
        """Give what a reference such as "Parameters.Months" or "Steps.Train.TrainingJobName" stands for."""

    def property_file(self, reference: str) -> Any:
        """Give the parsed content of "Steps.Evaluate.PropertyFiles.Evaluation"."""

    def document(self, uri: str) -> Any:
        """Give the parsed content of a JSON object in S3."""


def operator_of(value: Any) -> str | None:
    """Say which operator a value is an expression of, if any."""
    if isinstance(value, dict) and len(value) == 1:
        (name,) = value
        return name if name in OPERATORS else None
    return None


def evaluate(value: Any, scope: Scope) -> Any:
    """Replace every expression in a value. Raises ClientFailure for what leads nowhere."""
    match operator_of(value):
        case "Get":
            return scope.get(value["Get"])
        case "Std:Join":
            return value["Std:Join"].get("On", "").join(text(evaluate(part, scope)) for part in _flat(value, scope))
        case "Std:JsonGet":
            asked = value["Std:JsonGet"]
            if "S3Uri" in asked:
                content, source = scope.document(text(evaluate(asked["S3Uri"], scope))), "S3Uri"
            else:
                source = asked["PropertyFile"]["Get"]
                content = scope.property_file(source)
            return follow(content, text(evaluate(asked["Path"], scope)), source)
    if isinstance(value, dict):
        return {key: evaluate(item, scope) for key, item in value.items()}
    if isinstance(value, list):
        return [evaluate(item, scope) for item in value]
    return value


def references(value: Any) -> Iterator[str]:
    """Find every reference that a value makes, nested expressions included."""
    if operator_of(value) == "Get":
        yield value["Get"]
    elif isinstance(value, dict):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def follow(content: Any, path: str, source: str) -> Any:
    """Follow a path such as "metrics.auc.value", "Outputs['train'].S3Output.S3Uri" or "rows[0]" into a document."""
    position = 0
    path = path.removeprefix("$").removeprefix(".")
    for match in SEGMENT.finditer(path):
        if match.start() != position:
            break
        position = match.end()
        name = match[1] or match[2] or match[3]
        try:
            content = content[int(match[4])] if match[4] is not None else _member(content, name)
        except (KeyError, IndexError, TypeError) as error:
            raise ClientFailure(f"Unable to resolve {path!r} in {source}: there is no {name or match[4]!r}.") from error
    if position != len(path):
        raise ClientFailure(f"{path!r} is not a path into {source}.")
    return content


def text(value: Any) -> str:
    """Write a value as Std:Join does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _flat(value: Any, scope: Scope) -> list[Any]:
    parts = value["Std:Join"].get("Values", [])
    whole = evaluate(parts, scope) if operator_of(parts) else parts
    return whole if isinstance(whole, list) else [whole]


def _member(content: Any, name: str) -> Any:
    if isinstance(content, list):
        for item in content:
            if isinstance(item, dict) and any(item.get(member) == name for member in NAMES):
                return item
        raise KeyError(name)
    return content[name]
