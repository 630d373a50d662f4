"""What could not be reviewed, and why."""

from __future__ import annotations

from mlstead_toolkit.review.comparison import BASE, HEAD, Problem
from mlstead_toolkit.review.rendering.blocks import Block, Code, Heading, Item, Items, Line, Paragraph, Strong
from mlstead_toolkit.review.rendering.room import Room, shortened
from mlstead_toolkit.review.rendering.words import groups, named
from mlstead_toolkit.review.report import EnvironmentReview, Review

SIDES = {BASE: "the base"}


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Say what this review lacks; what is wrong with the change itself stands among what to look at first."""
    found = [("", review.problems), *groups(review, lambda each: tuple(_nameless(one) for one in each.problems))]
    items = [Item(_line(problem, label, room)) for label, problems in found for problem in problems
             if problem.side != HEAD]
    if stopped := [each.environment for each in review.environments if _stopped(review, each)]:
        items.append(Item((Strong(named(stopped)), ": what would change, since this change stops before its end")))
    if not items:
        return ()
    shown, rest = room.cut(items)
    more = (Paragraph((f"and {rest} more",)),) if rest else ()
    return Heading(3, ("What could not be reviewed",)), Items(shown), *more


def _stopped(review: Review, environment: EnvironmentReview) -> bool:
    """Whether the head was not evaluated, for a reason that is told."""
    evaluated = environment.counts or environment.unchanged
    return not evaluated and any(one.side == HEAD for one in (*review.problems, *environment.problems))


def _nameless(problem: Problem) -> Problem:
    return Problem("", problem.side, problem.message, problem.where, problem.fix)


def _line(problem: Problem, label: str, room: Room) -> Line:
    side = SIDES.get(problem.side, problem.side)
    lead: Line = (Strong(", ".join(filter(None, (label, side)))), ": ") if label or side else ()
    where: Line = (" at ", Code(shortened(problem.where, room.value))) if problem.where else ()
    fix: Line = (f". Fix: {shortened(problem.fix, room.text)}",) if problem.fix else ()
    return *lead, shortened(problem.message, room.text).rstrip("."), *where, *fix
