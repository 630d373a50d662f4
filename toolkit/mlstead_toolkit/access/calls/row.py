"""The shape of the tables: a row for each operation, a `Service` for each file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from mlstead_toolkit.access.calls.call import ApiCall, Known, Need
from mlstead_toolkit.access.calls.parameters import tags_at, values_at
from mlstead_toolkit.access.calls.template import Template
from mlstead_toolkit.access.request import Value

More: TypeAlias = Callable[[ApiCall, Known], Iterator[Need]]
RESOURCE = "@"
"""Stands for what the resource itself tells, where else a place in the parameters is named."""


@dataclass(frozen=True, slots=True, init=False)
class Row:
    """What one operation asks.

    Args:
        resources: what follows the service's part of the ARNs of all that it is done to, as `Template` reads it; what
            is created or tagged comes first. None: the action knows no resource.
        action: where it is not the operation's name.
        instead: a parameter, and the action that its presence makes of it.
        context: context key → where in the parameters its value stands; a template of an ARN; or RESOURCE.
        passes: where the ARNs of roles stand that are handed over.
        passed_to: whom to, where it is not the service itself.
        tags: where tags stand.
        tagging: the action that they need, where it is not the service's.
        only: all that has to be allowed, where none of the above tells it.
        more: what else has to be allowed.
    """

    resources: tuple[Template, ...]
    action: str
    instead: tuple[str, str] | None
    context: Mapping[str, str | Template]
    passes: tuple[str, ...]
    passed_to: str
    tags: str
    tagging: str
    only: More | None
    more: More | None

    def __init__(
        self, *resources: str, action: str = "", instead: tuple[str, str] | None = None,
        context: Mapping[str, str] | None = None, passes: tuple[str, ...] = (), passed_to: str = "", tags: str = "",
        tagging: str = "", only: More | None = None, more: More | None = None,
    ) -> None:
        places = {key: Template(place) if "{" in place else place for key, place in (context or {}).items()}
        for name, value in (
            ("resources", tuple(Template(text) for text in resources)), ("action", action), ("instead", instead),
            ("context", places), ("passes", passes), ("passed_to", passed_to), ("tags", tags),
            ("tagging", tagging), ("only", only),
            ("more", more),
        ):
            object.__setattr__(self, name, value)


def each(
    operations: str, *resources: str, tags: str = "", context: Mapping[str, str] | None = None, more: More | None = None
) -> dict[str, Row]:
    """Give one row to several operations, named with spaces between."""
    row = Row(*resources, tags=tags, context=context, more=more)
    return dict.fromkeys(operations.split(), row)


@dataclass(frozen=True, slots=True)
class Service:
    """The table of one service.

    Args:
        prefix: of its actions.
        rows: operation → row.
        arn: what its ARNs begin with.
        tagging: the action that tags need which are given at creation.
        tagging_key: the context key that tells this action which operation tags.
        tag_keys: what the context keys for a resource's tags begin with, beside aws:ResourceTag.
        traits: context keys that the resource itself tells, in every call.
        keys: context keys that follow from the account and region of the call.
        passed_to: whom roles are handed over to.
    """

    prefix: str
    rows: Mapping[str, Row]
    arn: str = "arn:{partition}:{prefix}:{region}:{account}:"
    tagging: str = ""
    tagging_key: str = ""
    tag_keys: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    passed_to: str = ""

    def needs(self, call: ApiCall, known: Known) -> Iterator[Need]:
        """Give all that a call needs. Raises KeyError for an operation that has no row."""
        row, given = self.rows[call.operation], call.parameters
        if row.only is not None:
            yield from row.only(call, known)
            return
        start = self.start(call)
        keys: dict[str, Value] = {
            key: text.format(region=call.region, account=call.account) for key, text in self.keys.items()
        }
        asked = keys | dict(_context(row, call, known, start))
        tags = tags_at(given, row.tags) if row.tags else {}
        tagging: dict[str, Value] = {f"aws:RequestTag/{name}": value for name, value in tags.items()}
        if tags:
            tagging["aws:TagKeys"] = [*tags]
        resources = [arn for one in row.resources for arn in one.filled(call, known, start)] or ["*"]
        action = row.action or f"{self.prefix}:{call.operation}"
        if row.instead and values_at(given, row.instead[0]):
            action = row.instead[1]
        for resource in resources:
            yield Need(action, resource, asked | tagging | self._told(row, known, resource))
        if tags and (also := row.tagging or self.tagging) not in ("", action):
            how: dict[str, Value] = {self.tagging_key: call.operation} if self.tagging_key else {}
            yield Need(also, resources[0], keys | tagging | how)
        for role in dict.fromkeys(role for path in row.passes for role in values_at(given, path)):
            yield Need("iam:PassRole", role, {
                "iam:PassedToService": row.passed_to or self.passed_to, "iam:AssociatedResourceArn": resources[0],
                **_tagged(known, role, ("iam:ResourceTag",)),
            })
        if row.more is not None:
            yield from row.more(call, known)

    def start(self, call: ApiCall) -> str:
        """Give what the ARNs of a call begin with."""
        return self.arn.format(prefix=self.prefix, partition=call.partition, region=call.region, account=call.account)

    def _told(self, row: Row, known: Known, resource: str) -> dict[str, Value]:
        keys = (*self.traits, *(key for key, place in row.context.items() if place == RESOURCE))
        traits = known.traits(resource) if keys else {}
        return {key: traits[key] for key in keys if key in traits} | _tagged(known, resource, self.tag_keys)


def _context(row: Row, call: ApiCall, known: Known, start: str) -> Iterator[tuple[str, Value]]:
    for key, place in row.context.items():
        if isinstance(place, Template):
            found = [*place.filled(call, known, start)]
        else:
            found = values_at(call.parameters, place)
        if found:
            yield key, found


def _tagged(known: Known, resource: str, keys: tuple[str, ...]) -> dict[str, Value]:
    if "*" in resource:
        return {}
    return {
        f"{key}/{name}": value
        for name, value in known.tags(resource).items() for key in ("aws:ResourceTag", *keys)
    }
