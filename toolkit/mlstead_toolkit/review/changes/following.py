"""Resources that are made anew only because what they name is: one remark tells the cause, and counts them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.plan import Operation, PropertyChange, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import UNKNOWN, reveal
from mlstead_toolkit.review.changes.renewal import identity
from mlstead_toolkit.review.changes.states import States
from mlstead_toolkit.review.comparison import Comparison

LINKS: Final = ("dependencies", "deletedWith", "replaceWith")
"""What the engine names as a property where a resource cannot outlive another."""
_NAME = r"[A-Za-z0-9_-]"


class Following:
    """Which replacements follow from which.

    Args:
        comparison: the environment.
        states: its resources.
    """

    def __init__(self, comparison: Comparison, states: States) -> None:
        self._pairs: dict[str, tuple[ResourceState, ResourceState]] = {}
        steps: list[Step] = []
        for step in comparison.steps:
            before, after = states.pair(step)
            if step.custom and step.operation is Operation.REPLACE and before is not None and after is not None:
                self._pairs[step.urn] = before, after
                steps.append(step)
        self._heads = {before.urn: urn for urn, (before, _) in self._pairs.items()}
        self._causes = {step.urn: causes for step in steps if (causes := self._explained(step))}
        self._following: dict[str, list[str]] = {}
        for urn in self._causes:
            for root in self.roots(urn):
                self._following.setdefault(root, []).append(urn)

    def roots(self, urn: str) -> tuple[str, ...]:
        """Give what a replacement follows from in the end, by URN; nothing where it has a reason of its own."""
        found: dict[str, None] = {}
        seen, waiting = {urn}, list(self._causes.get(urn, ()))
        while waiting:
            one = waiting.pop(0)
            if one in seen:
                continue
            seen.add(one)
            if one in self._causes:
                waiting += self._causes[one]
            else:
                found[one] = None
        return tuple(found)

    def told(self, urn: str) -> str:
        """Say what follows from a replacement; "" where nothing does."""
        found = self._following.get(urn, [])
        if len(found) == 1:
            return f"{urns.type_of(found[0]).rpartition(':')[2]} {urns.name_of(found[0])}, which names it"
        return f"{len(found)} resources that name it" if found else ""

    def _explained(self, step: Step) -> tuple[str, ...]:
        """Give the replaced resources that whatever forces a replacement names; nothing where one does not."""
        forcing = [change for change in step.changes if change.replaces]
        found: dict[str, None] = {}
        for change in forcing:
            named = self._named(step.urn, change)
            if not named:
                return ()
            found.update(dict.fromkeys(named))
        return tuple(found)

    def _named(self, urn: str, change: PropertyChange) -> tuple[str, ...]:
        needed = [one for one in self._needed(urn, change.path) if one != urn]
        if change.path in LINKS or (change.after is UNKNOWN and change.before is not None):
            return tuple(needed)
        if self._renamed(change, needed):
            return tuple(one for one in needed if self._renamed(change, [one])) or tuple(needed)
        # A name says it too where a program wrote it out: it is that of what has an ARN, not of what it is a part of.
        return tuple(one for one in self._pairs if one != urn and self._has_arn(one) and not self._depends(one, urn)
                     and self._renamed(change, [one]))[:1]

    def _has_arn(self, urn: str) -> bool:
        return all("arn" in state.outputs and "arn" not in state.inputs for state in self._pairs[urn])

    def _depends(self, urn: str, other: str) -> bool:
        return any(self._heads.get(one, one) == other for state in self._pairs[urn] for one in state.references())

    def _needed(self, urn: str, path: str) -> Iterator[str]:
        before, after = self._pairs[urn]
        top = re.split(r"[.\[]", path, maxsplit=1)[0]
        for state in (before, after):
            named = [*state.dependencies, state.deleted_with, *state.replace_with] if path in LINKS \
                else state.property_dependencies.get(top, ())
            for one in dict.fromkeys(named):
                head = self._heads.get(one, one)
                if head in self._pairs:
                    yield head

    def _renamed(self, change: PropertyChange, chosen: Sequence[str]) -> bool:
        """Tell whether a property differs by the names of some resources alone."""
        names: dict[str, str] = {}
        for urn in chosen:
            before, after = self._pairs[urn]
            was, now = identity(before), identity(after)
            names |= {was[key]: now[key] for key in was.keys() & now.keys() if was[key] != now[key]}
        return bool(names) and _with(names, change.before) == reveal(change.after)


def _with(names: Mapping[str, str], value: Any) -> Any:
    value = reveal(value)
    if isinstance(value, dict):
        return {key: _with(names, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with(names, inner) for inner in value]
    if not isinstance(value, str):
        return value
    longest = "|".join(re.escape(one) for one in sorted(names, key=lambda one: (-len(one), one)))
    return re.sub(f"(?<!{_NAME})(?:{longest})(?!{_NAME})", lambda found: names[found[0]], value)
