"""Property values as the engine and its providers see them.

A property value is JSON (None, bool, int, float, str, list, dict) in which five more things may stand: UNKNOWN, a
Secret, an Asset, an Archive, or a ResourceReference. Whole numbers are ints, whatever the wire made of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, final

PropertyValue: TypeAlias = Any
Properties: TypeAlias = dict[str, PropertyValue]


@final
class Unknown:
    """A value that only the cloud will tell; there is one instance, UNKNOWN."""

    _instance: Unknown | None = None

    def __new__(cls) -> Unknown:
        """Give the one instance."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, memo: dict[int, Any]) -> Unknown:
        return self

    def __bool__(self) -> bool:
        raise TypeError("an unknown value has no truth: test with contains_unknown() first")


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is encrypted in the state and never shown; providers receive it unwrapped."""

    value: PropertyValue

    def __repr__(self) -> str:
        return "Secret([secret])"


@dataclass(frozen=True, slots=True, eq=False)
class Asset:
    """A file, a text or a remote object; exactly one of path, text and uri is set.

    Paths are absolute. Two assets are equal when their content hashes (SHA-256, hexadecimal) are, wherever they lie.
    """

    path: str | None = None
    text: str | None = None
    uri: str | None = None
    hash: str = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Asset):
            return NotImplemented
        if self.hash and other.hash:
            return self.hash == other.hash
        return (self.path, self.text, self.uri) == (other.path, other.text, other.uri)

    def __hash__(self) -> int:
        return hash(self.hash)


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """A folder or archive file, a remote one, or a mapping of names to assets and archives; compared by hash."""

    path: str | None = None
    uri: str | None = None
    assets: tuple[tuple[str, Any], ...] | None = None
    hash: str = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Archive):
            return NotImplemented
        if self.hash and other.hash:
            return self.hash == other.hash
        return (self.path, self.uri, self.assets) == (other.path, other.uri, other.assets)

    def __hash__(self) -> int:
        return hash(self.hash)


@dataclass(frozen=True, slots=True)
class ResourceReference:
    """A resource that is itself a value; a provider receives its id, or its URN where it has none (a component)."""

    urn: str
    id: PropertyValue = None
    package_version: str = ""


def walk(value: PropertyValue) -> Iterator[PropertyValue]:
    """Yield the value and everything inside it, depth first."""
    yield value
    if isinstance(value, dict):
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)
    elif isinstance(value, Secret):
        yield from walk(value.value)


def contains_unknown(value: PropertyValue) -> bool:
    """Tell whether any part of the value is unknown."""
    return any(inner is UNKNOWN for inner in walk(value))


def contains_secret(value: PropertyValue) -> bool:
    """Tell whether any part of the value is secret."""
    return any(isinstance(inner, Secret) for inner in walk(value))


def reveal(value: PropertyValue) -> PropertyValue:
    """Strip every Secret wrapper and turn references into ids: what a provider receives."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, ResourceReference):
        return value.urn if value.id is None else value.id
    if isinstance(value, dict):
        return {key: reveal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [reveal(inner) for inner in value]
    return value


def mask(value: PropertyValue) -> PropertyValue:
    """Replace every Secret by "[secret]": what a plan, a log or a report may show."""
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, dict):
        return {key: mask(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [mask(inner) for inner in value]
    return value
