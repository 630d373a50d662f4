"""What is lost or stopped by a resource that stays: shorter terms, guards taken off, things switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.changes.departure import value_at
from mlstead_toolkit.review.changes.lifecycles import LIFECYCLES, sooner
from mlstead_toolkit.review.changes.retention import TERMS, Term
from mlstead_toolkit.review.changes.states import States
from mlstead_toolkit.review.changes.switches import ANY, INTERRUPTED_BY, SWITCHES, Switch
from mlstead_toolkit.review.changes.values import told_apart, written
from mlstead_toolkit.review.quantity import in_units
from mlstead_toolkit.review.verdict import Verdict

_ELEMENT_NAMES: Final = ("variantName", "ruleName", "destinationVaultArn", "name", "id")


def lost_in_place(step: Step, before: ResourceState | None, after: ResourceState, states: States
                  ) -> Iterator[tuple[Verdict, str]]:
    """Say what a resource that is there afterwards keeps less long, guards no more or stops."""
    if before is None:
        yield from _expiring(step, None, after, states)
        return
    yield from _unguarded(before, after)
    yield from _expiring(step, before, after, states)
    for term in TERMS.get(step.type, ()):
        yield from _shortened(term, before, after)
    for switch in SWITCHES:
        if switch.type in (ANY, step.type):
            yield from _switched(switch, before, after)
    if step.operation is Operation.UPDATE:
        yield from ((Verdict.DOWNTIME, f"it is stopped and started again: {path} changes "
                                       f"({' → '.join(told_apart(old, new))})")
                    for path in INTERRUPTED_BY.get(step.type, ())
                    if (old := value_at(before, path)) != (new := value_at(after, path)))


def _unguarded(before: ResourceState, after: ResourceState) -> Iterator[tuple[Verdict, str]]:
    if before.protect and not after.protect:
        yield Verdict.MAY_LOSE_DATA, "it is protected no more: the next change may delete or replace it"
    if before.retain_on_delete and not after.retain_on_delete:
        yield Verdict.MAY_LOSE_DATA, "it is no longer left behind when it is deleted (retainOnDelete)"
    # The base is evaluated as if it were new: it has what the code says, not what was deployed before it was ignored.
    heeded = sorted(path for path in set(before.ignore_changes) - set(after.ignore_changes)
                    if not path.startswith("tags"))
    if heeded:
        yield Verdict.WIDENS_ACCESS, (f"{', '.join(heeded)} was left as it was deployed (ignoreChanges), and becomes "
                                      "what the code says: what differs is not known here")


def _shortened(term: Term, before: ResourceState, after: ResourceState) -> Iterator[tuple[Verdict, str]]:
    if term.instead and value_at(after, term.instead) is not None:
        return
    was = _values(before, term.path, term.default)
    for key, value in _values(after, term.path, term.default).items():
        if key not in was:
            continue
        old, new = (_length(one, term) for one in (was[key], value))
        if new < old:
            yield Verdict.MAY_LOSE_DATA, (f"{term.kept} {_verb(term)} kept {_words(new, term)} instead of "
                                          f"{_words(old, term)} ({key})")


def _verb(term: Term) -> str:
    return "is" if term.kept.startswith("a ") or term.kept == "video" else "are"


def _length(value: Any, term: Term) -> float:
    if value is None or (term.forever and value in (0, -1)):
        return float("inf")
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("inf")


def _words(length: float, term: Term) -> str:
    if length == float("inf"):
        return "for ever"
    if length == 0:
        return "not at all"
    return in_units(length, term.unit)


def _expiring(step: Step, before: ResourceState | None, after: ResourceState, states: States
              ) -> Iterator[tuple[Verdict, str]]:
    """Say what expires sooner; rules that are new to something that was there let it expire for the first time."""
    if step.type not in LIFECYCLES:
        return
    read, owner, path = LIFECYCLES[step.type]
    if before is None and not any(states.stays(urn) for urn in after.property_dependencies.get(owner, ())):
        return
    old = [] if before is None else read(before.inputs)
    for expiry, kept in sooner(old, read(after.inputs)):
        yield Verdict.MAY_LOSE_DATA, f"{expiry.subject} are kept {expiry.words} instead of {kept} ({path})"


def _switched(switch: Switch, before: ResourceState, after: ResourceState) -> Iterator[tuple[Verdict, str]]:
    old, new = (_values(state, switch.path, switch.default) for state in (before, after))
    for key, value in new.items():
        if _among(value, switch) and key in old and not _among(old[key], switch):
            yield switch.verdict, f"{switch.text} ({key} is {written(value)})"


def _among(value: Any, switch: Switch) -> bool:
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in switch.values)


def _values(state: ResourceState, path: str, default: Any) -> dict[str, Any]:
    """Give the values at a path; of every element where it has [*], by the element's name."""
    head, several, rest = path.partition("[*].")
    if not several:
        return {path: value_at(state, path, default)}
    found: dict[str, Any] = {}
    for index, element in enumerate(value_at(state, head) or ()):
        if isinstance(element, dict):
            name = next((element[key] for key in _ELEMENT_NAMES if isinstance(element.get(key), str)), index)
            inner = _values(state.copy(inputs=element), rest, default)
            found |= {f"{head}[{name}].{key}": value for key, value in inner.items()}
    return found
