"""The verdict in one line, and by environment where they differ."""

from __future__ import annotations

from mlstead_toolkit.review.rendering.blocks import Block, Heading, Item, Items, Line, Paragraph, Strong
from mlstead_toolkit.review.rendering.room import Room
from mlstead_toolkit.review.rendering.words import code, named, number
from mlstead_toolkit.review.report import NOT_COMPARED, EnvironmentReview, Review
from mlstead_toolkit.review.verdict import Verdict


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Say how much of it a reviewer has to mind."""
    found: list[Block] = [Heading(2, ("Infrastructure review: ", review.words)), Paragraph(_compared(review, room))]
    by_verdicts: dict[tuple[Verdict, ...], list[str]] = {}
    for each in review.environments:
        by_verdicts.setdefault(each.verdicts, []).append(each.environment)
    if len(by_verdicts) > 1:
        shown, _ = room.cut(sorted(by_verdicts.items(), key=lambda pair: [-verdict for verdict in pair[0]]))
        found.append(Items(tuple(Item((f"{named(environments)}: ", Strong(words(verdicts))))
                                 for verdicts, environments in shown)))
    return tuple(found)


def words(verdicts: tuple[Verdict, ...]) -> str:
    """Write verdicts, the worst first."""
    return " · ".join(verdict.words for verdict in verdicts) or NOT_COMPARED


def _compared(review: Review, room: Room) -> Line:
    sides: Line = (code(review.project, room), f": {review.head} compared with {review.base}")
    quiet = [each for each in review.environments if not _says_anything(each)]
    if review.environments and len(quiet) == len(review.environments):
        counted = ", ".join(f"{each.environment} ({number(each.unchanged, 'resource')})" for each in quiet)
        return *sides, f". Nothing changes in {counted}."
    return *sides, f"; nothing changes in {named([each.environment for each in quiet])}." if quiet else "."


def _says_anything(review: EnvironmentReview) -> bool:
    return any(number for _, number in review.counts) or bool(
        review.changes or review.problems or review.access or review.remarks)
