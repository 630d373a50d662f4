"""The written scale on which a change is judged."""

from __future__ import annotations

from enum import IntEnum


class Verdict(IntEnum):
    """How much a reviewer has to mind, from nothing to what cannot be deployed; the worst of several counts.

    docs/review.md says what brings each about. Its number and 10 are the exit code of `mlstead review`.
    """

    SAFE = 0
    COSTS_MORE = 1
    REPLACES = 2
    DOWNTIME = 3
    MAY_LOSE_DATA = 4
    WIDENS_ACCESS = 5
    WEAKENS_A_CONTROL = 6
    CANNOT_BE_DEPLOYED = 7

    @property
    def words(self) -> str:
        """The verdict as it is written: `may lose data`."""
        return self.name.lower().replace("_", " ")

    @classmethod
    def named(cls, words: str) -> Verdict:
        """Give the verdict that is written so. Raises KeyError where none is."""
        return cls[words.strip().upper().replace(" ", "_").replace("-", "_")]
