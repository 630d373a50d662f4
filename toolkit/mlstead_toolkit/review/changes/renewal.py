"""What only stands for a resource or the account in a value, said so that it is the same in every environment.

What is made anew gets another id, and whatever names it changes too: said by the resource, not by made-up digits.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from mlstead_toolkit.engine.plan import Operation, PropertyChange
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import reveal
from mlstead_toolkit.review.accounts import own_accounts, without_account
from mlstead_toolkit.review.changes.states import States
from mlstead_toolkit.review.comparison import Comparison

_IDENTITIES: Final = ("arn", "name", "bucket", "id")
_SHORTEST: Final = 8  # anything shorter, such as the number of a version, stands in other texts too


class Renewal:
    """The ids, ARNs and automatic names of what is replaced, on both sides, and the environment's own account.

    Args:
        comparison: the environment.
        states: its resources.
    """

    def __init__(self, comparison: Comparison, states: States) -> None:
        old: dict[str, str] = {}
        new: dict[str, str] = {}
        for step in comparison.steps:
            before, after = states.pair(step)
            if step.operation is not Operation.REPLACE or before is None or after is None:
                continue
            if any(change.path in _IDENTITIES for change in step.changes):
                continue  # the program names it, and both names say more
            called = f"{step.type.rpartition(':')[2]} {step.name}".replace('"', "'")
            was, now = identity(before), identity(after)
            for key in was.keys() & now.keys():
                if was[key] != now[key] and min(len(was[key]), len(now[key])) >= _SHORTEST:
                    old[was[key]], new[now[key]] = f"⟨old {called}⟩", f"⟨new {called}⟩"
        # An account that one side alone has is a difference.
        sides = [own_accounts(graph) for graph in (comparison.before, comparison.after) if graph is not None]
        accounts = frozenset.intersection(*sides) if sides else frozenset[str]()
        self._old, self._new = _Words(old, accounts), _Words(new, accounts)

    def told(self, change: PropertyChange) -> PropertyChange:
        """Say what is old and what is new in a change."""
        return dataclasses.replace(change, before=self._old(change.before), after=self._new(change.after))


class _Words:
    def __init__(self, words: Mapping[str, str], accounts: Collection[str]) -> None:
        self._words, self._accounts = words, accounts
        # The longest first: an ARN holds a name.
        longest = sorted(words, key=lambda one: (-len(one), one))
        self._pattern = re.compile("|".join(map(re.escape, longest))) if words else None

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            value = self._pattern.sub(lambda match: self._words[match[0]], value) if self._pattern else value
            return without_account(value, self._accounts)
        if isinstance(value, dict):
            return {key: self(inner) for key, inner in value.items()}
        return [self(inner) for inner in value] if isinstance(value, list) else value


def identity(state: ResourceState) -> dict[str, str]:
    """Give what others name a resource by."""
    known = {**state.inputs, **state.outputs, "id": state.id}
    return {key: value for key in _IDENTITIES if isinstance(value := reveal(known.get(key)), str) and value}
