"""Which texts of policies stand for others: `s3:*` for `s3:Get*`, `arn:aws:s3:::raw/*` for `arn:aws:s3:::raw/x`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mlstead_toolkit.access.pattern import Form, Pattern
from mlstead_toolkit.access.request import Context

_NOTHING = Context()
# What a `*` of the narrower text may stand for: nothing, or more than any row of `?` covers, of what no policy has.
_STAND_INS = ("", "\N{REPLACEMENT CHARACTER}" * 99)


@lru_cache(maxsize=65536)
def covers(pattern: str, other: str, *, form: Form = "resource", ignore_case: bool = False) -> bool:
    """Tell whether everything that one text stands for, the other stands for too; `${…}` is a text like any other."""
    if pattern in ("*", other):
        return True
    if "*" not in other:
        return _matches(pattern, other.replace("?", _STAND_INS[1][0]), form, ignore_case)
    plain = other.replace("?", _STAND_INS[1][0])
    return all(_matches(pattern, plain.replace("*", one), form, ignore_case) for one in _STAND_INS)


@lru_cache(maxsize=65536)
def meet(one: str, other: str) -> bool:
    """Tell whether there is a text that both stand for, case aside."""
    return _meet(one.lower(), other.lower())


@dataclass(frozen=True, slots=True, order=True)
class Names:
    """What a policy names: everything that a text stands for, but what others of NotAction or NotResource do."""

    text: str
    but: tuple[str, ...] = ()

    def cover(self, other: Names, *, ignore_case: bool = False) -> bool:
        """Tell whether these are all that the other names, or more."""
        form: Form = "wildcard" if ignore_case else "resource"
        return covers(self.text, other.text, form=form, ignore_case=ignore_case) and all(
            not meet(out, other.text) or any(covers(out_there, out, form=form, ignore_case=ignore_case)
                                             for out_there in other.but)
            for out in self.but
        )

    def meets(self, other: Names) -> bool:
        """Tell whether both name something; where one takes much out, it may say so of nothing."""
        return (meet(self.text, other.text)
                and not any(covers(out, other.text, ignore_case=True) for out in self.but)
                and not any(covers(out, self.text, ignore_case=True) for out in other.but))

    def __str__(self) -> str:
        return f"{self.text} but {', '.join(self.but)}" if self.but else self.text


def _matches(pattern: str, value: str, form: Form, ignore_case: bool) -> bool:
    return bool(_compiled(pattern, form, ignore_case).matches(value, _NOTHING))


@lru_cache(maxsize=8192)
def _compiled(pattern: str, form: Form, ignore_case: bool) -> Pattern:
    return Pattern(pattern, form, variables=False, ignore_case=ignore_case)


def _meet(one: str, other: str) -> bool:
    """Hold two patterns against each other, character by character."""
    reached = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        i, j = todo.pop()
        if i == len(one) and j == len(other):
            return True
        left, right = one[i:i + 1], other[j:j + 1]
        steps = []
        if left == "*":
            steps += [(i + 1, j)] + ([(i, j + 1)] if right else [])
        if right == "*":
            steps += [(i, j + 1)] + ([(i + 1, j)] if left else [])
        if left and right and "*" not in (left, right) and (left == right or "?" in (left, right)):
            steps.append((i + 1, j + 1))
        for step in steps:
            if step not in reached:
                reached.add(step)
                todo.append(step)
    return False
