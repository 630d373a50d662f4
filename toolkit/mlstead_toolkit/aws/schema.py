"""The vocabulary of the tables: what a property and a resource type are. Plain data, read without any AWS library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypedDict, Unpack

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.engine.values import Properties, PropertyValue

if TYPE_CHECKING:
    from mlstead_toolkit.aws.work import Work


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
    `local` properties concern the provider alone and are never sent, `unread` ones are sent and no answer of the local
    cloud carries them, so that what the program says is believed. Limits come from AWS's own service model; those
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
    unread: bool = False

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


@dataclass(frozen=True)
class AutomaticName:
    """How Pulumi names a resource that was given no name: the logical name, a dash and seven hexadecimal digits.

    `before` stands ahead of it ("alias/"); a `plain` name is the logical name alone.
    """

    property: str
    maximum: int
    lower: bool = False
    before: str = ""
    prefix_property: str | None = None
    suffix: Callable[[Properties], str] | None = None
    plain: bool = False


@dataclass(frozen=True, eq=False)
class Call:
    """One API operation; its arguments are the properties that its request has a place for.

    `also` names properties beside the key to send where only the key is sent by default (read, delete). `result` is
    where in the answer the description stands ("repositories.0"); `wrap` names the block that the whole answer is.
    `match` (member, property) picks the entry of a list. `attributes` is the member that holds properties as a map of
    strings (SNS, SQS).
    """

    operation: str
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    fixed: tuple[tuple[str, object], ...] = ()
    result: str = ""
    match: tuple[str, str] | None = None
    wrap: str | None = None
    attributes: str | None = None


@dataclass(frozen=True)
class Step:
    """Something that follows creation, or an update: a call or a function, run when one of its properties says so.

    After creation it runs where one of the properties is set to something else than its default (not when `on_create`
    is false); in an update where one of them has changed.
    """

    properties: tuple[str, ...]
    action: Call | Callable[[Work], None]
    on_create: bool = True


@dataclass(frozen=True)
class Ready:
    """How an asynchronous resource says that it is usable: a member of its description and the values it takes.

    `refuted` looks at the answer once the status is good, and gives a reason where it is not what was asked for.
    """

    status: str
    good: tuple[str, ...]
    bad: tuple[str, ...]
    reason: str = "FailureReason"
    timeout: float = 1800.0
    refuted: Callable[[Work, dict[str, object]], str | None] | None = None


@dataclass(frozen=True)
class Tagging:
    """How a service writes and lists tags. `handle`, and `more`, are (member, property) that name the resource.

    `on_create` is the member that takes them at creation: None where a call of its own does, "" where a hook does.
    `whole` is the member that replaces all tags in one call; `always` sends an empty list at creation too; `extra` are
    members with fixed values.
    """

    handle: tuple[str, str]
    listing: str
    listed: str
    add: str
    remove: str = ""
    on_create: str | None = "Tags"
    tags: str = "Tags"
    keys: str = "TagKeys"
    key: str = "Key"
    value: str = "Value"
    as_map: bool = False
    whole: str | None = None
    always: bool = False
    more: tuple[tuple[str, str], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class ResourceType:
    """One row: everything the provider must know to check, compare, create, read, update and delete a type.

    `identity` is the shape of the resource's id, made of property names in braces; those properties are the key that
    every call carries. `after_create` says where the outputs come from: the answer to the creation itself, a read, or
    (for settings that are simply put) the inputs. A `singleton` is put again to update it. `absent` tells from a
    description that nothing is there, `gone` names error codes ("Code" or "Code:part of the message") that say so.
    `conflicts` exclude each other, of `one_of` one must be given, of `together` the first needs the second.

    Hooks: `validate` gives (path, reason) for what the table cannot say; `to_api` adjusts the arguments of a call,
    `from_api` the properties read from an answer ("@operation" names it); `find` recovers an interrupted creation.
    """

    token: str
    service: str
    properties: tuple[Property, ...]
    identity: str
    create: Call
    read: Call
    delete: Call | None
    outputs: tuple[Property, ...] = ()
    reads: tuple[Call, ...] = ()
    steps: tuple[Step, ...] = ()
    name: AutomaticName | None = None
    tagging: Tagging | None = None
    after_create: Literal["answer", "read", "inputs"] = "read"
    coverage: Coverage | None = None
    ready: Ready | None = None
    wait_gone: bool = False
    singleton: bool = False
    absent: Callable[[Properties], bool] | None = None
    gone: tuple[str, ...] = ()
    conflicts: tuple[tuple[str, ...], ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    validate: Callable[[Properties], list[tuple[str, str]]] | None = None
    to_api: Callable[[str, dict[str, object], Properties], None] | None = None
    from_api: Callable[[Properties, Properties], None] | None = None
    before_delete: Callable[[Work], None] | None = None
    after_delete: Callable[[Work], str | None] | None = None
    find: Callable[[Work, float], str | None] | None = None

    @cached_property
    def by_name(self) -> dict[str, Property]:
        """The inputs by name."""
        return {row.name: row for row in self.properties}

    @cached_property
    def described(self) -> tuple[Property, ...]:
        """Inputs and outputs: everything that an answer may describe."""
        return self.properties + self.outputs

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The properties that the id is made of."""
        import re

        return tuple(re.findall(r"\{(\w+)\}", self.identity))

    @property
    def tagged(self) -> bool:
        """Whether the type carries tags."""
        return self.tagging is not None

    def calls(self) -> Iterator[Call]:
        """Give the calls that write properties, creation first."""
        yield self.create
        for step in self.steps:
            if isinstance(step.action, Call):
                yield step.action


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
    unread: bool


REGION: Final = Property("region", Kind.STRING, api="", computed=True, replaces=True)
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


def strings(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a list of strings whose order matters."""
    return _property(name, Kind.LIST, facts)


def string_set(name: str, **facts: Unpack[Facts]) -> Property:
    """Make a list of strings whose order does not matter."""
    return _property(name, Kind.SET, facts)


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
