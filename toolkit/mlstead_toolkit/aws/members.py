"""Between Pulumi's properties and AWS's requests and answers, led by botocore's shapes.

Names differ in case, in singular and plural, and in nesting; where the shape cannot tell, the row's `api` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.engine.values import Properties, PropertyValue

if TYPE_CHECKING:
    from botocore.model import Shape


@cache
def locate(shape: Shape, row: Property) -> tuple[str, ...] | None:
    """Find the member of a structure that a property belongs to, as a path; None where there is no place for it."""
    for path in row.paths:
        found: list[str] = []
        inner: Any = shape
        for segment in path:
            while inner is not None and inner.type_name == "list":
                inner = inner.member
            members = inner.members if inner is not None and inner.type_name == "structure" else {}
            name = next((member for member in members if member.lower() == segment), None)
            if name is None:
                break
            found.append(name)
            inner = members[name]
        else:
            if found:
                return tuple(found)
    return None


def member_shape(shape: Shape, path: Iterable[str]) -> Any:
    """Follow a path of members."""
    inner: Any = shape
    for segment in path:
        while inner.type_name == "list":
            inner = inner.member
        inner = inner.members[segment]
    return inner


def to_request(rows: Iterable[Property], values: Properties, shape: Shape) -> dict[str, Any]:
    """Build the arguments of a call from the properties that its request has a place for."""
    request: dict[str, Any] = {}
    for row in rows:
        value = values.get(row.name)
        if value is None or row.local or (path := locate(shape, row)) is None:
            continue
        place = request
        for segment in path[:-1]:
            place = place.setdefault(segment, {})
        place[path[-1]] = _to_member(row, value, member_shape(shape, path))
    return request


def _to_member(row: Property, value: PropertyValue, shape: Any) -> Any:
    if row.kind is Kind.OBJECT:
        one = to_request(row.fields, value, shape.member if shape.type_name == "list" else shape)
        return [one] if shape.type_name == "list" else one
    if row.kind in (Kind.LIST, Kind.SET):
        if shape.type_name != "list":
            return to_request(row.fields, value[0], shape) if value else {}
        return [to_request(row.fields, item, shape.member) for item in value] if row.fields else list(value)
    if row.kind is Kind.MAP and shape.type_name == "list":
        key, content = shape.member.members
        return [{key: name, content: text} for name, text in value.items()]
    if shape.type_name == "string" and not isinstance(value, str):
        return json.dumps(value) if isinstance(value, (dict, list, bool)) else str(value)
    return value


def from_answer(rows: Iterable[Property], answer: dict[str, Any]) -> Properties:
    """Read properties out of an answer; empty blocks count as absent, for AWS answers them where nothing was set."""
    values: Properties = {}
    lower = {key.lower(): value for key, value in answer.items()}
    for row in rows:
        if row.local or row.unsupported or (found := _find(row, lower)) is None:
            continue
        value = _from_member(row, found)
        if value is not None and value != {} and value != []:
            values[row.name] = value
    return values


def as_string(value: PropertyValue) -> str:
    """Write a value as an attribute map wants it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _find(row: Property, lower: dict[str, Any]) -> Any:
    for path in row.paths:
        for start in range(len(path)):
            found: Any = lower
            for segment in path[start:]:
                found = found.get(segment) if found is lower else _lookup(found, segment)
                if found is None:
                    break
            if found is not None:
                return found
    return None


def _lookup(found: Any, segment: str) -> Any:
    if isinstance(found, list):
        found = found[0] if found else None
    if not isinstance(found, dict):
        return None
    return next((value for key, value in found.items() if key.lower() == segment), None)


def _from_member(row: Property, value: Any) -> PropertyValue:
    if row.kind is Kind.OBJECT:
        one = value[0] if isinstance(value, list) and value else value
        return from_answer(row.fields, one) if isinstance(one, dict) else None
    if row.kind in (Kind.LIST, Kind.SET):
        several = value if isinstance(value, list) else [value]
        return [from_answer(row.fields, item) for item in several if item] if row.fields else list(several)
    if row.kind is Kind.MAP and isinstance(value, list):
        return {str(name): text for name, text in (tuple(pair.values())[:2] for pair in value)}
    if value == "" and row.kind in (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN):
        return None
    if row.kind is Kind.INTEGER:
        return int(value)
    if row.kind is Kind.NUMBER:
        return int(value) if float(value).is_integer() else float(value)
    if row.kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if isinstance(value, (dict, list)) and row.kind is not Kind.MAP:
        return json.dumps(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value
