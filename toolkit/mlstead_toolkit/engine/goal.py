"""What a program asks for: one registration, read from the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from mlstead_toolkit.engine import wire
from mlstead_toolkit.engine.errors import EngineError, NotSupported
from mlstead_toolkit.engine.protocol import alias_pb2, resource_pb2, source_pb2
from mlstead_toolkit.engine.values import Properties, PropertyValue

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@dataclass(slots=True)
class Goal:
    """A resource as the program wants it. None for a flag means that the parent's holds."""

    type: str
    name: str
    custom: bool
    inputs: Properties
    parent: str = ""
    protect: bool | None = None
    dependencies: list[str] = field(default_factory=list)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    provider: str = ""
    version: str = ""
    delete_before_replace: bool | None = None
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[alias_pb2.Alias] = field(default_factory=list)
    import_id: str = ""
    custom_timeouts: dict[str, float] = field(default_factory=dict)
    replacement_trigger: PropertyValue = None
    retain_on_delete: bool | None = None
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)
    source_position: str = ""

    def inherit(self, parent: Goal, package: str) -> None:
        """Take from the parent what the program leaves open: protection, retention, deletion, and the provider."""
        self.deleted_with = self.deleted_with or parent.deleted_with
        self.protect = parent.protect if self.protect is None else self.protect
        self.retain_on_delete = parent.retain_on_delete if self.retain_on_delete is None else self.retain_on_delete
        if not self.provider and parent.provider:
            same_package = f"::pulumi:providers:{package}::" in parent.provider
            if same_package or not self.custom:
                self.provider = parent.provider


def from_request(request: resource_pb2.RegisterResourceRequest, directory: Path) -> Goal:
    """Read a registration. Raises NotSupported, by name, for what the embedded engine leaves out."""
    refuse_unsupported(request)
    aliases = [alias_pb2.Alias(urn=urn) for urn in request.aliasURNs] + list(request.aliases)
    goal = Goal(
        type=request.type, name=request.name, custom=request.custom,
        inputs=wire.from_struct(request.object, directory), parent=request.parent,
        protect=request.protect if request.HasField("protect") else None,
        dependencies=sorted(request.dependencies),
        property_dependencies={key: sorted(item.urns) for key, item in sorted(request.propertyDependencies.items())},
        provider=request.provider, version=request.version,
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        ignore_changes=list(request.ignoreChanges), replace_on_changes=list(request.replaceOnChanges),
        additional_secret_outputs=list(request.additionalSecretOutputs), aliases=aliases, import_id=request.importId,
        retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
        deleted_with=request.deletedWith, replace_with=sorted(request.replace_with),
        source_position=source_position(request.sourcePosition))
    if request.HasField("replacement_trigger"):
        goal.replacement_trigger = wire.from_value(request.replacement_trigger, directory)
    if request.HasField("customTimeouts"):
        timeouts = request.customTimeouts
        given = {"create": timeouts.create, "update": timeouts.update, "delete": timeouts.delete}
        goal.custom_timeouts = {key: seconds(text) for key, text in given.items() if text}
    return goal


def refuse_unsupported(request: resource_pb2.RegisterResourceRequest) -> None:
    """Raise NotSupported for remote components, dynamic providers, parameterised packages, hooks and migrations."""
    found = None
    if request.remote:
        found = f"the remote component {request.type}"
    elif request.type.startswith(("pulumi-python:dynamic", "pulumi-nodejs:dynamic")):
        found = "a dynamic provider"
    elif request.packageRef:
        found = "a parameterised package"
    elif request.HasField("hooks") and request.hooks.ListFields():
        found = "resource hooks"
    elif request.state_migrations:
        found = "state migrations"
    if found:
        raise NotSupported(f"{request.name} uses {found}, which the embedded engine does not run.",
                           where=request.type, fix="leave it out for local, or run this stack with `pulumi` itself")


def source_position(position: source_pb2.SourcePosition) -> str:
    """Give file:///path#line, or ""."""
    return f"{position.uri}#{position.line}" if position.uri else ""


def recorded_position(position: str, directory: Path) -> str:
    """Give the position as a state has it, project:///path#line: the same on every machine."""
    root = f"{directory.as_uri()}/"
    return f"project:///{position.removeprefix(root)}" if position.startswith(root) else position


def place(position: str) -> str | None:
    """Turn a source position into path:line, for messages."""
    if not position:
        return None
    return position.removeprefix("file://").replace("#", ":")


def seconds(text: str) -> float:
    """Read a duration such as "1h5m30s". Raises EngineError where it is none."""
    matches = list(_DURATION.finditer(text))
    if not matches or "".join(match.group(0) for match in matches) != text:
        raise EngineError(f"{text!r} is no duration.", where="custom_timeouts", fix="write 30s, 5m or 1h30m")
    return sum(float(match.group(1)) * _SECONDS[match.group(2)] for match in matches)
