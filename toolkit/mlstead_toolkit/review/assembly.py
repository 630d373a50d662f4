"""From comparisons to the review: every section of every environment, and the verdict that follows from its remarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.comparison import BASE, HEAD, Comparison, Problem
from mlstead_toolkit.review.report import (
    Cost,
    EnvironmentReview,
    PolicyChange,
    PolicyKind,
    Remark,
    ResourceChange,
    Review,
)
from mlstead_toolkit.review.verdict import Verdict

if TYPE_CHECKING:
    from mlstead_toolkit.review.cost.usage import Usage

UNJUDGED = "The base could not be evaluated, so what is new here cannot be told: rules and cost are those of the head."


def assemble(comparisons: Sequence[Comparison], *, base: str, head: str, problems: Sequence[Problem] = (),
             notes: Sequence[str] = (), usage: Usage | None = None) -> Review:
    """Make the review of a change.

    Args:
        comparisons: one for each environment, in the order of promotion; at least one.
        base: what it is compared with, in words: `main (1a2b3c4)`.
        head: what is compared: `this change`.
        problems: what is wrong with either side, besides what the comparisons say; "" is the environment of what
            concerns all.
        notes: what a reader should know of how the sides were found.
        usage: what the project assumes of its use, for the cost.
    """
    common = tuple(problem for problem in problems if not problem.environment)
    environments = []
    for comparison in comparisons:
        found = [problem for problem in problems if problem.environment == comparison.environment]
        whole = replace(comparison, problems=tuple(dict.fromkeys([*found, *comparison.problems])))
        environments.append(environment_review(whole, usage, common))
    return Review(comparisons[0].project, base, head, _told_of_unused(environments), common, tuple(notes))


def _told_of_unused(environments: Sequence[EnvironmentReview]) -> tuple[EnvironmentReview, ...]:
    """Tell of an exception that excuses nothing only where no environment needs it: one may be for prod alone."""
    unused = [{one for one in environment.policies if one.kind is PolicyKind.UNUSED} for environment in environments
              if environment.verdicts]
    everywhere = set.intersection(*unused) if unused else set()
    return tuple(replace(environment, policies=tuple(
        one for one in environment.policies if one.kind is not PolicyKind.UNUSED or one in everywhere))
        for environment in environments)


def environment_review(comparison: Comparison, usage: Usage | None = None, common: tuple[Problem, ...] = ()
                       ) -> EnvironmentReview:
    """Judge one environment. Only what the change brings counts; where nothing can be compared, what no base excuses.

    Args:
        comparison: its two sides.
        usage: what the project assumes of its use.
        common: problems of all environments, which are told once, elsewhere, and are judged here too.
    """
    from mlstead_toolkit.review.access import access_of, remarks_of_access
    from mlstead_toolkit.review.changes import changes_of, remarks_of_changes
    from mlstead_toolkit.review.cost import cost_of, remarks_of_cost
    from mlstead_toolkit.review.cost.usage import NO_USAGE
    from mlstead_toolkit.review.diagram import diagram_of
    from mlstead_toolkit.review.policies import policies_of, remarks_of_policies

    problems = (*common, *comparison.problems)
    if comparison.after is None:
        return _without_head(comparison, problems)
    policies = policies_of(comparison)
    cost = cost_of(comparison, usage or NO_USAGE)
    if comparison.before is None and any(problem.side == BASE for problem in problems):
        return _without_base(comparison, problems, policies, cost, remarks_of_policies(policies))
    changes, access = changes_of(comparison), access_of(comparison)
    remarks = by_risk([*remarks_of_changes(comparison, changes), *remarks_of_access(access),
                       *remarks_of_policies(policies), *remarks_of_cost(cost)])
    return EnvironmentReview(
        comparison.environment, verdicts_of(remarks, problems), counts_of(changes), unchanged_of(comparison),
        changes, access, policies, cost, diagram_of(comparison, changes, access), remarks,
        problems=comparison.problems, notes=comparison.notes)


def verdicts_of(remarks: Iterable[Remark], problems: Iterable[Problem]) -> tuple[Verdict, ...]:
    """Name every verdict that holds, the worst first; what is wrong with the head cannot be deployed."""
    found = {remark.verdict for remark in remarks}
    if any(problem.side == HEAD for problem in problems):
        found.add(Verdict.CANNOT_BE_DEPLOYED)
    return tuple(sorted(found - {Verdict.SAFE}, reverse=True)) or (Verdict.SAFE,)


def by_risk(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Put remarks into the order in which a reviewer should look: the worst verdict first, then by name."""
    return tuple(sorted(dict.fromkeys(remarks), key=lambda one: (
        -one.verdict, one.subject, one.type, one.text, one.place)))


def counts_of(changes: Iterable[ResourceChange]) -> tuple[tuple[str, int], ...]:
    """Count the changes by what is done, in the order in which a plan tells them."""
    found: dict[Operation, int] = {}
    for change in changes:
        found[change.operation] = found.get(change.operation, 0) + 1
    return tuple((operation.value, found[operation]) for operation in Operation if operation in found)


def unchanged_of(comparison: Comparison) -> int:
    """Count the resources that nothing is done to; components, which are names alone, are none."""
    return sum(step.custom and step.operation is Operation.SAME for step in comparison.steps)


def _without_head(comparison: Comparison, problems: Sequence[Problem]) -> EnvironmentReview:
    """Say that an environment is gone, which takes nothing down, or that the head's cannot be evaluated."""
    notes = comparison.notes
    if comparison.before is not None and all(problem.side != HEAD for problem in problems):
        notes += (f"Pulumi.{comparison.environment}.yaml is gone: what is deployed there stays until it is destroyed.",)
    return EnvironmentReview(comparison.environment, verdicts_of((), problems), (), 0,
                             problems=comparison.problems, notes=notes)


def _without_base(comparison: Comparison, problems: Sequence[Problem], policies: tuple[PolicyChange, ...], cost: Cost,
                  remarks: Sequence[Remark]) -> EnvironmentReview:
    """Judge the head by itself: what cannot be deployed, whatever the base was."""
    stopping = by_risk(remark for remark in remarks if remark.verdict is Verdict.CANNOT_BE_DEPLOYED)
    verdicts = verdicts_of(stopping, problems)
    return EnvironmentReview(comparison.environment, () if verdicts == (Verdict.SAFE,) else verdicts, (), 0,
                             policies=policies, cost=cost, remarks=stopping, problems=comparison.problems,
                             notes=(*comparison.notes, UNJUDGED))
