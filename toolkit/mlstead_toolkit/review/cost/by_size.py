"""The price of an instance that the list has not, from another size of its family in the same region.

Within a family AWS prices most instances by their size: an xlarge costs two large. Not all of them: of g4dn, g5 or inf2
the bigger size often has no accelerator more, and that is most of the price. So a family is estimated only where the
list has several of its sizes in some region, and all of them keep to the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Final

_LISTS: Final = frozenset({"ec2", "sagemaker"})
_SIZES: Final = {"nano": Decimal("0.0625"), "micro": Decimal("0.125"), "small": Decimal("0.25"),
                 "medium": Decimal("0.5"), "large": Decimal(1), "xlarge": Decimal(2)}
_MANY_TIMES: Final = re.compile(r"(\d+)xlarge")
_DEVIATION: Final = Decimal("0.02")
_EXACT: Final = Decimal("0.0001")  # AWS lists no more digits of them


@dataclass(frozen=True)
class _Instance:
    """One size of a family.

    Args:
        family: with the list that it is priced in: `sagemaker ml.m5`.
        type: `ml.m5.xlarge`.
        size: how many of large it is.
        amount: US dollars an hour.
    """

    family: str
    type: str
    size: Decimal
    amount: Decimal

    def keeps_to(self, other: _Instance) -> bool:
        """Whether the two cost the same by size."""
        expected = other.amount * self.size / other.size
        return abs(self.amount - expected) <= expected * _DEVIATION


class BySize:
    """Estimates by size.

    Args:
        figures: region → name → US dollars.
    """

    def __init__(self, figures: Mapping[str, Mapping[str, Decimal]]) -> None:
        self._of = {region: list(_instances(prices)) for region, prices in figures.items()}
        pairs = [pair for found in self._of.values() for pair in combinations(found, 2)
                 if pair[0].family == pair[1].family]
        self.families = {one.family for one, _ in pairs} - {
            one.family for one, other in pairs if not one.keeps_to(other)}
        """Those that keep to the rule."""

    def estimate(self, name: str, region: str) -> tuple[Decimal, str] | None:
        """Give an amount and the type that it is estimated from, the nearest in size; None where nothing tells it."""
        if (wanted := _instance(name, Decimal(0))) is None or wanted.family not in self.families:
            return None
        known = [one for one in self._of.get(region, ()) if one.family == wanted.family]
        if not known:
            return None
        nearest = min(known, key=lambda one: (max(one.size, wanted.size) / min(one.size, wanted.size), one.size))
        amount = (nearest.amount * wanted.size / nearest.size).quantize(_EXACT).normalize()
        return amount, nearest.type


def _instances(prices: Mapping[str, Decimal]) -> Iterator[_Instance]:
    for name, amount in prices.items():
        if one := _instance(name, amount):
            yield one


def _instance(name: str, amount: Decimal) -> _Instance | None:
    kind, _, type_ = name.partition(" ")
    family, _, size = type_.rpartition(".")
    many = _MANY_TIMES.fullmatch(size)
    larges = Decimal(many[1]) * 2 if many else _SIZES.get(size)
    return _Instance(f"{kind} {family}", type_, larges, amount) if kind in _LISTS and larges else None
