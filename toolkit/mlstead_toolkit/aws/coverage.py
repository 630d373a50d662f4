"""What may stand behind a type: a service that acts, one that remembers, or nothing."""

from __future__ import annotations

from enum import StrEnum


class Coverage(StrEnum):
    """Real: it does its work; simulated: it answers as AWS would; declared only: it is recorded in the state."""

    REAL = "real"
    SIMULATED = "simulated"
    DECLARED_ONLY = "declared only"
