"""What every worker of one cloud shares: where it lives, its images, its processes, its storage and its trail."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from mlstead_toolkit.cloud.authorization.acting import Acting
from mlstead_toolkit.cloud.authorization.caller import Callers
from mlstead_toolkit.cloud.authorization.judgement import Judgement
from mlstead_toolkit.cloud.events.timetable import Timetable
from mlstead_toolkit.cloud.image import Images
from mlstead_toolkit.cloud.reaper import Reaper

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.boot import Boot
    from mlstead_toolkit.cloud.trail import Trail


class Workshop:
    """The shared parts, and what must be ended when the cloud ends."""

    def __init__(self, boot: Boot, trail: Trail) -> None:
        self.boot, self.trail = boot, trail
        self.callers = Callers()
        self.judgement = Judgement()
        self.acting = Acting(self.callers, self.judgement, trail)
        self.images = Images()
        self.reaper = Reaper()
        self.timetable = Timetable()
        self.slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
        """Jobs that may run at once; more wait, as they would for instances."""
        self.closed = threading.Event()
        self.count_jobs: Callable[[], int] = lambda: 0
        self.count_endpoints: Callable[[], int] = lambda: 0
        self.at_close: list[Callable[[], None]] = []

    @property
    def jobs_running(self) -> int:
        """How many jobs have not ended."""
        return self.count_jobs()

    @property
    def endpoints(self) -> int:
        """How many endpoints exist."""
        return self.count_endpoints()

    def close(self) -> None:
        """Write out what is buffered, then end every process."""
        self.closed.set()
        self.timetable.close()
        for action in self.at_close:
            action()
        self.reaper.close()
