"""AWS's list prices, as prices.toml has them: of each region, dated, with their source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from mlstead_toolkit.review.cost.by_size import BySize

FILE: Final = Path(__file__).with_name("prices.toml")
HOURS: Final = Decimal(730)
"""Of a month, as AWS's own calculator counts them."""
EVERYWHERE: Final = "*"


@dataclass(frozen=True)
class Price:
    """What one unit costs.

    Args:
        amount: US dollars, without tax.
        unit: h, month, GB and so on.
        like: the size of the same family that it is estimated from: `ml.m5.xlarge`; "" where it is listed itself.
    """

    amount: Decimal
    unit: str
    like: str = ""

    @property
    def estimated(self) -> bool:
        """Whether it is an estimate."""
        return bool(self.like)

    @property
    def in_words(self) -> str:
        """The amount: `$0.257`, or `about $0.514 (by size from ml.m5.xlarge)`."""
        return f"about ${self.amount} (by size from {self.like})" if self.like else f"${self.amount}"

    @property
    def in_words_per_unit(self) -> str:
        """Likewise: `$0.257 per h`, or `about $0.514 per h (by size from ml.m5.xlarge)`."""
        how = f" (by size from {self.like})" if self.like else ""
        return f"{'about ' if self.like else ''}${self.amount} per {self.unit}{how}"

    @property
    def a_month(self) -> Decimal:
        """What it costs to have one unit all of a month."""
        return self.amount * HOURS if self.unit == "h" else self.amount

    @property
    def a_month_in_words(self) -> str:
        """How that is counted: `730 h at $0.128`."""
        return f"{HOURS} h at {self.in_words}" if self.unit == "h" else f"${self.amount} a {self.unit}"


class Prices:
    """A list of prices.

    Args:
        figures: region → name → US dollars.
        units: the first word of a name → unit.
    """

    def __init__(self, figures: Mapping[str, Mapping[str, Decimal]], units: Mapping[str, str]) -> None:
        self._figures, self._units = figures, units
        self._by_size = BySize(figures)

    def find(self, name: str, region: str) -> Price | None:
        """Give a price, or an estimate by size; None where the list has nothing for the region to tell it from."""
        amount = self._figures.get(region, {}).get(name, self._figures.get(EVERYWHERE, {}).get(name))
        if amount is not None and region:
            return Price(amount, self.unit(name))
        estimate = self._by_size.estimate(name, region)
        return Price(estimate[0], self.unit(name), estimate[1]) if estimate else None

    def unit(self, name: str) -> str:
        """Give in what something is counted: `sagemaker ml.m5.large` in h."""
        return self._units[name.partition(" ")[0]]


@cache
def list_prices() -> Prices:
    """Give the list that comes with mlstead."""
    body = read_list()
    figures: dict[str, dict[str, Decimal]] = {}
    for block in body["list"]:
        for region in block["regions"]:
            figures.setdefault(region, {}).update(block["prices"])
    return Prices(figures, body["units"])


def read_list() -> dict[str, Any]:
    """Read the file as it is, amounts as Decimal."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)
