"""What a change replaces, interrupts or may lose, and what the engine or AWS would refuse."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.review.changes.changes import signs_in_otherwise
from mlstead_toolkit.review.changes.collisions import collisions
from mlstead_toolkit.review.changes.departure import departed, replaced
from mlstead_toolkit.review.changes.following import Following
from mlstead_toolkit.review.changes.loss import lost_in_place
from mlstead_toolkit.review.changes.renewal import Renewal
from mlstead_toolkit.review.changes.states import States
from mlstead_toolkit.review.comparison import Comparison
from mlstead_toolkit.review.report import Remark, ResourceChange
from mlstead_toolkit.review.verdict import Verdict


def remarks_of_changes(comparison: Comparison, changes: Sequence[ResourceChange]) -> tuple[Remark, ...]:
    """Give what a reviewer should mind of the changes of one environment, the worst first.

    Args:
        comparison: the environment.
        changes: what changes_of says of it.
    """
    states = States(comparison)
    renewal = Renewal(comparison, states)
    following = Following(comparison, states)
    told = {(change.type, change.name, change.operation is Operation.DELETE) for change in changes}
    taken = collisions(comparison, states)
    steps = [step for step in comparison.steps
             if step.custom and (step.type, step.name, step.operation is Operation.DELETE) in told]
    replacements = {step.urn: [*replaced(_renewed(step, renewal), *states.pair(step), following.told(step.urn))]
                    for step in steps if step.operation is Operation.REPLACE}
    found = []
    for step in steps:
        said = [*_said(step, states, taken.get(step.urn, ""))]
        if step.operation is Operation.REPLACE:
            worst = max((_severity(replacements.get(root, ())) for root in following.roots(step.urn)),
                        default=Verdict.SAFE)
            said += [one for one in replacements[step.urn] if one[0] > worst]
        found += [Remark(verdict, text, step.name, step.type, comparison.places.get(step.urn, ""))
                  for verdict, text in said]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (-one.verdict, one.subject, one.type, one.text)))


def _severity(remarks: Iterable[tuple[Verdict, str]]) -> Verdict:
    """Give the worst that a replacement loses or interrupts; that it is refused says nothing of what follows."""
    return max((verdict for verdict, _ in remarks if verdict is not Verdict.CANNOT_BE_DEPLOYED), default=Verdict.SAFE)


def _renewed(step: Step, renewal: Renewal) -> Step:
    """Give a step whose changes say what is old and what is new."""
    return dataclasses.replace(step, changes=tuple(renewal.told(change) for change in step.changes))


def _said(step: Step, states: States, taken: str) -> Iterator[tuple[Verdict, str]]:
    before, after = states.pair(step)
    if signs_in_otherwise(step):
        yield Verdict.WIDENS_ACCESS, "it signs in otherwise: what it makes may be in another account"
    if taken:
        yield Verdict.CANNOT_BE_DEPLOYED, taken
    if step.operation is Operation.DELETE:
        yield from departed(step, before, states)
    if after is not None:
        yield from lost_in_place(step, before, after, states)
