"""Holds requests against SageMaker's service model: required members, types, enumerations, lengths and patterns.

SDKs check some of it before they send; pipelines' steps and plain HTTP do not. What passes here passes AWS's own check.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from mlstead_toolkit.cloud.sagemaker.record import Document, refusal


def check(operation: str, request: Document) -> None:
    """Refuse a request that the operation (such as "CreateModel") cannot take, in AWS's words."""
    shape = _input_shape(operation)
    if shape is None:
        return
    if problems := list(_problems(shape, request, "")):
        noun = "error" if len(problems) == 1 else "errors"
        raise refusal(f"{len(problems)} validation {noun} detected: {'; '.join(problems)}")


@functools.lru_cache(maxsize=512)
def _input_shape(operation: str) -> Any:
    from moto.core.utils import get_service_model

    shape: Any = get_service_model("sagemaker").operation_model(operation).input_shape
    return shape


@functools.lru_cache(maxsize=2048)
def _pattern(expression: str) -> re.Pattern[str] | None:
    try:
        return re.compile(
            expression.replace(r"\p{L}", r"a-zA-Z\u00c0-\uffff").replace(r"\p{Z}", " ").replace(r"\p{N}", r"\d")
        )
    except re.error:
        return None


@functools.lru_cache(maxsize=512)
def _allowed(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(values)


SHOWN = 20
"""Members of an enumeration that an error lists; instance types would fill a screen."""

NUMBERS = ("integer", "long", "float", "double")
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "timestamp": (int, float, str),
}


def _problems(shape: Any, value: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    wanted = TYPES.get(kind)
    if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and kind in NUMBERS)):
        yield _violation(value, path, f"be of type {kind}")
        return
    if kind == "structure":
        for member in shape.required_members:
            if value.get(member) is None:
                yield f"Value null at '{_below(path, member)}' failed to satisfy constraint: Member must not be null"
        for member, member_value in value.items():
            if member_value is not None and member in shape.members:
                yield from _problems(shape.members[member], member_value, _below(path, member))
    elif kind == "list":
        yield from _bounds(shape, len(value), "length", value, path)
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}.{index + 1}.member")
    elif kind == "map":
        for key, item in value.items():
            yield from _problems(shape.value, item, f"{path}.{key}")
    elif kind == "string":
        yield from _string_problems(shape, value, path)
    elif kind in NUMBERS:
        yield from _bounds(shape, value, "value", value, path)


def _string_problems(shape: Any, value: str, path: str) -> Iterator[str]:
    if shape.enum and value not in _allowed(tuple(shape.enum)):
        shown = sorted(shape.enum)
        more = f", … ({len(shown)} in all)" if len(shown) > SHOWN else ""
        yield _violation(value, path, f"satisfy enum value set: [{', '.join(shown[:SHOWN])}{more}]")
        return
    yield from _bounds(shape, len(value), "length", value, path)
    expression = shape.metadata.get("pattern")
    pattern = _pattern(expression) if expression else None
    if pattern and value and not pattern.fullmatch(value):
        yield _violation(value, path, f"satisfy regular expression pattern: {expression}")


def _bounds(shape: Any, measure: float, noun: str, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and measure < low:
        yield _violation(value, path, f"have {noun} greater than or equal to {low}")
    if high is not None and measure > high:
        yield _violation(value, path, f"have {noun} less than or equal to {high}")


def _violation(value: Any, path: str, rule: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}"


def _below(path: str, member: str) -> str:
    name = member[0].lower() + member[1:]
    return f"{path}.{name}" if path else name
