"""The environment's own account, written the same in every environment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from mlstead_toolkit.engine.values import reveal
from mlstead_toolkit.review.comparison import Graph
from mlstead_toolkit.review.symbolic.symbols import ACCOUNT

_NUMBER: Final = re.compile(r"(?<![0-9A-Fa-f])\d{12}(?![0-9A-Fa-f])")
_ACCOUNT_FIELD: Final = 4


def own_accounts(graph: Graph | None) -> frozenset[str]:
    """Give the accounts that are an environment's own, on one side: of its foundation, and of what it makes."""
    return frozenset(() if graph is None else _found(graph))


def without_account(text: str, accounts: Collection[str]) -> str:
    """Write a symbol in place of the environment's own account; another's stays."""
    return _NUMBER.sub(lambda found: ACCOUNT if found[0] in accounts else found[0], text)


def _found(graph: Graph) -> Iterator[str]:
    for outputs in graph.references.values():
        yield from _named(outputs)
    for state in graph.resources:
        arn = reveal(state.outputs.get("arn"))
        # An ARN that was put in is another's: that of the topic that a policy is for.
        if isinstance(arn, str) and arn.startswith("arn:") and "arn" not in state.inputs:
            account = [*arn.split(":"), *[""] * _ACCOUNT_FIELD][_ACCOUNT_FIELD]
            if account.isdigit():
                yield account


def _named(value: Any) -> Iterator[str]:
    value = reveal(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "account_id" and isinstance(inner, str):
                yield inner
            else:
                yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)
