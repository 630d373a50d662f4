"""What is noted of an invocation once it was answered: CloudWatch metrics and captured data, in its own thread."""

from __future__ import annotations

import logging
import queue
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from mlstead_toolkit.cloud.credentials import RoleCredentials
from mlstead_toolkit.cloud.sagemaker.data_capture import DataCapture
from mlstead_toolkit.cloud.sagemaker.metric import Point, put_points
from mlstead_toolkit.cloud.sagemaker.record import Document
from mlstead_toolkit.cloud.workshop import Workshop

log = logging.getLogger("mlstead.cloud")
NAMESPACE = "AWS/SageMaker"
EVERY = 0.5
"""Seconds between deliveries while there is something to deliver."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One invocation: `when` in epoch seconds, durations in microseconds, bodies as they went over the wire."""

    endpoint: str
    variant: str
    region: str
    credentials: RoleCredentials
    when: float
    status: int
    model_microseconds: float
    overhead_microseconds: float
    request: bytes
    request_type: str
    answer: bytes
    answer_type: str
    inference_id: str | None
    custom_attributes: str | None
    capture: Document


class Observer:
    """Gathers observations and delivers them in batches."""

    def __init__(self, workshop: Workshop) -> None:
        self._queue: queue.SimpleQueue[Observation | None] = queue.SimpleQueue()
        self._capture = DataCapture(workshop)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def observe(self, observation: Observation) -> None:
        """Note an invocation; returns at once."""
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="observer", daemon=True)
                    self._thread.start()
        self._queue.put(observation)

    def close(self) -> None:
        """Deliver what is waiting."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(timeout=5)

    def _work(self) -> None:
        going_on = True
        while going_on:
            batch = [self._queue.get()]
            time.sleep(EVERY)  # let a batch gather; nobody waits for it
            while not self._queue.empty():
                batch.append(self._queue.get())
            going_on = None not in batch
            try:
                self._deliver([one for one in batch if one is not None])
            except Exception:
                log.exception("delivery of metrics and captured data")

    def _deliver(self, observations: list[Observation]) -> None:
        for region in {one.region for one in observations}:
            put_points(
                region, NAMESPACE, [point for one in observations if one.region == region for point in points(one)]
            )
        self._capture.write(observations)


def points(one: Observation) -> list[Point]:
    """Give the metrics of an invocation as SageMaker publishes them, by endpoint and variant.

    In AWS's own namespace, which no role's rights reach: they are SageMaker's own to publish.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html: Namespace
    """
    when = datetime.fromtimestamp(one.when, UTC)
    dimensions = (("EndpointName", one.endpoint), ("VariantName", one.variant))
    return [
        Point(name, value, unit, dimensions, when)
        for name, value, unit in (
            ("Invocations", 1.0, "None"),
            ("Invocation4XXErrors", float(400 <= one.status < 500), "None"),
            ("Invocation5XXErrors", float(one.status >= 500), "None"),
            ("ModelLatency", one.model_microseconds, "Microseconds"),
            ("OverheadLatency", one.overhead_microseconds, "Microseconds"),
        )
    ]
