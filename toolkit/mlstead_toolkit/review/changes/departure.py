"""What it means that a resource goes, or makes room for a new one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlstead_toolkit.engine import property_path
from mlstead_toolkit.engine.plan import Step
from mlstead_toolkit.engine.property_path import MISSING
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import UNKNOWN, reveal
from mlstead_toolkit.review.changes.consequences import HOLDINGS, MOVES, SERVINGS, Holding
from mlstead_toolkit.review.changes.following import LINKS
from mlstead_toolkit.review.changes.property import REASONS, differences_of
from mlstead_toolkit.review.changes.states import States
from mlstead_toolkit.review.changes.switches import COMPANIONS
from mlstead_toolkit.review.changes.values import LONGEST
from mlstead_toolkit.review.report import Difference
from mlstead_toolkit.review.verdict import Verdict

_MOST_CAUSES: Final = 2


def value_at(state: ResourceState, path: str, default: Any = None) -> Any:
    """Give what stands at a path of a resource's inputs, or what AWS takes where nothing does."""
    found = property_path.get(state.inputs, property_path.parse(path))
    found = reveal(found) if found is not MISSING else None
    return default if found is None or found is UNKNOWN else found


def replaced(step: Step, before: ResourceState | None, after: ResourceState | None, following: str = ""
             ) -> Iterator[tuple[Verdict, str]]:
    """Say what a replacement loses or interrupts, or that nobody notices it.

    Args:
        step: the replacement.
        before: the resource on the base.
        after: the resource on the head.
        following: what is replaced with it, in words.
    """
    cause = _cause(step)
    # What has to go before what it depends on is replaced goes as its old self, whatever the program says now.
    forced = step.delete_before_replace and any(change.replaces and change.path in LINKS for change in step.changes)
    if before is not None and before.protect and (forced or (after is not None and after.protect)):
        yield Verdict.CANNOT_BE_DEPLOYED, (
            f"{cause}, and it is protected, so the engine refuses to replace it: undo the change, or remove protect in "
            "a change of its own first")
    if following:
        cause = f"{cause}; and with it {following}"
    found = False
    kept = before is not None and before.retain_on_delete
    if not kept and (lost := _lost(step.type, before)):
        found = True
        yield Verdict.MAY_LOSE_DATA, f"{lost}: {cause}"
    serving = SERVINGS.get(step.type)
    first = step.delete_before_replace
    if serving is not None and (first or not serving.beside):
        found = True
        order = "the old one goes before the new one is there" if first else "the new one takes the old one's place"
        order += ", since its name is free only then" if first and _keeps_name(before, after) else ""
        yield Verdict.DOWNTIME, f"{order}, and meanwhile {serving.stops}: {cause}"
    if not found:
        yield Verdict.REPLACES, f"{_how(step, kept=kept)}: {cause}"


def departed(step: Step, before: ResourceState | None, states: States) -> Iterator[tuple[Verdict, str]]:
    """Say what a deletion loses or interrupts."""
    if step.protect:
        yield Verdict.CANNOT_BE_DEPLOYED, (
            "it is protected, so the engine refuses to delete it: keep it, give its new name an alias, or remove "
            "protect in a change of its own first")
    if before is not None and before.retain_on_delete:
        return
    if lost := _lost(step.type, before):
        yield Verdict.MAY_LOSE_DATA, f"{lost}: it is deleted"
    companion = COMPANIONS.get(step.type)
    if companion is not None and before is not None and not _goes(before, companion.owner, states):
        yield Verdict.MAY_LOSE_DATA, f"{companion.text}: it is deleted"
    serving = SERVINGS.get(step.type)
    if serving is not None and serving.missed:
        yield Verdict.DOWNTIME, f"from now on {serving.stops}: it is deleted"


def _cause(step: Step) -> str:
    """Name the properties that only a new resource can take."""
    causes = []
    for change in step.changes:
        if not change.replaces:
            continue
        if change.before is None and change.after is None:
            causes.append(REASONS.get(change.path, f"{change.path} says so"))
            continue
        causes += [f"{one.path} changes{_values(one)}" for one in differences_of(change)]
    causes = list(dict.fromkeys(causes))
    more = f" and {len(causes) - _MOST_CAUSES} more" if len(causes) > _MOST_CAUSES else ""
    return f"{' and '.join(causes[:_MOST_CAUSES])}{more}" if causes else "it is asked for"


def _values(difference: Difference) -> str:
    """Give the values where they are short; of a document or a long text the one line that differs, if it is one."""
    if difference.lines:
        line = difference.lines[0].removeprefix("~ ").strip()
        return f" ({line})" if len(difference.lines) == 1 and len(line) <= LONGEST else ""
    if difference.before == difference.after:
        return ""
    return f" ({difference.before or 'nothing'} → {difference.after or 'nothing'})"


def _how(step: Step, *, kept: bool) -> str:
    if kept:
        return "a new one is made, and the old one is left behind in the account (retainOnDelete)"
    if step.delete_before_replace:
        return "it is deleted and made anew"
    return MOVES.get(step.type, "a new one is made, then the old one is deleted")


def _keeps_name(before: ResourceState | None, after: ResourceState | None) -> bool:
    return before is not None and after is not None and any(
        isinstance(name := value_at(before, key), str) and name == value_at(after, key) for key in ("name", "bucket"))


def _lost(type_: str, before: ResourceState | None) -> str:
    """Say what goes with a resource; "" where nothing does, or where it stays."""
    holding = HOLDINGS.get(type_)
    if holding is None:
        return ""
    if before is not None and holding.retained is not None:
        path, default, keeping = holding.retained
        if value_at(before, path, default) == keeping:
            return ""
    return f"{holding.lost} would be lost{_when(holding, before)}{f'; {holding.kept}' if holding.kept else ''}"


def _when(holding: Holding, before: ResourceState | None) -> str:
    if holding.window is not None:
        path, default = holding.window
        days = value_at(before, path, default) if before is not None and path else default
        return f" after {days} days, in which it can be taken back" if days else " at once"
    if holding.refused:
        return ", or AWS refuses while there is anything in it"
    if holding.flag and before is not None:
        return "" if value_at(before, holding.flag) is True else (
            f", or AWS refuses while there is anything in it ({holding.flag} is off)")
    return ""


def _goes(before: ResourceState, owner: str, states: States) -> bool:
    """Tell whether what a setting belongs to goes with it."""
    return any(states.gone(urn) for urn in before.property_dependencies.get(owner, ()))
