"""Conditions, one value each, and which of them hold wherever others do.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import product
from typing import Final

from mlstead_toolkit.policies.statement import Condition as Written
from mlstead_toolkit.review.access.covering import covers

_MANY: Final = 64
"""Above so many combinations of values a statement is held to them as it was written."""
_TEXTS: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})
_EXACT: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase"})
_NEGATED: Final = {
    "StringNotEquals": "StringEquals", "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike", "ArnNotEquals": "ArnLike", "ArnNotLike": "ArnLike", "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals", "DateNotEquals": "DateEquals",
}
AGREED: Final = "what was agreed"
_SIZES: Final = frozenset({
    "sagemaker:instancetypes", "sagemaker:maxruntimeinseconds", "sagemaker:volumesizeingb", "sagemaker:instancecount",
})
"""Keys that say how much may be used of what is reached anyway: that costs, and the section on cost tells it."""
_LIMITS: Final[dict[str, Callable[[float, float], bool]]] = {
    "NumericLessThan": lambda inner, outer: inner <= outer,
    "NumericLessThanEquals": lambda inner, outer: inner <= outer,
    "NumericGreaterThan": lambda inner, outer: inner >= outer,
    "NumericGreaterThanEquals": lambda inner, outer: inner >= outer,
}


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """One key that must have one value, or like one; or must not.

    Args:
        key: the context key, as written the first time.
        operator: without quantifier, IfExists and Not.
        values: one; several only where they cannot be parted.
        negated: whether none may fit.
        quantifier: ForAllValues, ForAnyValue or empty.
        if_exists: whether an absent key meets it.
    """

    key: str
    operator: str
    values: tuple[str, ...]
    negated: bool = False
    quantifier: str = ""
    if_exists: bool = False

    @property
    def name(self) -> str:
        """The key, in which case is no difference."""
        return self.key.lower()

    def implies(self, other: Condition) -> bool:
        """Tell whether the other holds wherever this one does."""
        if (self.name, self.quantifier, self.negated) != (other.name, other.quantifier, other.negated):
            return False
        # An absent key meets what is negated anyway.
        if self.if_exists and not other.if_exists and not self.negated:
            return False
        narrow, wide = (other, self) if self.negated else (self, other)
        return all(any(_within(narrow.operator, value, wide.operator, around) for around in wide.values)
                   for value in narrow.values)

    def __str__(self) -> str:
        sign = "≠" if self.negated else "="
        if self.operator == "Null":
            return f"{self.key} is {'absent' if self.values == ('true',) else 'there'}"
        if self.operator.startswith(("Numeric", "Date")) and not self.operator.endswith("Equals"):
            sign = "<" if "Less" in self.operator else ">"
        some = {"ForAllValues": "all of ", "ForAnyValue": "any of "}.get(self.quantifier, "")
        return f"{some}{self.key} {sign} {' or '.join(self.values)}{' or absent' if self.if_exists else ''}"


Conditions = frozenset[Condition]


def imply(stronger: Iterable[Condition], weaker: Iterable[Condition]) -> bool:
    """Tell whether all of the weaker hold wherever all of the stronger do."""
    given = tuple(stronger)
    return all(any(one.implies(other) for one in given) for other in weaker)


def alternatives(written: Sequence[Written]) -> list[Conditions]:
    """Give the sets of conditions one of which must hold, parted so that another wording gives the same ones."""
    parted = [_parted(one) for one in written]
    count = 1
    for choices in parted:
        count *= len(choices)
    if count > _MANY:
        parted = [[frozenset(_whole(one))] for one in written]
    return [frozenset().union(*chosen) for chosen in product(*parted)]


def _parted(written: Written) -> list[Conditions]:
    whole = _whole(written)
    if len(whole) > 1 or whole[0].quantifier == "ForAllValues":
        return [frozenset(whole)]
    one = whole[0]
    return [frozenset({_with(one, value)}) for value in one.values] or [frozenset({one})]


def _whole(written: Written) -> list[Condition]:
    """Give a condition as all of which must hold: what is negated holds for each value by itself."""
    quantifier, _, bare = written.operator.rpartition(":")
    if_exists, bare = bare.endswith("IfExists"), bare.removesuffix("IfExists")
    negated = bare in _NEGATED
    bare = _NEGATED.get(bare, bare)
    operator = {"ArnEquals": "ArnLike", "StringEquals": "StringEquals"}.get(bare, bare)
    values = tuple(sorted({value.lower() if bare in ("Bool", "Null") else value for value in written.values}))
    if written.key.lower() in _SIZES:
        values = (AGREED,)
    one = Condition(written.key, operator, values, negated, quantifier, if_exists)
    if negated and not quantifier and values:
        return [_with(one, value) for value in values]
    return [one]


def _with(one: Condition, value: str) -> Condition:
    operator = one.operator
    # Where there is nothing to be like, equal and like are the same.
    if operator == "StringLike" and not any(sign in value for sign in "*?$"):
        operator = "StringEquals"
    return Condition(one.key, operator, (value,), one.negated, one.quantifier, one.if_exists)


def _within(operator: str, value: str, around: str, pattern: str) -> bool:
    if {operator, around} <= _TEXTS:
        if operator == "StringEqualsIgnoreCase" and around != operator:
            return pattern == "*"
        if around in _EXACT:
            plain = operator in _EXACT or not any(sign in value for sign in "*?")
            same = value.lower() == pattern.lower() if around == "StringEqualsIgnoreCase" else value == pattern
            return plain and same
        return covers(pattern, value, form="arn" if around == "ArnLike" else "wildcard")
    if operator != around:
        return False
    if operator == "IpAddress":
        return subnet(value, pattern)
    if operator in _LIMITS:
        try:
            return _LIMITS[operator](float(value), float(pattern))
        except ValueError:
            return value == pattern
    return value == pattern


def subnet(inner: str, outer: str) -> bool:
    """Tell whether a block of addresses lies in another."""
    try:
        one, other = ip_network(inner, strict=False), ip_network(outer, strict=False)
    except ValueError:
        return inner == outer
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.subnet_of(other)
    return isinstance(one, IPv6Network) and isinstance(other, IPv6Network) and one.subnet_of(other)
