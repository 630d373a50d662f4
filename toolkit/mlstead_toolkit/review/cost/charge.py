"""What a resource is charged for: by being there, and by being used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack


@dataclass(frozen=True)
class Charge:
    """What is paid every month, whatever is done with the resource.

    Args:
        price: its name in prices.toml.
        words: of what, and how many: `2 of ml.m5.large`.
        count: how many units; one that is priced by the hour runs all of the month.
    """

    price: str
    words: str
    count: Decimal = Decimal(1)


@dataclass(frozen=True)
class Use:
    """What is paid for use alone.

    Args:
        words: for what: `storage`, `training on ml.m5.large`.
        price: its name in prices.toml; "" where it has none there.
        count: how many units are paid for each of use: the instances of a job.
        assumption: the name in `[tool.mlstead.cost]` that says how much of it there is; "" where none does.
        kind: uses of one kind are compared with each other, before and after: `training`; "" where none is.
        each: whether the assumption counts for this resource by itself; otherwise for the environment as a whole.
    """

    words: str
    price: str = ""
    count: Decimal = Decimal(1)
    assumption: str = ""
    kind: str = ""
    each: bool = False


Charges: TypeAlias = Callable[[Resource, Stack], Iterator[Charge | Use]]


def by_use(*uses: Use) -> Charges:
    """Give the charges of a type that costs by use alone, and always by the same."""
    return lambda _resource, _stack: iter(uses)


def monthly(price: str, words: str, *uses: Use) -> Charges:
    """Give the charges of a type that costs the same every month, and something by use."""
    return lambda _resource, _stack: iter((Charge(price, words), *uses))
