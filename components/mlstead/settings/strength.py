"""Which way a setting is stronger: what lets one environment be compared with another."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Strength(StrEnum):
    """A setting's stronger direction, as the page of settings prints it."""

    HIGHER = "higher"
    LOWER = "lower"
    LONGER = "longer"
    TRUE = "true"
    MORE_OFTEN = "more often"
    NEUTRAL = "neutral"

    def weaker(self, value: Any, than: Any) -> bool:
        """Tell whether the one value protects less than the other."""
        return self is not Strength.NEUTRAL and self._rank(value) < self._rank(than)

    def _rank(self, value: Any) -> float:
        match self:
            case Strength.TRUE:
                return bool(value)
            case Strength.MORE_OFTEN:
                return ("Weekly", "Daily").index(value)
            case Strength.LOWER:
                return -float(value)
            case _:
                return float(value or 0)
