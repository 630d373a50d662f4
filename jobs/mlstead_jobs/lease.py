"""A lease: one writer at a time per project and kind of job, without a service that hands out locks.

A small object says who holds it and until when; it only changes by conditional writes. Who was killed stops renewing
it, and the next takes it over.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from mlstead.errors import MlsteadError
from mlstead_jobs.zone import Conflict, Zone, ZoneFailure

SECONDS = 15.0


class LeaseLost(MlsteadError):
    """Another run took the lease over, so this one may write nothing more."""


class Lease:
    """A lease that is held.

    Args:
        zone: where it lies.
        key: its key: locks/ingest.json.
        seconds: how long it holds without being renewed; it is renewed three times as often.
    """

    def __init__(self, zone: Zone, key: str, seconds: float = SECONDS) -> None:
        self._zone, self._key, self._seconds = zone, key, seconds
        self._holder = uuid.uuid4().hex
        self._version = ""
        self._good_until = 0.0
        self._ended = threading.Event()
        self._lost: str | None = None
        self._renewing = threading.Thread(target=self._keep, daemon=True)

    def check(self) -> None:
        """Go on only while it is held; called before every write.

        Raises:
            LeaseLost: another run has it, or it could not be renewed in time.
        """
        lost = self._lost
        if lost is None and time.monotonic() > self._good_until:
            lost = f"it could not be renewed for {self._seconds:g} s"
        if lost:
            raise LeaseLost(f"This run lost its lease: {lost}. What it had finished stays.",
                            where=self._zone.uri(self._key), fix="run it again; it takes up where this one ended")

    def acquire(self, say: Callable[[str], None]) -> None:
        """Take the lease, waiting while another run holds it."""
        waiting = False
        while not self._take():
            if not waiting:
                say(f"another run holds {self._zone.uri(self._key)}; waiting until it is done")
            waiting = True
            time.sleep(min(1.0, self._seconds / 5))
        self._renewing.start()

    def release(self) -> None:
        """Give it back, so that nobody waits for its end."""
        self._ended.set()
        self._renewing.join(self._seconds)  # a last renewal would outlive our word
        with suppress(ZoneFailure):  # whoever has it now, or finds it after its time, needs no word from us
            self._zone.write(self._key, self._word(0), replacing=self._version)

    def _take(self) -> bool:
        there = self._zone.read(self._key)
        if there is not None and _runs(there.body):
            return False
        return self._write(there.version if there else None)

    def _keep(self) -> None:
        while not self._ended.wait(self._seconds / 3):
            try:
                held = self._write(self._version)
            except ZoneFailure:
                continue  # check() ends the run when this lasts
            if not held and not self._ended.is_set():
                self._lost = "another run took it over"
                return

    def _write(self, replacing: str | None) -> bool:
        began = time.monotonic()
        word = self._word(self._seconds)
        try:
            self._version = self._zone.write(self._key, word, replacing=replacing, new=replacing is None)
        except Conflict:
            # A write whose answer was lost is sent again by the SDK, and then conflicts with itself.
            there = self._zone.read(self._key)
            if there is None or there.body != word:
                return False
            self._version = there.version
        self._good_until = began + self._seconds
        return True

    def _word(self, seconds: float) -> bytes:
        return json.dumps({"holder": self._holder, "until": time.time() + seconds if seconds else 0}).encode()


def _runs(body: bytes) -> bool:
    """Say whether somebody holds it; what cannot be read holds nothing."""
    try:
        return float(json.loads(body)["until"]) > time.time()
    except (ValueError, TypeError, KeyError):
        return False


def is_held(zone: Zone, key: str) -> bool:
    """Say whether somebody holds a lease."""
    there = zone.read(key)
    return there is not None and _runs(there.body)


@contextmanager
def held(zone: Zone, key: str, seconds: float = SECONDS, say: Callable[[str], None] = print) -> Iterator[Lease]:
    """Hold a lease while something runs."""
    lease = Lease(zone, key, seconds)
    lease.acquire(say)
    try:
        yield lease
    finally:
        lease.release()
