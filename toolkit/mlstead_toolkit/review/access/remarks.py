"""What the access section adds to the verdict."""

from __future__ import annotations

from mlstead_toolkit.review.report import AccessChange, Remark
from mlstead_toolkit.review.verdict import Verdict


def remarks_of_access(access: tuple[AccessChange, ...]) -> tuple[Remark, ...]:
    """Say that access widens for every change that lets somebody do more, in the order of the section."""
    return tuple(
        Remark(verdict=Verdict.WIDENS_ACCESS, text=one.text, subject=one.principal, place=one.place)
        for one in access
        if one.widens
    )
