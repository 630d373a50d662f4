"""Gets events to targets: at once, again where a target failed, and into its dead-letter queue in the end.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from typing import Any

from mlstead_toolkit.cloud.events.event import Event
from mlstead_toolkit.cloud.events.target import Send, send_to_queue
from mlstead_toolkit.cloud.events.undelivered import FAILED, REFUSED, Undelivered
from mlstead_toolkit.cloud.workshop import Workshop

log = logging.getLogger("mlstead.cloud")
ATTEMPTS, AGE = 185, 86_400
"""What AWS does where a target has no RetryPolicy: attempts after the first, and seconds."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
"""Seconds before the second attempt, doubled for each that follows, and their most."""


@dataclass(frozen=True, slots=True)
class Task:
    """One event on its way to one target."""

    rule_arn: str
    target: dict[str, Any]
    event: Event
    send: Send
    since: float
    retries: int = 0


class Delivery:
    """Delivers the events of one cloud."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop, self._timetable = workshop, workshop.timetable

    def deliver(self, rule_arn: str, target: dict[str, Any], event: Event, send: Send) -> None:
        """Deliver an event. Raises nothing: who caused the event is not concerned with who hears of it."""
        self._attempt(Task(rule_arn, target, event, send, self._timetable.clock()))

    def _attempt(self, task: Task) -> None:
        try:
            task.send(self._workshop, task.rule_arn, task.target, task.event)
        except Undelivered as failure:
            self._failed(task, failure)
        except NotImplementedError:
            self._failed(task, Undelivered(REFUSED, "The local cloud has no such target."))
        except Exception as error:
            self._failed(task, Undelivered(FAILED, f"{type(error).__name__}: {error}"))

    def _failed(self, task: Task, failure: Undelivered) -> None:
        policy = task.target.get("RetryPolicy", {})
        exhausted = ""
        if failure.again:
            when = self._timetable.clock() + min(FIRST_WAIT * 2.0**task.retries, LONGEST_WAIT)
            if task.retries >= policy.get("MaximumRetryAttempts", ATTEMPTS):
                exhausted = "MaximumRetryAttempts"
            elif when > task.since + policy.get("MaximumEventAgeInSeconds", AGE):
                exhausted = "MaximumEventAgeInSeconds"
            else:
                log.warning("event %s", _told(task, failure, "will be tried again"))
                self._timetable.at(when, lambda: self._attempt(replace(task, retries=task.retries + 1)))
                return
        self._bury(task, failure, exhausted)

    def _bury(self, task: Task, failure: Undelivered, exhausted: str) -> None:
        queue = task.target.get("DeadLetterConfig", {}).get("Arn")
        if not queue:
            log.warning("event %s", _told(task, failure, "is dropped: the target has no dead-letter queue"))
            return
        attributes = {
            "RULE_ARN": task.rule_arn, "TARGET_ARN": task.target["Arn"], "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": str(failure), "RETRY_ATTEMPTS": str(task.retries),
        }
        if exhausted:
            attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted
        try:
            send_to_queue(self._workshop, task.rule_arn, queue, json.dumps(task.event), attributes)
        except Exception as error:
            log.warning("event %s", _told(task, failure, f"is dropped: its dead-letter queue {queue} does not take it "
                                                         f"({error})"))
        else:
            log.warning("event %s", _told(task, failure, f"is in the dead-letter queue {queue}"))


def _told(task: Task, failure: Undelivered, end: str) -> str:
    """Say what became of an event: in the cloud's log it is all that anyone sees of it."""
    why = f"{failure.code}: {failure}"
    return f"{task.event['id']} of {task.rule_arn} did not reach {task.target['Arn']} ({why}): {end}"
