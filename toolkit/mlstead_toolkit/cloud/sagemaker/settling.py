"""Things that take a moment to be what was asked for, as nearly everything of Studio does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from mlstead_toolkit.cloud.sagemaker.record import Record, refusal

MOMENT = 0.05
"""Seconds that it takes; minutes on AWS, but nobody may rely on its being done when the call is answered."""


def settle(record: Record, member: str, status: str, **changes: Any) -> None:
    """Give a record its status, and what comes with it, after a moment."""
    after_a_moment(lambda: record.touch(**{member: status}, **changes))


def after_a_moment(action: Callable[[], object]) -> None:
    """Do something when a moment is over."""
    timer = threading.Timer(MOMENT, action)
    timer.daemon = True
    timer.start()


def require_settled(record: Record, member: str) -> None:
    """Refuse a change of what is still being made, changed or deleted."""
    status = str(record.description[member])
    if status.upper() in ("PENDING", "CREATING", "UPDATING", "DELETING"):
        raise refusal(f"{record.arn} is in status {status}: wait until that is done.", "ResourceInUse")
