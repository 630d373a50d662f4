"""Property values on the wire: protobuf Structs in, values out, and back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from google.protobuf import struct_pb2

from mlstead_toolkit.engine import assets, signatures
from mlstead_toolkit.engine.values import (
    UNKNOWN,
    Properties,
    PropertyValue,
    ResourceReference,
    Secret,
)

Value = struct_pb2.Value


def from_struct(struct: struct_pb2.Struct, directory: Path | None = None) -> Properties:
    """Read a Struct; null members of the outermost object count as absent.

    Args:
        struct: the message.
        directory: what relative paths of assets are relative to.
    """
    return {key: value for key, item in struct.fields.items() if (value := from_value(item, directory)) is not None}


def from_value(message: Value, directory: Path | None = None) -> PropertyValue:
    """Read one value."""
    kind = message.WhichOneof("kind")
    if kind == "string_value":
        text = message.string_value
        return UNKNOWN if text in signatures.UNKNOWNS else text
    if kind == "struct_value":
        fields = message.struct_value.fields
        if signatures.KEY in fields:
            return _special(fields, directory)
        return {key: from_value(item, directory) for key, item in fields.items()}
    if kind == "list_value":
        return [from_value(item, directory) for item in message.list_value.values]
    if kind == "bool_value":
        return message.bool_value
    if kind == "number_value":
        number = message.number_value
        return int(number) if number.is_integer() else number
    return None


def _special(fields: Mapping[str, Value], directory: Path | None) -> PropertyValue:
    signature = fields[signatures.KEY].string_value
    if signature == signatures.SECRET:
        inner = from_value(fields["value"], directory) if "value" in fields else None
        return inner if isinstance(inner, Secret) else Secret(inner)
    plain = {key: from_value(item, directory) for key, item in fields.items() if key != signatures.KEY}
    if signature == signatures.OUTPUT:
        value = plain.get("value", UNKNOWN)
        return Secret(value) if plain.get("secret") and not isinstance(value, Secret) else value
    if signature == signatures.ASSET:
        return assets.asset(plain, directory)
    if signature == signatures.ARCHIVE:
        return assets.archive(plain, directory)
    if signature == signatures.RESOURCE:
        return ResourceReference(plain["urn"], plain.get("id"), plain.get("packageVersion") or "")
    return {signatures.KEY: signature, **plain}


def to_struct(properties: Properties) -> struct_pb2.Struct:
    """Write an object."""
    return struct_pb2.Struct(fields={key: to_value(value) for key, value in properties.items()})


def to_value(value: PropertyValue) -> Value:
    """Write one value."""
    if isinstance(value, str):
        return Value(string_value=value)
    if value is None:
        return Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, (int, float)):
        return Value(number_value=value)
    if isinstance(value, dict):
        return Value(struct_value=to_struct(value))
    if isinstance(value, (list, tuple)):
        return Value(list_value=struct_pb2.ListValue(values=[to_value(item) for item in value]))
    if value is UNKNOWN:
        return Value(string_value=signatures.UNKNOWN)
    return Value(struct_value=to_struct(tagged(value)))


def tagged(value: PropertyValue) -> dict[str, Any]:
    """Write a Secret, Asset, Archive or ResourceReference as the marked object that stands for it (not encrypted)."""
    if isinstance(value, Secret):
        return {signatures.KEY: signatures.SECRET, "value": value.value}
    return assets.tagged(value)


