"""The zones of the data lake, by name."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Zone: TypeAlias = Literal["raw", "quarantine", "curated", "features", "artifacts"]
ZONES: tuple[Zone, ...] = get_args(Zone)
DATA_ZONES: tuple[Zone, ...] = tuple(zone for zone in ZONES if zone != "artifacts")
