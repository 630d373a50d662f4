"""The cost of one side of a change: of each resource, and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.policies.analysis import as_resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.comparison import Graph
from mlstead_toolkit.review.cost.estimate import Estimate, Estimator, cents
from mlstead_toolkit.review.cost.prices import Prices
from mlstead_toolkit.review.cost.region import regions
from mlstead_toolkit.review.cost.usage import Usage


@dataclass(frozen=True)
class Side:
    """What one side costs.

    Args:
        resources: URN → what it costs, of what is not free.
        shared: name in `[tool.mlstead.cost]` → what that use of the whole environment costs.
    """

    resources: Mapping[str, Estimate] = field(default_factory=dict)
    shared: Mapping[str, Estimate] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph, stack: tuple[str, str], prices: Prices, usage: Usage) -> Side:
        """Estimate every resource of a graph.

        Args:
            graph: the side.
            stack: the project, and the environment.
            prices: the list.
            usage: what is assumed of its use.
        """
        resources = tuple(map(as_resource, graph.resources))
        estimator, where = Estimator(Stack(*stack, resources), prices, usage), regions(graph.resources)
        found = {one.urn: estimator.estimate(one, where[one.urn]) for one in resources}
        shared: dict[str, Estimate] = {}
        for urn, estimate in found.items():
            for assumption, name in estimate.shared.items():
                if (price := prices.find(name, where[urn])) and assumption not in shared:
                    amount = usage.amounts[assumption]
                    shared[assumption] = Estimate(cents(amount * price.amount),
                                                  (f"{amount} {price.unit} at ${price.amount}, as assumed",))
        return cls({urn: one for urn, one in found.items() if not one.free}, shared)

    @property
    def sum(self) -> Decimal:
        """What is known of it."""
        return sum((one.monthly or Decimal(0) for one in (*self.resources.values(), *self.shared.values())),
                   cents(Decimal(0)))

    @property
    def unknown(self) -> Iterator[str]:
        """What is not in the sum, by type, with the number of resources."""
        alike = Counter((urns.type_of(urn), one.unknown) for urn, one in self.resources.items() if one.unknown)
        for (type_, parts), count in sorted(alike.items()):
            yield f"{count} of {type_}: {'; '.join(parts)}"
