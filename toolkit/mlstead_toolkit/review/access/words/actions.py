"""An action in words, and how much it lets somebody do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from mlstead_toolkit.review.access.covering import Names, covers, meet
from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.access.words.verbs import ANYTHING, OTHERS, ROWS, SERVICES, Row


@dataclass(frozen=True, slots=True)
class Verb:
    """What somebody does.

    Args:
        words: `read`, `decrypt with`; the resource follows, unless `bare`.
        level: how much it lets him do.
        order: its place in the service's table.
        bare: whether no resource follows.
    """

    words: str
    level: Level
    order: int = 0
    bare: bool = False


@lru_cache(maxsize=8192)
def verbs(action: Names) -> tuple[Verb, ...]:
    """Give what an action is called; several words for a pattern that stands for several kinds of action."""
    service, _, name = action.text.partition(":")
    if action.but or not name.strip("*?") or any(sign in service for sign in "*?"):
        return (Verb(ANYTHING, Level.ADMINISTER),)
    rows = (*ROWS.get(service.lower(), ()), *OTHERS)
    if any(sign in name for sign in "*?"):
        found: dict[str, Verb] = {}
        for order, row in enumerate(rows):
            if any(meet(pattern, name) for pattern in _patterns(row)):
                found.setdefault(row[1], _verb(row, order))
            if any(covers(pattern, name, form="wildcard", ignore_case=True) for pattern in _patterns(row)):
                break
        return tuple(found.values()) or (_called(action.text),)
    for order, row in enumerate(rows):
        if any(covers(pattern, name, form="wildcard", ignore_case=True) for pattern in _patterns(row)):
            return (_verb(row, order),)
    return (_called(action.text),)


def service_of(action: Names) -> str:
    """Give the name of an action's service."""
    service = action.text.partition(":")[0].lower()
    return SERVICES.get(service, service)


def joined(found: Iterable[Verb]) -> str:
    """Write several as one: `list and read`, `decrypt and encrypt with`."""
    ordered = sorted(set(found), key=lambda verb: (verb.level, verb.order, verb.words))
    if any(verb.words == ANYTHING for verb in ordered):
        return ANYTHING
    words = list(dict.fromkeys(verb.words for verb in ordered))
    for index, (one, after) in enumerate(pairwise(words)):
        last = one.rpartition(" ")[2]
        if " " in one and last == after.rpartition(" ")[2] and last in ("with", "to", "of", "in", "from"):
            words[index] = one.rpartition(" ")[0]
    return listed(words)


def listed(words: list[str]) -> str:
    """Write words as a list: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _patterns(row: Row) -> list[str]:
    return [row[0]] if row[0] == "* to others" else row[0].split(" ")


def _verb(row: Row, order: int) -> Verb:
    return Verb(row[1].removesuffix("!"), row[2], order, row[1].endswith("!"))


def _called(action: str) -> Verb:
    return Verb(f"call {action} on", Level.WRITE, 99)
