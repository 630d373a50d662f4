"""Holds requests against SageMaker's service model: required members, types, enumerations, lengths and patterns.

SDKs check some of it before they send; pipelines' steps and plain HTTP do not. What passes here would pass AWS's own check.
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
        return re.compile(expression.replace(r"\p{L}", r"^\W\d_").replace(r"\p{Z}", " ").replace(r"\p{N}", r"\d"))
    except re.error:
        return None


@functools.lru_cache(maxsize=512)
def _allowed(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(values)


TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "long": (int,), "float": (int, float), "double": (int, float), "boolean": (bool,),
    "structure": (dict,), "map": (dict,), "list": (list,), "timestamp": (int, float, str),
}


def _problems(shape: Any, value: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    wanted = TYPES.get(kind)
    if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and kind in ("integer", "long", "float"))):
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: Member must be of type {kind}"
        return
    if kind == "structure":
        for member in shape.required_members:
            if value.get(member) is None:
                yield f"Value null at '{_below(path, member)}' failed to satisfy constraint: Member must not be null"
        for member, member_value in value.items():
            if member_value is not None and member in shape.members:
                yield from _problems(shape.members[member], member_value, _below(path, member))
    elif kind == "list":
        yield from _lengths(shape, len(value), value, path)
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}.{index + 1}.member")
    elif kind == "map":
        for key, item in value.items():
            yield from _problems(shape.value, item, f"{path}.{key}")
    elif kind == "string":
        yield from _string_problems(shape, value, path)
    elif kind in ("integer", "long", "float", "double"):
        yield from _range(shape, value, path)


def _string_problems(shape: Any, value: str, path: str) -> Iterator[str]:
    if shape.enum and value not in _allowed(tuple(shape.enum)):
        shown = sorted(shape.enum)
        more = f", … ({len(shown)} in all)" if len(shown) > 20 else ""
        yield (f"Value '{value}' at '{path}' failed to satisfy constraint: Member must satisfy enum value set: "
               f"[{', '.join(shown[:20])}{more}]")
        return
    yield from _lengths(shape, len(value), value, path)
    expression = shape.metadata.get("pattern")
    pattern = _pattern(expression) if expression else None
    if pattern and value and not pattern.fullmatch(value):
        yield (f"Value '{value}' at '{path}' failed to satisfy constraint: Member must satisfy regular expression pattern: "
               f"{expression}")


def _lengths(shape: Any, length: int, value: Any, path: str) -> Iterator[str]:
    for bound, wrong, words in (("min", int.__lt__, "greater"), ("max", int.__gt__, "less")):
        limit = shape.metadata.get(bound)
        if limit is not None and wrong(length, int(limit)):
            yield (f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have length {words} than or "
                   f"equal to {limit}")


def _range(shape: Any, value: float, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have value greater than or equal to {low}"
    if high is not None and value > high:
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have value less than or equal to {high}"


def _below(path: str, member: str) -> str:
    name = member[0].lower() + member[1:]
    return f"{path}.{name}" if path else name
