"""Guards of mlstead's components that are weakened, restored, or weakened for another reason."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import mask
from mlstead_toolkit.pages.arguments import arguments
from mlstead_toolkit.policies.weakening import Registered, Weakening, weakenings
from mlstead_toolkit.review.policies.pairs import Pairs
from mlstead_toolkit.review.report import PolicyChange, PolicyKind

_FIX: Final = "take Weakened(…) back, or judge the reason"


def guard_changes(pairs: Pairs) -> Iterator[PolicyChange]:
    """Tell which guards are off on one side alone, and which for another reason than before."""
    old, new = _guards(pairs.before), _guards(pairs.after)
    for key, guard in new.items():
        was = old.get(key)
        if was is None:
            yield _change(PolicyKind.WEAKENED, guard, key[0], pairs, fix=_FIX)
        elif was.reason != guard.reason:
            yield _change(PolicyKind.WEAKENED, guard, key[0], pairs, existing=True,
                          more=f"; the reason was: {was.reason}")
    for key, guard in old.items():
        if key not in new and key[0] in pairs.after:
            yield _change(PolicyKind.RESTORED, guard, key[0], pairs)


def _guards(resources: Mapping[str, ResourceState]) -> dict[tuple[str, str], Weakening]:
    """Give the guards that are off, by what the head calls the component, and the argument."""
    called = {one.urn: urn for urn, one in resources.items()}
    registered = {one.urn: Registered(one.parent, mask(one.inputs)) for one in resources.values()}
    return {(called[one.urn], one.argument): one for one in weakenings(registered)}


def _change(kind: PolicyKind, guard: Weakening, urn: str, pairs: Pairs, *, fix: str = "", more: str = "",
            existing: bool = False) -> PolicyChange:
    return PolicyChange(kind, guard.argument, "", guard.component, f"{_message(kind, guard)}{more}", fix, guard.reason,
                        existing=existing, place=pairs.place(urn))


def _message(kind: PolicyKind, guard: Weakening) -> str:
    state = "is on again" if kind is PolicyKind.RESTORED else "is off"
    cost = _costs(guard.type).get(guard.argument, "")
    return f"{guard.argument} of {guard.type} {state}" + (f": {cost.rstrip('.')}" if cost and state == "is off" else "")


@cache
def _costs(component: str) -> Mapping[str, str]:
    """Give what weakening the arguments of a component costs, as its documentation says it."""
    args = getattr(importlib.import_module("mlstead"), f"{component}Args", None)
    return {} if args is None else {one.name: one.cost for one in arguments(args)}
