"""Conditions: one operator, one context key, the values that it is held against.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any, TypeAlias

from mlstead_toolkit.access.pattern import Form, Pattern
from mlstead_toolkit.access.request import Context

Test: TypeAlias = Callable[[str, Context], bool | None]
"""Whether a value of the request fits one value of the policy; None: they cannot be compared."""

_PATTERNS: dict[str, tuple[Form, bool]] = {
    "StringEquals": ("exact", False),
    "StringEqualsIgnoreCase": ("exact", True),
    "StringLike": ("wildcard", False),
    "ArnEquals": ("arn", False),  # the same as ArnLike, says AWS
    "ArnLike": ("arn", False),
    "BinaryEquals": ("exact", False),
    "Bool": ("exact", True),
}
"""Operators that compare texts: the form of the policy's values, and whether case is no difference."""
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of a Condition block.

    Args:
        key: the context key, in lower case.
        tests: the policy's values; one of them must fit.
        negated: whether none may fit instead. An absent key then meets the condition.
        quantifier: ForAllValues, ForAnyValue, or empty.
        if_exists: whether an absent key meets the condition.
    """

    key: str
    tests: tuple[Test, ...]
    negated: bool
    quantifier: str
    if_exists: bool

    def holds(self, context: Context) -> bool:
        """Tell whether a request meets the condition."""
        every = self.quantifier == "ForAllValues" or (self.negated and not self.quantifier)
        values = context.get(self.key)
        if self.quantifier:
            values = tuple(value for value in values if value)
        if not values:
            return self.if_exists or every
        fitting = (self._fits(value, context) for value in values)
        return all(fitting) if every else any(fitting)

    def _fits(self, value: str, context: Context) -> bool:
        if self.negated:
            return all(test(value, context) is False for test in self.tests)
        return any(test(value, context) for test in self.tests)


@dataclass(frozen=True, slots=True)
class Presence:
    """A Null condition: whether the key must be absent, or must not."""

    key: str
    absent: frozenset[bool]

    def holds(self, context: Context) -> bool:
        """Tell whether a request meets the condition."""
        return (not context.get(self.key)) in self.absent


def parse(block: Mapping[str, Mapping[str, Any]], *, variables: bool) -> Iterator[Condition | Presence]:
    """Read a Condition block; all of it must hold. Raises ValueError for an operator or a value that is none."""
    for name, keys in block.items():
        quantifier, _, bare = name.rpartition(":")
        if quantifier not in ("", "ForAllValues", "ForAnyValue"):
            raise ValueError(f"{name!r} is no condition operator")
        if_exists = bare.endswith("IfExists")
        bare = bare.removesuffix("IfExists")
        for key, given in keys.items():
            values = [_text(value) for value in (given if isinstance(given, list) else [given])]
            if bare == "Null":
                yield Presence(key.lower(), frozenset(_truth(value) for value in values))
                continue
            test, negated = _operator(bare, variables)
            yield Condition(key.lower(), tuple(test(value) for value in values), negated, quantifier, if_exists)


def _operator(name: str, variables: bool) -> tuple[Callable[[str], Test], bool]:
    plain = _NEGATED.get(name, name)
    negated = plain != name
    if plain in _PATTERNS:
        form, ignore_case = _PATTERNS[plain]
        return lambda text: Pattern(text, form, variables=variables, ignore_case=ignore_case).matches, negated
    if plain == "IpAddress":
        return _address, negated
    for family, read in (("Numeric", float), ("Date", _moment)):
        compare = _COMPARISONS.get(plain.removeprefix(family)) if plain.startswith(family) else None
        if compare:
            return _comparison(compare, read), negated
    raise ValueError(f"{name!r} is no condition operator")


def _comparison(compare: Callable[[float, float], bool], read: Callable[[str], float]) -> Callable[[str], Test]:
    def against(text: str) -> Test:
        limit = read(text)

        def test(value: str, _: Context) -> bool | None:
            try:
                return compare(read(value), limit)
            except ValueError:
                return None

        return test

    return against


def _address(text: str) -> Test:
    network = ip_network(text, strict=False)

    def test(value: str, _: Context) -> bool | None:
        try:
            return ip_address(value) in network
        except ValueError:
            return None

    return test


def _moment(text: str) -> float:
    """Read an ISO 8601 date or epoch seconds."""
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"Null takes true or false, not {text!r}")
    return text.lower() == "true"
