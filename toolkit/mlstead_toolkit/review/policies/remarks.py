"""What of the policies a reviewer has to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.review.report import PolicyChange, PolicyKind, Remark
from mlstead_toolkit.review.verdict import Verdict


def remarks_of_policies(found: Sequence[PolicyChange]) -> tuple[Remark, ...]:
    """Give a remark for whatever stops the deployment or weakens a control; what the base has too is none of it."""
    return tuple(Remark(verdict, text, one.subject, "", one.place)
                 for one in found if not one.existing for verdict, text in _remarks(one))


def _remarks(one: PolicyChange) -> Iterator[tuple[Verdict, str]]:
    match one.kind:
        case PolicyKind.NEW if one.level == Level.MANDATORY:
            yield Verdict.CANNOT_BE_DEPLOYED, f"{one.message} ({one.rule}, mandatory)"
        case PolicyKind.NEW:
            yield Verdict.WEAKENS_A_CONTROL, f"{one.message} ({one.rule}, advisory)"
        case PolicyKind.EXPIRED:
            yield Verdict.CANNOT_BE_DEPLOYED, f"the exception from {one.rule} expired on {one.expires}"
        case PolicyKind.EXCEPTED:
            yield (Verdict.WEAKENS_A_CONTROL,
                   f"{one.message} ({one.rule}), excepted until {one.expires} by {one.owner}: {one.reason}")
        case PolicyKind.WEAKENED:
            yield Verdict.WEAKENS_A_CONTROL, one.message + (f"; the reason given: {one.reason}" if one.reason else "")
