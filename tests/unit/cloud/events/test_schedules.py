"""Rules with a schedule, on a clock that the test turns: when they fire, and when they no longer do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend
from moto.sqs.models import sqs_backends

from mlstead_toolkit.cloud.boot import Boot
from mlstead_toolkit.cloud.events import backend
from mlstead_toolkit.cloud.events.timetable import Timetable
from mlstead_toolkit.cloud.trail import Trail
from mlstead_toolkit.cloud.workshop import Workshop

ACCOUNT, REGION = "123456789012", "eu-west-1"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:scheduled"
NOON = 1_709_121_600.0  # 2024-02-28 12:00
ADMITS = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
    "Resource": QUEUE}]})


class Clock:
    def __init__(self, timetable: Timetable) -> None:
        self.now, self._timetable = NOON, timetable
        timetable.clock = lambda: self.now

    def turn_to(self, now: float) -> None:
        self.now = now
        self._timetable.look()


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert done()


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(Boot(tmp_path, 0), Trail(tmp_path / "calls.jsonl"))
    yield workshop
    workshop.close()


@pytest.fixture
def clock(workshop: Workshop) -> Clock:
    return Clock(workshop.timetable)


@pytest.fixture
def events(workshop: Workshop, clock: Clock) -> EventsBackend:  # installed with that clock
    backend.install(workshop)
    return EventsBackend(REGION, ACCOUNT)


@pytest.fixture
def fired() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The scheduled events that have reached the queue."""
    queues = sqs_backends[ACCOUNT][REGION]
    queue = queues.create_queue("scheduled", {}, Policy=ADMITS)
    yield lambda: [json.loads(message.body) for message in queue.messages]
    queues.delete_queue("scheduled")


def put(events: EventsBackend, expression: str, **more: Any) -> None:
    events.put_rule("nightly", scheduled_expression=expression, **more)
    events.put_targets("nightly", None, [{"Id": "queue", "Arn": QUEUE}])


def test_a_rate_fires_again_and_again_without_drift(events: EventsBackend, clock: Clock, fired: Any) -> None:
    put(events, "rate(5 minutes)")

    for late, count in ((0.0, 1), (20.0, 2), (20.0, 3)):
        clock.turn_to(NOON + 300 * count - 0.01)
        time.sleep(0.02)
        assert len(fired()) == count - 1
        clock.turn_to(NOON + 300 * count + late)
        wait_until(lambda count=count: len(fired()) == count)

    assert [event["time"] for event in fired()] == [
        "2024-02-28T12:05:00Z", "2024-02-28T12:10:00Z", "2024-02-28T12:15:00Z"]
    assert fired()[0] == {
        "version": "0", "id": fired()[0]["id"], "detail-type": "Scheduled Event", "source": "aws.events",
        "account": ACCOUNT, "time": "2024-02-28T12:05:00Z", "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/nightly"], "detail": {}}


def test_a_machine_that_slept_fires_once_and_not_for_every_time_missed(
    events: EventsBackend, clock: Clock, fired: Any
) -> None:
    put(events, "cron(0/10 * * * ? *)")

    clock.turn_to(NOON + 86_400 + 30)
    wait_until(lambda: len(fired()) == 1)
    time.sleep(0.05)
    assert len(fired()) == 1
    clock.turn_to(NOON + 86_400 + 600)
    wait_until(lambda: len(fired()) == 2)


def test_a_disabled_a_changed_and_a_deleted_rule_keep_to_what_they_are_now(
    events: EventsBackend, clock: Clock, fired: Any
) -> None:
    put(events, "rate(1 minute)")
    events.disable_rule("nightly", None)
    clock.turn_to(NOON + 120)
    events.enable_rule("nightly", None)
    clock.turn_to(NOON + 179)
    time.sleep(0.05)
    assert fired() == []
    put(events, "rate(1 hour)")
    clock.turn_to(NOON + 179 + 3599)
    time.sleep(0.05)
    assert fired() == []
    clock.turn_to(NOON + 179 + 3600)
    wait_until(lambda: len(fired()) == 1)
    events.remove_targets("nightly", None, ["queue"])
    events.delete_rule("nightly", None)
    clock.turn_to(NOON + 86_400)
    time.sleep(0.05)
    assert len(fired()) == 1


def test_a_rule_made_disabled_does_not_fire(events: EventsBackend, clock: Clock, fired: Any) -> None:
    put(events, "rate(1 minute)", state="DISABLED")

    clock.turn_to(NOON + 3600)
    time.sleep(0.05)
    assert fired() == []


def test_the_thread_sleeps_until_something_is_due(events: EventsBackend, clock: Clock, fired: Any) -> None:
    looks = 0
    timetable = Timetable()

    def looking() -> float:
        nonlocal looks
        looks += 1
        return NOON

    timetable.clock = looking
    timetable.at(NOON + 3600, lambda: None)
    time.sleep(0.3)
    timetable.close()
    assert 0 < looks < 10


def test_a_schedule_that_aws_would_refuse_is_refused_with_the_reason(events: EventsBackend) -> None:
    with pytest.raises(ValidationException, match=r"ScheduleExpression is not valid. Reason: .*rate\(2 minutes\)"):
        put(events, "rate(2 minute)")
