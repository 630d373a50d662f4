"""What a property of a resource type is, and the words that the tables write properties with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal, TypedDict, Unpack

from mlstead_toolkit.engine.values import Properties, PropertyValue


class Kind(StrEnum):
    """What a value of a property is; the check, the comparison and the conversion to the API all follow from it."""

    STRING = "a string"
    INTEGER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    MAP = "a mapping of strings"
    LIST = "a list"
    SET = "a list (in any order)"
    OBJECT = "an object"
    JSON = "a JSON document"
    POLICY = "an IAM policy document"
    ARN = "an ARN"
    ASSET = "an asset"


@dataclass(frozen=True, eq=False)
class Property:
    """One property of a resource type, or of a block inside it.

    `api` is the member of AWS's request and answer where it is not the name itself: dots descend into structures, ""
    says that there is none. A list without `fields` holds values of kind `item`. `computed` means that AWS chooses a
    value where none is given, so that leaving it out is no change; `template` is what an output is made of where no
    answer carries it; `volatile` outputs change with any update; `by_tail` compares an ARN with the id that it ends in;
    `chosen` ones may change in place, but not be taken up or given up: that takes a new resource.
    `local` properties concern the provider alone and are never sent. Limits come from AWS's own service model; those
    given here add to or replace them. `unsupported` says why the property is refused.
    """

    name: str
    kind: Kind
    fields: tuple[Property, ...] = ()
    item: Kind = Kind.STRING
    api: str | None = None
    required: bool = False
    replaces: bool = False
    computed: bool = False
    secret: bool = False
    default: PropertyValue = None
    enum: tuple[PropertyValue, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    attached: Literal["identity", "resource", "trust"] = "identity"
    template: str | Callable[[Properties], str] | None = None
    by_tail: bool = False
    volatile: bool = False
    unsupported: str | None = None
    local: bool = False
    chosen: bool = False

    @cached_property
    def by_name(self) -> dict[str, Property]:
        """The fields of a block by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Where AWS may keep it, lower case, most likely first: the name given, the name itself, and its singular."""
        if self.api is not None:
            return (tuple(self.api.lower().split(".")),)
        name = self.name.lower()
        return ((name,), (name[:-1],)) if name.endswith("s") else ((name,),)


class Facts(TypedDict, total=False):
    """What a row may say of a property beside its name and kind; Property explains each."""

    api: str | None
    required: bool
    replaces: bool
    computed: bool
    secret: bool
    default: PropertyValue
    enum: tuple[PropertyValue, ...] | None
    minimum: float | None
    maximum: float | None
    pattern: str | None
    attached: Literal["identity", "resource", "trust"]
    template: str | Callable[[Properties], str] | None
    by_tail: bool
    volatile: bool
    local: bool
    chosen: bool


REGION: Final = Property("region", Kind.STRING, api="", computed=True, replaces=True,
                         pattern=r"[a-z]{2}(-[a-z]+)+-\d")
TAGS: Final = Property("tags", Kind.MAP, api="", local=True)


def string(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a string property."""
    return _property(name, Kind.STRING, facts)


def arn(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a property that holds an ARN."""
    return _property(name, Kind.ARN, facts)


def integer(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a whole number."""
    return _property(name, Kind.INTEGER, facts)


def number(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a number."""
    return _property(name, Kind.NUMBER, facts)


def boolean(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a truth value."""
    return _property(name, Kind.BOOLEAN, facts)


def mapping(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a mapping of strings to strings."""
    return _property(name, Kind.MAP, facts)


def string_set(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a list of strings whose order does not matter."""
    return _property(name, Kind.SET, facts)


def string_list(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a list of strings in a given order."""
    return _property(name, Kind.LIST, facts)


def arn_set(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a list of ARNs whose order does not matter."""
    return _property(name, Kind.SET, facts, item=Kind.ARN)


def document(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a JSON document, compared by what it says."""
    return _property(name, Kind.JSON, facts)


def policy(name: str, **facts: Unpack[Facts]) -> Property:
    """Make an IAM policy document; `attached` says to what: an identity, a resource, or a role as its trust policy."""
    return _property(name, Kind.POLICY, facts)


def asset(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a property that takes an asset or an archive."""
    return _property(name, Kind.ASSET, facts)


def block(name: str, *fields: Property, **facts: Unpack[Facts]) -> Property:
    """Make a nested block that may stand once."""
    return _property(name, Kind.OBJECT, facts, fields)


def blocks(name: str, *fields: Property, ordered: bool = True, **facts: Unpack[Facts]) -> Property:
    """Make a nested block that may stand several times."""
    return _property(name, Kind.LIST if ordered else Kind.SET, facts, fields, Kind.OBJECT)


def unsupported(reason: str, *names: str) -> tuple[Property, ...]:
    """Name properties that pulumi-aws has and this provider refuses, and why."""
    return tuple(Property(name, Kind.STRING, unsupported=reason) for name in names)


def replacing(*rows: Property) -> tuple[Property, ...]:
    """Mark every row as one that only a new resource can take."""
    return tuple(replace(row, replaces=True) for row in rows)


def _property(name: str, kind: Kind, facts: Facts, fields: tuple[Property, ...] = (), item: Kind = Kind.STRING
              ) -> Property:
    return Property(name, kind, fields, item, **facts)
