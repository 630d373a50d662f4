"""For every type that is known, what it is charged for."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Final

from mlstead_toolkit.policies.type_pattern import is_one_of
from mlstead_toolkit.review.cost import services
from mlstead_toolkit.review.cost.charge import Charges
from mlstead_toolkit.review.cost.free import FREE


def _collected() -> dict[str, Charges]:
    found: dict[str, Charges] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(services.__path__)):
        found |= importlib.import_module(f"{services.__name__}.{name}").CHARGES
    return found


TARIFF: Final[Mapping[str, Charges]] = _collected()


def is_free(type_: str) -> bool:
    """Tell whether a type costs nothing by itself; whatever is not of AWS does not."""
    return type_ not in TARIFF and (not type_.startswith("aws:") or is_one_of(type_, FREE))
