"""Why an event did not get to a target, in the codes that dead letters carry.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

NO_PERMISSIONS, NO_RESOURCE = "NO_PERMISSIONS", "NO_RESOURCE"
REFUSED, FAILED = "SDK_CLIENT_ERROR", "ERROR_FROM_TARGET"


class Undelivered(Exception):
    """A target did not take an event. Only what failed by itself is worth a second attempt."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def again(self) -> bool:
        """Whether EventBridge tries again: not where a right, the target or a parameter is missing."""
        return self.code == FAILED
