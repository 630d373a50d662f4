"""Why the verdict is what it is, each cause once however many resources and environments it touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from mlstead_toolkit.review.comparison import HEAD
from mlstead_toolkit.review.report import EnvironmentReview, Remark, Review
from mlstead_toolkit.review.told import told
from mlstead_toolkit.review.verdict import Verdict

# The section on access lists every sentence, so three of one policy need no line each before it.
_ALIKE = 3
_Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True)
class Cause:
    """One sentence.

    Args:
        verdict: what it amounts to.
        text: the sentence.
        subjects: names and type tokens of what it is about.
        place: file:line; "" where they have no line in common.
        environments: that have it, in the review's order.
        alike: further sentences of the same policy on the same line, which are told in a section of their own.
    """

    verdict: Verdict
    text: str
    subjects: tuple[tuple[str, str], ...]
    place: str
    environments: tuple[str, ...]
    alike: int = 0


def causes(review: Review) -> tuple[Cause, ...]:
    """Give the causes, the worst first, and what most environments have before what one has."""
    found = told({each.environment: (*_stopping(review, each), *each.remarks) for each in review.environments})
    single = [Cause(one.item.verdict, one.item.text, ((one.item.subject, one.item.type),) if one.item.subject else (),
                    one.item.place, one.environments) for one in found]
    ordered = sorted(single, key=lambda each: (-each.verdict, -len(each.environments)))
    return tuple(_alike(_of_several(ordered)))


def _stopping(review: Review, environment: EnvironmentReview) -> Iterable[Remark]:
    """Say what is wrong with the head as remarks: it cannot be deployed."""
    for problem in (*review.problems, *environment.problems):
        if problem.side == HEAD:
            message = problem.message.rstrip(".")
            text = f"{message}. Fix: {problem.fix}" if problem.fix else message
            yield Remark(Verdict.CANNOT_BE_DEPLOYED, text, "", place=problem.where)


def _of_several(found: Iterable[Cause]) -> list[Cause]:
    """Put together what is said in the same words of several resources."""
    merged: dict[_Key, Cause] = {}
    for each in found:
        key = (each.verdict, each.text, each.environments)
        first = merged.setdefault(key, each)
        if first is not each:
            where = first.place if first.place == each.place else ""
            merged[key] = replace(first, subjects=(*first.subjects, *each.subjects), place=where)
    return list(merged.values())


def _alike(found: Iterable[Cause]) -> list[Cause]:
    """Let the first sentence on somebody's access stand for all that the same line brings about."""
    grouped: dict[_Key, list[Cause]] = {}
    for number, each in enumerate(found):
        access = each.verdict is Verdict.WIDENS_ACCESS
        key = (each.subjects, each.place, each.environments) if access else (number,)
        grouped.setdefault(key, []).append(each)
    return [one for group in grouped.values()
            for one in ([replace(group[0], alike=len(group) - 1)] if len(group) >= _ALIKE else group)]
