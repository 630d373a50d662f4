"""When two values of a property mean the same: in any order, in another spelling, or left out beside the default."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mlstead_toolkit.aws.documents import canonical_json, canonical_policy
from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.engine.values import UNKNOWN, Archive, Asset, PropertyValue


def same(row: Property, one: PropertyValue, other: PropertyValue) -> bool:
    """Tell whether two values of a property mean the same; an unknown one is never the same as anything."""
    if one is UNKNOWN or other is UNKNOWN:
        return False
    return bool(one == other) or bool(canonical(row, one) == canonical(row, other))


def canonical(row: Property, value: PropertyValue) -> Any:
    """Give what a value means, comparable with ==; None for nothing."""
    if value is None:
        value = row.default
    if value is UNKNOWN:
        return UNKNOWN
    if value is None or (not isinstance(value, (Asset, Archive)) and value in ("", False, 0, [], {})):
        return None
    if row.kind is Kind.OBJECT and isinstance(value, dict):
        return _fields(row.fields, value) or None
    if row.kind in (Kind.LIST, Kind.SET) and isinstance(value, list):
        items = [_fields(row.fields, item) if row.fields and isinstance(item, dict) else item for item in value]
        return sorted(items, key=_order) if row.kind is Kind.SET else items
    if row.kind is Kind.POLICY:
        return canonical_policy(value)
    if row.kind is Kind.JSON:
        return canonical_json(value)
    if row.kind is Kind.ASSET:
        return getattr(value, "hash", "") or value
    if row.kind in (Kind.INTEGER, Kind.NUMBER) and isinstance(value, (int, float)):
        return float(value)
    return value.rsplit("/", 1)[-1] if row.by_tail and isinstance(value, str) else value


def _fields(rows: Iterable[Property], value: dict[str, PropertyValue]) -> dict[str, Any]:
    meanings = {row.name: canonical(row, value.get(row.name)) for row in rows}
    return {name: meaning for name, meaning in meanings.items() if meaning is not None}


def _order(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)
