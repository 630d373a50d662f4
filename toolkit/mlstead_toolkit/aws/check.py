"""What AWS would refuse, said before anything is created: types, allowed values, limits, documents, conflicts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Final

from mlstead_toolkit.aws.documents import parse, policy_faults, suggestion
from mlstead_toolkit.aws.limits import Limit, Limits
from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.aws.schema import ResourceType
from mlstead_toolkit.engine.provider import CheckFailure
from mlstead_toolkit.engine.values import UNKNOWN, Archive, Asset, Properties, PropertyValue, contains_unknown

UNSUPPORTED: Final = "is not supported by the local cloud"
_ARN: Final = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}|aws|aws-managed|)?:\S+")


@dataclass(slots=True)
class Checker:
    """Goes through the inputs of one resource: gives them their types and defaults and collects what is wrong."""

    row: ResourceType
    limits: Limits
    failures: list[CheckFailure] = field(default_factory=list)

    def inputs(self, given: Properties) -> Properties:
        """Give the inputs typed and with defaults; `failures` has what is wrong with them."""
        return self._block(self.row.properties, given, "", "")

    def rules(self, inputs: Properties, given: Properties) -> None:
        """Check what concerns several properties at once; `given` are those that the program itself wrote."""
        for names in self.row.conflicts:
            present = [name for name in names if _given(given, name)]
            if len(present) > 1:
                self.fail(present[1], f"conflicts with {present[0]}: give one of them")
        for names in self.row.one_of:
            if not any(_given(inputs, name) for name in names):
                self.fail(names[0], f"is missing: give {' or '.join(names)}")
        for name, needed in self.row.together:
            if _given(inputs, name) and (inputs.get(needed) is False or not _given(inputs, needed)):
                self.fail(name, f"needs {needed} as well")
        if self.row.validate is not None:
            for path, reason in self.row.validate(inputs):
                self.fail(path, reason)

    def fail(self, path: str, reason: str) -> None:
        """Note one failure."""
        self.failures.append(CheckFailure(path, reason))

    def _block(self, rows: tuple[Property, ...], given: Properties, path: str, limit_path: str) -> Properties:
        known = {row.name: row for row in rows}
        typed: Properties = {}
        for name in given:
            if name not in known and not name.startswith("__"):
                names = [row.name for row in rows if row.unsupported is None]
                near = suggestion(name, names)
                self.fail(f"{path}{name}", f"is no property of {path.rstrip('.') or self.row.token}"
                                           f"{near or '; there are ' + ', '.join(sorted(names))}")
        for row in rows:
            value = given.get(row.name)
            if value is None:
                if row.default is not None:
                    typed[row.name] = row.default
                elif row.required:
                    self.fail(f"{path}{row.name}", "is required and missing")
                continue
            if row.unsupported is not None:
                self.fail(f"{path}{row.name}", f"{UNSUPPORTED}: {row.unsupported}")
                continue
            typed[row.name] = self._value(row, value, f"{path}{row.name}", f"{limit_path}{row.name}")
        return typed

    def _value(self, row: Property, value: PropertyValue, path: str, limit_path: str) -> PropertyValue:
        if value is UNKNOWN:
            return value
        if row.kind is Kind.OBJECT:
            if isinstance(value, dict):
                return self._block(row.fields, value, f"{path}.", f"{limit_path}.")
        elif row.kind in (Kind.LIST, Kind.SET):
            if isinstance(value, list):
                self._size(len(value), row, self.limits.get(limit_path, {}), path, "entries")
                return [self._item(row, item, f"{path}[{index}]", limit_path) for index, item in enumerate(value)]
        elif row.kind is Kind.MAP:
            if isinstance(value, dict):
                return self._map(value, path)
        elif row.kind in (Kind.JSON, Kind.POLICY):
            return self._document(row, value, path, limit_path)
        elif row.kind is Kind.ASSET:
            if isinstance(value, (Asset, Archive)):
                return value
        else:
            return self._scalar(row, row.kind, value, path, limit_path)
        self.fail(path, f"must be {row.kind}, and is {_named(value)}")
        return value

    def _item(self, row: Property, item: PropertyValue, path: str, limit_path: str) -> PropertyValue:
        if item is UNKNOWN:
            return item
        if not row.fields:
            return self._scalar(replace(row, minimum=None, maximum=None), row.item, item, path, f"{limit_path}[]")
        if isinstance(item, dict):
            return self._block(row.fields, item, f"{path}.", f"{limit_path}.")
        self.fail(path, f"must be {Kind.OBJECT}, and is {_named(item)}")
        return item

    def _map(self, value: Properties, path: str) -> Properties:
        typed: Properties = {}
        for key, item in value.items():
            if key.startswith("__") or item is None:
                continue
            if item is not UNKNOWN and not isinstance(item, (str, int, float, bool)):
                self.fail(f"{path}.{key}", f"must be {Kind.STRING}, and is {_named(item)}")
            typed[key] = item if item is UNKNOWN else _text(item)
        return typed

    def _document(self, row: Property, value: PropertyValue, path: str, limit_path: str) -> PropertyValue:
        try:
            parsed = parse(value)
        except ValueError as error:
            self.fail(path, str(error))
            return value
        if not isinstance(parsed, (dict, list)):
            self.fail(path, f"must be {row.kind}, and is {_named(parsed)}")
            return value
        if row.kind is Kind.POLICY:
            for fault in policy_faults(parsed, row.attached):
                self.fail(path, fault)
        if isinstance(value, str):
            self._size(len(value), row, self.limits.get(limit_path, {}), path, "characters")
            return value
        return UNKNOWN if contains_unknown(value) else json.dumps(value)

    def _scalar(self, row: Property, kind: Kind, value: PropertyValue, path: str, limit_path: str) -> PropertyValue:
        typed = _typed(kind, value)
        if typed is None:
            self.fail(path, f"must be {kind}, and is {'something else' if row.secret else _named(value)}")
            return value
        limit = self.limits.get(limit_path, {})
        allowed = list(row.enum) if row.enum is not None else limit.get("enum")
        shown = "a secret" if row.secret else repr(typed)
        if allowed is not None and typed not in allowed:
            near = suggestion(str(typed), [str(one) for one in allowed])
            listed = ", ".join(str(one) for one in allowed[:12]) + (", …" if len(allowed) > 12 else "")
            self.fail(path, f"is {shown}, which is not one of {listed}{near}")
        elif kind is Kind.ARN and not _ARN.fullmatch(str(typed)):
            self.fail(path, f"is {shown}, which is no ARN (arn:aws:service:region:account:resource)")
        elif isinstance(typed, str):
            self._text(row, typed, limit, path)
        elif not isinstance(typed, bool):
            self._size(typed, row, limit, path, "")
        return typed

    def _text(self, row: Property, text: str, limit: Limit, path: str) -> None:
        self._size(len(text), row, limit, path, "characters")
        pattern = row.pattern if row.pattern is not None else limit.get("pattern")
        if pattern and not re.fullmatch(pattern, text, re.DOTALL):
            shown = "a secret" if row.secret else repr(text)
            self.fail(path, f"is {shown}, which does not match {pattern}")

    def _size(self, size: float, row: Property, limit: Limit, path: str, of: str) -> None:
        least = row.minimum if row.minimum is not None else limit.get("minimum")
        most = row.maximum if row.maximum is not None else limit.get("maximum")
        unit = f" {of}" if of else ""
        verb = "has" if of else "is"
        if least is not None and size < least:
            self.fail(path, f"{verb} {size}{unit}, and must not be below {least:g}")
        if most is not None and size > most:
            self.fail(path, f"{verb} {size}{unit}, and must not be above {most:g}")


def _typed(kind: Kind, value: PropertyValue) -> PropertyValue:
    """Give the value as its kind, read as Pulumi's bridge reads it ("80" is a number); None where it is not one."""
    if kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
    if kind in (Kind.STRING, Kind.ARN):
        return _text(value) if isinstance(value, (str, int, float, bool)) else None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        read = float(value)
    except ValueError:
        return None
    if kind is Kind.INTEGER or read.is_integer():
        return int(read) if read.is_integer() else None
    return read


def _text(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _given(inputs: Properties, name: str) -> bool:
    value = inputs.get(name)
    return value is UNKNOWN or value not in (None, [], {}, "")


def _named(value: PropertyValue) -> str:
    if isinstance(value, bool):
        return f"the truth value {'true' if value else 'false'}"
    if value is None:
        return "nothing"
    if isinstance(value, (Asset, Archive)):
        return "an asset"
    names = {dict: "an object", list: "a list", str: f"the text {value!r}", int: f"the number {value}",
             float: f"the number {value}"}
    return names.get(type(value), type(value).__name__)
