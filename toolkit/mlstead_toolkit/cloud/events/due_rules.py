"""Rules with a schedule: each is due by the clock, from when it was made, changed or enabled."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from mlstead_toolkit.cloud.events.event import Event, new_event
from mlstead_toolkit.cloud.events.timetable import Entry, Timetable
from mlstead_toolkit.schedule import Schedule, parse

log = logging.getLogger("mlstead.cloud")


class DueRules:
    """Sends the event of every scheduled rule when it is due.

    Args:
        timetable: where what is due is kept.
        send: sends an event to the targets of a rule.
    """

    def __init__(self, timetable: Timetable, send: Callable[[Any, Event], None]) -> None:
        self._timetable, self._send = timetable, send
        self._lock = threading.Lock()
        self._planned: dict[str, Entry] = {}

    def follow(self, arn: str, rule: Any | None) -> None:
        """Plan a rule anew: one that is there, enabled and has a schedule is due again, any other no more."""
        with self._lock:
            if planned := self._planned.pop(arn, None):
                planned.cancelled = True
            if rule is None or rule.state == "DISABLED" or not rule.scheduled_expression:
                return
            now = self._now()
            self._plan(arn, rule, parse(rule.scheduled_expression), now, now)

    def _plan(self, arn: str, rule: Any, schedule: Schedule, after: datetime, since: datetime) -> None:
        due = schedule.next_after(after, since)
        if due is None:
            log.warning("rule %s is never due again: %s", arn, rule.scheduled_expression)
            return
        self._planned[arn] = self._timetable.at(due.timestamp(), lambda: self._fire(arn, rule, schedule, due, since))

    def _fire(self, arn: str, rule: Any, schedule: Schedule, due: datetime, since: datetime) -> None:
        with self._lock:
            if arn not in self._planned or self._planned[arn].cancelled:
                return
            # Counted from when it was due, so that lateness does not add up; what was missed is not made up for.
            self._plan(arn, rule, schedule, max(due, self._now()), since)
        when = due.timestamp()
        self._send(rule, new_event("aws.events", "Scheduled Event", rule.region_name, rule.account_id, [arn], {}, when))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._timetable.clock(), UTC)
