"""What a rule found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.policies.reviewed_exception import ReviewedException
from mlstead_toolkit.policies.rule import Rule


class Verdict(StrEnum):
    """VIOLATED: it does not hold. NOT_DECIDED: that is not known yet. EXCEPTED: it does not hold, as was agreed."""

    VIOLATED = "violated"
    NOT_DECIDED = "not decided"
    EXCEPTED = "excepted"


@dataclass(frozen=True)
class Finding:
    """One rule that does not plainly hold of one resource.

    Args:
        rule: the rule.
        urn: the resource.
        name: its name in the program.
        verdict: what of it.
        message: what is wrong, or what is not known; secrets masked.
        exception: what was agreed, where the verdict is EXCEPTED.
    """

    rule: Rule
    urn: str
    name: str
    verdict: Verdict
    message: str
    exception: ReviewedException | None = None

    @property
    def stops(self) -> bool:
        """Whether nothing may be deployed with it."""
        return self.rule.level is Level.MANDATORY and self.verdict is Verdict.VIOLATED
