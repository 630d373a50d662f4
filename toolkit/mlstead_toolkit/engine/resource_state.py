"""One resource as the state has it: Pulumi's ResourceV3, whose unknown members are kept as they are."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from mlstead_toolkit.engine.values import Properties, PropertyValue


@dataclass(slots=True)
class ResourceState:
    """A resource of a deployment; `serial` tells entries of one URN apart and is not written."""

    urn: str
    type: str
    custom: bool = False
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    parent: str = ""
    protect: bool = False
    external: bool = False
    dependencies: list[str] = field(default_factory=list)
    init_errors: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    delete: bool = False
    pending_replacement: bool = False
    taint: bool = False
    additional_secret_outputs: list[str] = field(default_factory=list)
    custom_timeouts: dict[str, float] = field(default_factory=dict)  # seconds, by create, update, delete
    import_id: str = ""
    retain_on_delete: bool = False
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)
    created: str = ""
    modified: str = ""
    source_position: str = ""
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    replacement_trigger: PropertyValue = None
    unknown_members: dict[str, Any] = field(default_factory=dict)
    serial: int = -1

    def references(self) -> list[str]:
        """List the URNs that must come before this one in a state: all but the provider's."""
        found = [self.parent] if self.parent else []
        found += self.dependencies
        for urns in self.property_dependencies.values():
            found += urns
        if self.deleted_with:
            found.append(self.deleted_with)
        return found + self.replace_with

    def copy(self, **changes: Any) -> ResourceState:
        """Give a shallow copy with some members changed."""
        return dataclasses.replace(self, **changes)

    def same_as(self, other: ResourceState) -> bool:
        """Tell whether the two would be written alike, times and places in the source aside."""
        return all(getattr(self, name) == getattr(other, name) for name in _COMPARED)

    def to_json(self) -> dict[str, Any]:
        """Give the members as they are written; special values stay objects for the encoder."""
        result: dict[str, Any] = {"urn": self.urn, "custom": self.custom, "type": self.type}
        for name, key in _WRITTEN:
            if value := getattr(self, name):
                result[key] = value
        if self.replacement_trigger is not None:
            result["replacementTrigger"] = self.replacement_trigger
        if self.custom_timeouts:
            result["customTimeouts"] = self.custom_timeouts
        return result | self.unknown_members

    @classmethod
    def from_json(cls, data: dict[str, Any], serial: int) -> ResourceState:
        """Read the members of a ResourceV3 whose property values are decoded already."""
        state = cls(urn=data["urn"], type=data["type"], custom=bool(data.get("custom")), serial=serial)
        for name, key in _WRITTEN:
            if key in data:
                setattr(state, name, data[key])
        state.replacement_trigger = data.get("replacementTrigger")
        state.custom_timeouts = data.get("customTimeouts") or {}
        state.unknown_members = {key: value for key, value in data.items() if key not in _KNOWN}
        return state


_WRITTEN = (
    ("id", "id"), ("inputs", "inputs"), ("outputs", "outputs"), ("parent", "parent"), ("protect", "protect"),
    ("external", "external"), ("dependencies", "dependencies"), ("init_errors", "initErrors"),
    ("provider", "provider"), ("property_dependencies", "propertyDependencies"), ("delete", "delete"),
    ("pending_replacement", "pendingReplacement"), ("taint", "taint"),
    ("additional_secret_outputs", "additionalSecretOutputs"), ("import_id", "importID"),
    ("retain_on_delete", "retainOnDelete"), ("deleted_with", "deletedWith"), ("replace_with", "replaceWith"),
    ("created", "created"), ("modified", "modified"), ("source_position", "sourcePosition"),
    ("ignore_changes", "ignoreChanges"), ("replace_on_changes", "replaceOnChanges"),
)
_KNOWN = {key for _, key in _WRITTEN} | {"urn", "custom", "type", "replacementTrigger", "customTimeouts"}
_COMPARED = [item.name for item in dataclasses.fields(ResourceState)
             if item.name not in ("serial", "created", "modified", "source_position")]
