"""How much a rule weighs."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """MANDATORY: nothing is deployed that breaks it. ADVISORY: it is said, and that is all."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"
