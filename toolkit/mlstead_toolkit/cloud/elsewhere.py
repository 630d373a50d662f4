"""Services that another cloud beside this one takes: their resources cannot be looked up here, and are not missed."""

from __future__ import annotations

import os

VARIABLE = "MLSTEAD_ELSEWHERE"
"""Names them to the cloud's process, with commas between."""


def is_elsewhere(service: str) -> bool:
    """Tell whether a service's resources live in the other cloud.

    Args:
        service: as the SDK names it, "iam" for one.
    """
    return service in os.environ.get(VARIABLE, "").split(",")
