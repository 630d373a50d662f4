"""One run at a time, whatever becomes of the one before."""

from __future__ import annotations

import json
import threading
import time

import pytest

from mlstead_jobs.lease import Lease, LeaseLost, held
from mlstead_jobs.zone import ZoneFailure

KEY = "locks/ingest.json"


def test_the_second_waits_for_the_first_and_says_so_once(zone):
    said, order = [], []

    def second() -> None:
        with held(zone, KEY, 15, said.append):
            order.append("second")

    with held(zone, KEY, 15, said.append):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(2.5)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
    assert len(said) == 1
    assert "another run holds" in said[0] and zone.uri(KEY) in said[0]


def test_one_that_ended_keeps_nobody_waiting(zone):
    for _ in range(2):
        began = time.monotonic()
        with held(zone, KEY, 15):
            assert time.monotonic() - began < 1


def test_one_that_failed_keeps_nobody_waiting(zone):
    with pytest.raises(ZeroDivisionError), held(zone, KEY, 15):
        _ = 1 / 0
    began = time.monotonic()
    with held(zone, KEY, 15):
        assert time.monotonic() - began < 1


def test_it_holds_longer_than_its_time_while_its_run_lives(zone):
    with held(zone, KEY, 0.6) as lease:
        time.sleep(1.5)
        lease.check()
        other = Lease(zone, KEY, 0.6)
        assert not other._take()


def test_one_whose_run_was_killed_is_taken_over_after_its_time(zone):
    killed = Lease(zone, KEY, 1.0)
    assert killed._take()  # and never renews it
    began = time.monotonic()
    with held(zone, KEY, 15) as lease:
        assert 0.5 < time.monotonic() - began < 5
        lease.check()
        with pytest.raises(LeaseLost, match="could not be renewed") as lost:
            killed.check()
    assert "run it again" in str(lost.value)


def test_a_run_whose_lease_was_taken_over_learns_it_and_leaves_the_other_alone(zone):
    with held(zone, KEY, 0.9) as lease:
        there = zone.read(KEY)
        zone.write(KEY, json.dumps({"holder": "another", "until": time.time() + 60}).encode(), replacing=there.version)
        time.sleep(0.8)
        with pytest.raises(LeaseLost, match="another run took it over"):
            lease.check()
    assert json.loads(zone.read(KEY).body)["holder"] == "another"


def test_a_run_that_cannot_renew_its_lease_stops_when_its_time_is_over(zone, monkeypatch):
    with held(zone, KEY, 0.6) as lease:
        def refuse(*_: object, **__: object) -> str:
            raise ZoneFailure("S3 cannot be reached.")

        monkeypatch.setattr(zone, "write", refuse)
        lease.check()
        time.sleep(0.9)
        with pytest.raises(LeaseLost, match=r"could not be renewed for 0\.6 s"):
            lease.check()


def test_a_lease_that_nobody_can_read_holds_nothing(zone):
    zone.write(KEY, b"what is this")
    began = time.monotonic()
    with held(zone, KEY, 15):
        assert time.monotonic() - began < 1
