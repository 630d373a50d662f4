"""One stream in CloudWatch Logs, written as a container prints, in the name of its role."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.cloud.account import ACCOUNT_ID

if TYPE_CHECKING:
    from moto.logs.models import LogsBackend

May: TypeAlias = Callable[[ApiCall], str]
"""Tells why a call may not be made; empty where it may."""

EVENT_LIMIT = 256 * 1024
"""Bytes that CloudWatch Logs takes in one event."""


class LogStream:
    """A stream of a group; both come to exist with the first line, as on SageMaker.

    What the role may not write is not written, and the container goes on. It is asked when the stream begins, not for
    every batch of lines: CloudTrail shows no PutLogEvents either
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/logging_cw_api_calls.html).

    Args:
        region: of the group.
        group: its name.
        name: of the stream.
        may: asks what the role may; None: nobody is asked.
    """

    def __init__(self, region: str, group: str, name: str, may: May | None = None) -> None:
        self.group, self.name = group, name
        self.region, self.may = region, may
        self._begun = self._open = False
        self.last_line = ""
        """The last line that was not empty: what a failure reason quotes."""

    def write(self, lines: list[str]) -> None:
        """Append lines, each an event stamped with the present time."""
        from moto.logs.models import logs_backends

        backend = logs_backends[ACCOUNT_ID][self.region]
        if not self._begun:
            self._open, self._begun = self._begin(backend), True
        if self._open:
            now = int(time.time() * 1000)
            events = [{"timestamp": now, "message": line[:EVENT_LIMIT]} for line in lines]
            backend.put_log_events(self.group, self.name, events)
        self.last_line = next((line for line in reversed(lines) if line.strip()), self.last_line)

    def _begin(self, backend: LogsBackend) -> bool:
        """Make the stream, and its group where there is none; tells whether it may be written to."""
        from moto.logs.exceptions import ResourceAlreadyExistsException

        if self.group not in backend.groups:
            if self._refused("CreateLogGroup"):
                return False
            with suppress(ResourceAlreadyExistsException):  # the jobs of a kind share their group, and start at once
                backend.create_log_group(self.group, {})
        named = {"logStreamName": self.name}
        if self._refused("DescribeLogStreams") or self._refused("CreateLogStream", named):
            return False
        backend.ensure_log_stream(self.group, self.name)
        return not self._refused("PutLogEvents", named)

    def _refused(self, operation: str, more: dict[str, str] | None = None) -> str:
        if self.may is None:
            return ""
        asked = {"logGroupName": self.group, **(more or {})}
        return self.may(ApiCall("logs", operation, asked, self.region, ACCOUNT_ID))
