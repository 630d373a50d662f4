"""How much an action lets somebody do."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """From looking to deciding what others may do; the worst last."""

    READ = 1
    WRITE = 2
    ADMINISTER = 3
