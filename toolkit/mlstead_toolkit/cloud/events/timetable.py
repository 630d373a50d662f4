"""What is to be done later: one thread, asleep until the next of it is due or something changes."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger("mlstead.cloud")
LOOK = 60.0
"""Seconds after which the clock is looked at again: a sleep stands still while the machine does, the clock jumps."""


@dataclass(order=True)
class Entry:
    """Something to do, and when, in epoch seconds."""

    when: float
    number: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)


class Timetable:
    """Does each thing once it is due.

    Args:
        clock: gives epoch seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._entries: list[Entry] = []
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def at(self, when: float, action: Callable[[], None]) -> Entry:
        """Plan something; the thread begins with the first plan."""
        with self._changed:
            entry = Entry(when, next(self._numbers), action)
            heapq.heappush(self._entries, entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="timetable", daemon=True)
                self._thread.start()
            self._changed.notify()
        return entry

    def look(self) -> None:
        """Look at the clock now."""
        with self._changed:
            self._changed.notify()

    def close(self) -> None:
        """Do nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _work(self) -> None:
        while (entry := self._next()) is not None:
            try:
                entry.action()
            except Exception as error:  # the next thing is due all the same
                log.error("what was due failed", exc_info=error)

    def _next(self) -> Entry | None:
        """Wait for what is due; None at the end."""
        with self._changed:
            while not self._closed:
                if self._entries and self._entries[0].when <= self.clock():
                    entry = heapq.heappop(self._entries)
                    if not entry.cancelled:
                        return entry
                else:
                    left = self._entries[0].when - self.clock() if self._entries else None
                    self._changed.wait(None if left is None else min(left, LOOK))
        return None
