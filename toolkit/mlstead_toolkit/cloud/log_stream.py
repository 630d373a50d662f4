"""One stream in CloudWatch Logs, written as a container prints."""

from __future__ import annotations

import time
from contextlib import suppress

from mlstead_toolkit.cloud.account import ACCOUNT_ID

EVENT_LIMIT = 256 * 1024
"""Bytes that CloudWatch Logs takes in one event."""


class LogStream:
    """A stream of a group; both come to exist with the first line, as on SageMaker."""

    def __init__(self, region: str, group: str, name: str) -> None:
        self.group, self.name = group, name
        self.region = region
        self._exists = False
        self.last_line = ""
        """The last line that was not empty: what a failure reason quotes."""

    def write(self, lines: list[str]) -> None:
        """Append lines, each an event stamped with the present time."""
        from moto.logs.exceptions import ResourceAlreadyExistsException
        from moto.logs.models import logs_backends

        backend = logs_backends[ACCOUNT_ID][self.region]
        if not self._exists:
            with suppress(ResourceAlreadyExistsException):  # the jobs of a kind share their group, and start at once
                if self.group not in backend.groups:
                    backend.create_log_group(self.group, {})
            backend.ensure_log_stream(self.group, self.name)
            self._exists = True
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line[:EVENT_LIMIT]} for line in lines]
        backend.put_log_events(self.group, self.name, events)
        self.last_line = next((line for line in reversed(lines) if line.strip()), self.last_line)
