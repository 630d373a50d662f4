"""What a resource type is: its properties, and the calls, steps, tags and waits that make it. Plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import Property
from mlstead_toolkit.engine.values import Properties

if TYPE_CHECKING:
    from mlstead_toolkit.aws.work import Work


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
    `match` picks the entry of a list: (member, property), or what tells by the entry and the state. `attributes` is the
    member that holds properties as a map of strings (SNS, SQS). `ids` is for calls about many resources at once:
    (member, property), the list that names ours, sent alone; `filters` are EC2's, (name, value made of properties).
    """

    operation: str
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    fixed: tuple[tuple[str, object], ...] = ()
    result: str = ""
    match: tuple[str, str] | Callable[[Properties, Properties], bool] | None = None
    wrap: str | None = None
    attributes: str | None = None
    ids: tuple[str, str] | None = None
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Step:
    """Something that follows creation, or an update: a call or a function, run when one of its properties says so.

    After creation it runs where one of the properties is set to something else than its default (not when `on_create`
    is false); in an update where one of them has changed. One without properties always runs after creation. A step may
    run twice: after a creation that was cut off, all of them run again.
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

    `on_create` is the member that takes them at creation: None where a call of its own does, "" where a hook does;
    `again` says that a call of its own does, too, since an emulator forgets those that came with creation.
    `whole` is the member that replaces all tags in one call; `always` sends an empty list at creation too; `extra` are
    members with fixed values. `specification` is EC2's way: the kind of resource that tags are specified for ("vpc");
    its calls take several resources and list them by a filter.
    """

    handle: tuple[str, str]
    listing: str
    listed: str
    add: str
    remove: str = ""
    on_create: str | None = "Tags"
    again: bool = False
    tags: str = "Tags"
    keys: str = "TagKeys"
    key: str = "Key"
    value: str = "Value"
    as_map: bool = False
    whole: str | None = None
    always: bool = False
    more: tuple[tuple[str, str], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    specification: str | None = None


@dataclass(frozen=True, eq=False)
class ResourceType:
    """One row: everything the provider must know to check, compare, create, read, update and delete a type.

    `identity` is the shape of the resource's id, made of property names in braces; those properties are the key that
    every call carries. A `singleton` is put again to update it. `absent` tells from a
    description that nothing is there, `gone` names error codes ("Code" or "Code:part of the message") that say so.
    `conflicts` exclude each other, of `one_of` one must be given, of `together` the first needs the second. One that is
    not `importable` has an id that tells nothing.

    Hooks: `validate` gives (path, reason) for what the table cannot say; `to_api` adjusts the arguments of a call,
    `from_api` the properties read from an answer ("@operation" names it, "@state" is what is known); `find` recovers an
    interrupted creation.
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
    coverage: Coverage | None = None
    ready: Ready | None = None
    wait_gone: bool = False
    singleton: bool = False
    importable: bool = True
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
