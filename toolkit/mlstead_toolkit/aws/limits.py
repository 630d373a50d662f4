"""The limits that AWS's own service models put on a type's properties: allowed values, lengths, ranges, patterns.

Reading them out of botocore takes a quarter of a second, which an `up` that changes nothing must not pay: they are kept
beside the states, in a file named after the version of botocore and the tables.
"""

from __future__ import annotations

import re
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

from mlstead_toolkit.aws import kept
from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.aws.schema import ResourceType

if TYPE_CHECKING:
    from botocore.model import Shape


class Limit(TypedDict, total=False):
    """What AWS's model says of one member."""

    enum: list[str]
    minimum: float
    maximum: float
    pattern: str


Limits = dict[str, Limit]

_LOCK: Final = threading.Lock()
_READ: dict[str, dict[str, Limits]] = {}


def limits_of(row: ResourceType, rows: tuple[ResourceType, ...]) -> Limits:
    """Give the limits of one type by the path of its properties, without indexes ("rules.status")."""
    with _LOCK:
        if "all" not in _READ:
            _READ["all"] = _stored(rows)
        return _READ["all"].get(row.token, {})


def read_limits(row: ResourceType) -> Limits:
    """Read the limits of one type out of botocore's service model."""
    model = _service_model(row.service)
    shapes = [shape for call in row.calls() if (shape := model.operation_model(call.operation).input_shape)]
    limits: Limits = {}
    for shape in reversed(shapes):
        limits.update(_limits(row.properties, shape, ""))
    return limits


def _stored(rows: tuple[ResourceType, ...]) -> dict[str, Limits]:
    source = _source()
    stored: dict[str, Limits] | None = kept.load("limits", source)
    if stored is None:
        stored = {row.token: read_limits(row) for row in rows}
        kept.store("limits", source, stored)
    return stored


def _source() -> str:
    """Name what the limits are read from, so that a newer botocore or table is read anew."""
    spec = find_spec("botocore")
    sources = [Path(spec.origin)] if spec and spec.origin else []
    sources += sorted([*Path(__file__).parent.glob("*.py"), *Path(__file__).parent.glob("services/*.py")])
    return "".join(f"{source}{source.stat().st_mtime_ns}" for source in sources)


@cache
def _service_model(service: str) -> Any:
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    return ServiceModel(Loader().load_service_model(service, "service-2"))


def _limits(rows: tuple[Property, ...], shape: Shape, prefix: str) -> Limits:
    from mlstead_toolkit.aws.members import locate, member_shape

    limits: Limits = {}
    for row in rows:
        path = locate(shape, row) if row.unsupported is None and not row.local else None
        if path is None:
            continue
        member = member_shape(shape, path)
        name = f"{prefix}{row.name}"
        if limit := _limit(row, member):
            limits[name] = limit
        if row.kind in (Kind.LIST, Kind.SET) and member.type_name == "list":
            member = member.member
            if not row.fields and (limit := _limit(row, member)):
                limits[f"{name}[]"] = limit
        elif row.kind is Kind.OBJECT and member.type_name == "list":
            member = member.member
        if row.fields and member.type_name == "structure":
            limits.update(_limits(row.fields, member, f"{name}."))
    return limits


def _limit(row: Property, member: Any) -> Limit:
    limit: Limit = {}
    facts = member.metadata
    if member.type_name == "string":
        if facts.get("enum"):
            limit["enum"] = list(facts["enum"])
        if (pattern := facts.get("pattern")) and _compiles(pattern) and row.kind is Kind.STRING:
            limit["pattern"] = pattern
    if member.type_name == "list" and row.kind is Kind.OBJECT:
        return limit
    for name in ("min", "max"):
        if name in facts:
            limit["minimum" if name == "min" else "maximum"] = facts[name]
    return limit


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
