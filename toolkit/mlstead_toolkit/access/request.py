"""What is asked: who wants to do what to which resource, in which circumstances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from mlstead_toolkit.access.principal import Principal

Value: TypeAlias = str | bool | int | float | Sequence[str]


class Context:
    """The context keys of a request. Names are not case-sensitive; a key with no value counts as absent.

    Args:
        values: context key → value, or values where a request may have several.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values = {key.lower(): _texts(value) for key, value in (values or {}).items()}

    def get(self, key: str) -> tuple[str, ...]:
        """Give the values of a key, named in lower case; none where the request has no such key."""
        return self._values.get(key, ())

    def __or__(self, other: Context) -> Context:
        merged = Context()
        merged._values = self._values | other._values
        return merged


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Args:
        principal: who asks.
        action: what, as policies name it: s3:GetObject.
        resource: ARN of what it is done to; "*" for an action that knows no resource.
        context: the circumstances. What follows from the principal (aws:PrincipalArn, aws:PrincipalAccount,
            aws:PrincipalTag/…) need not be given.
    """

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=Context)

    def __post_init__(self) -> None:
        object.__setattr__(self, "context", Context(self.principal.context) | self.context)


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str | int | float):
        return (str(value),)
    return tuple(value)
