"""What one resource costs a month, and by what it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from mlstead_toolkit.policies.block import Malformed, NotDecided
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.cost.charge import Charge, Use
from mlstead_toolkit.review.cost.prices import Prices
from mlstead_toolkit.review.cost.tariff import TARIFF, is_free
from mlstead_toolkit.review.cost.usage import Usage

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Estimate:
    """What is known of a resource's cost.

    Args:
        monthly: US dollars a month, to the cent; None where a part of it has no price.
        basis: how it is counted, a part each.
        unknown: what depends on use, or has no price, a part each.
        unpriced: what has a price that is not known: its name → how many units, and why.
        rates: kind of use → what an hour of it costs; None where that has no price.
        shared: what is used, and counted for the environment as a whole: assumption → price of a unit.
        estimated: whether a price in the amount is an estimate.
    """

    monthly: Decimal | None = Decimal(0)
    basis: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unpriced: Mapping[str, tuple[Decimal, str]] = field(default_factory=dict)
    rates: Mapping[str, Decimal | None] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    estimated: bool = False

    @property
    def free(self) -> bool:
        """Whether nothing is ever paid."""
        return self.monthly == 0 and not self.unknown and not self.basis


FREE: Final = Estimate()


class Estimator:
    """Says what the resources of a stack cost.

    Args:
        stack: the stack.
        prices: the list.
        usage: what is assumed of its use.
    """

    def __init__(self, stack: Stack, prices: Prices, usage: Usage) -> None:
        self._stack, self._prices, self._usage = stack, prices, usage

    def estimate(self, resource: Resource, region: str) -> Estimate:
        """Give what a resource costs in a region."""
        if is_free(resource.type):
            return FREE
        if resource.type not in TARIFF:
            return _not_known("no price is known for it")
        sheet = _Sheet(self._prices, self._usage, region)
        try:
            for item in TARIFF[resource.type](resource, self._stack):
                sheet.enter(item)
        except NotDecided as needed:
            return _not_known(f"{needed} is not known")
        except Malformed as error:
            return _not_known(str(error))
        return sheet.estimate()


def _not_known(why: str) -> Estimate:
    return Estimate(None, (), (why,), {why: (Decimal(1), why)})


class _Sheet:
    """Sums up the charges of one resource."""

    def __init__(self, prices: Prices, usage: Usage, region: str) -> None:
        self._prices, self._usage, self._region = prices, usage, region
        self._monthly: Decimal | None = Decimal(0)
        self._basis: list[str] = []
        self._unknown: list[str] = []
        self._unpriced: dict[str, tuple[Decimal, str]] = {}
        self._rates: dict[str, Decimal | None] = {}
        self._shared: dict[str, str] = {}
        self._estimated = False

    def enter(self, item: Charge | Use) -> None:
        if isinstance(item, Charge):
            self._charge(item)
        else:
            self._use(item)

    def estimate(self) -> Estimate:
        monthly = None if self._monthly is None else cents(self._monthly)
        return Estimate(monthly, tuple(self._basis), tuple(self._unknown), self._unpriced, self._rates,
                        self._shared, self._estimated)

    def _charge(self, item: Charge) -> None:
        price = self._prices.find(item.price, self._region)
        if price is None:
            self._monthly = None
            self._not_priced(item)
            return
        self._add(price.a_month * item.count)
        self._estimated |= price.estimated
        self._basis.append(f"{item.words}, {price.a_month_in_words}")

    def _use(self, item: Use) -> None:
        price = self._prices.find(item.price, self._region) if item.price else None
        if item.kind:
            rate = None if price is None else price.amount * item.count
            before = self._rates.get(item.kind, Decimal(0))
            self._rates[item.kind] = None if rate is None or before is None else before + rate
        amount = self._usage.amounts.get(item.assumption)
        if item.each and price is not None and amount is not None:
            self._add(price.amount * item.count * amount)
            self._estimated |= price.estimated
            self._basis.append(f"{item.words}, {amount} {price.unit} at {price.in_words}, as {item.assumption} assumes")
        elif price is None and item.price:
            self._not_priced(item)
        elif price is None:
            self._unknown.append(item.words)
        elif amount is not None:
            self._shared[item.assumption] = item.price
        else:
            self._unknown.append(f"{item.words} at {price.in_words_per_unit}")

    def _add(self, amount: Decimal) -> None:
        if self._monthly is not None:
            self._monthly += amount

    def _not_priced(self, item: Charge | Use) -> None:
        why = f"{item.words}: no price is known for {self._region or 'its region'}"
        self._unknown.append(why)
        units, _ = self._unpriced.get(item.price, (Decimal(0), ""))
        self._unpriced[item.price] = (units + item.count, why)


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, halves up, as a bill does."""
    return amount.quantize(_CENT, ROUND_HALF_UP)
