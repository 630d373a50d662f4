"""What training and processing jobs share: a thread each, a slot, a container, and an orderly end."""

from __future__ import annotations

import logging
import shutil
import threading
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mlstead_toolkit.cloud.container import Container, environment_of
from mlstead_toolkit.cloud.failure import Failure
from mlstead_toolkit.cloud.image import Image
from mlstead_toolkit.cloud.log_stream import LogStream
from mlstead_toolkit.cloud.sagemaker.calling import access_key_of_caller
from mlstead_toolkit.cloud.sagemaker.execution_role import assume
from mlstead_toolkit.cloud.sagemaker.instance import Instance
from mlstead_toolkit.cloud.sagemaker.metric import Point, forget_points
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, now, refusal
from mlstead_toolkit.cloud.storage import Storage
from mlstead_toolkit.cloud.workshop import Workshop

log = logging.getLogger("mlstead.cloud")
ENDED = frozenset({"Completed", "Failed", "Stopped"})
DAY = 86_400
LOOK_UP_EVERY = 0.5
"""Seconds after which a job that waits for a slot looks whether it has been stopped."""


class Stopped(Exception):
    """The job was stopped before its container ran, or while it waited."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What one job works with: its folder, instance, storage and credentials in its role's name, its log."""

    base: Path
    instance: Instance
    storage: Storage
    environment: dict[str, str]
    log: LogStream

    @property
    def opt_ml(self) -> Path:
        """The folder that stands for /opt/ml."""
        return self.base / "opt/ml"


class Job(Record):
    """One run of a container, from its request to its end.

    Subclasses say how it is prepared, what it runs and what is made of its end; `ended` is set once the description is
    final.
    """

    status_member: str
    log_group: str
    """Also the namespace of its metrics."""

    def __init__(
        self, name: str, arn: str, description: Document, tags: list[dict[str, str]], region: str, workshop: Workshop
    ) -> None:
        super().__init__(name, arn, description, tags)
        self.region, self.workshop = region, workshop
        self.ended = threading.Event()
        self._stop = threading.Event()
        self._container: Container | None = None
        self._made_by = access_key_of_caller()

    @property
    def status(self) -> str:
        """Its present status."""
        return str(self.description[self.status_member])

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._work, name=self.name, daemon=True).start()

    def stop(self) -> None:
        """Ask it to stop; it has stopped when its status says so."""
        if self.ended.is_set():
            return
        self._stop.set()
        self.stopping()
        if self._container is not None:
            self._container.stop()

    @property
    @abstractmethod
    def isolated(self) -> bool:
        """Whether its container is cut off from the network."""

    @property
    @abstractmethod
    def vpc_config(self) -> Document | None:
        """The subnets that it runs in. Its data goes through them even where its container is cut off.

        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html: EnableNetworkIsolation
        """

    @property
    @abstractmethod
    def volume_key(self) -> str | None:
        """The customer's key that encrypts its volume."""

    @abstractmethod
    def run(self, bench: Bench) -> None:
        """Do the whole job. Raises Failure or Stopped."""

    @abstractmethod
    def stopping(self) -> None:
        """Show that it is being stopped."""

    @abstractmethod
    def finish(self, status: str, reason: str | None) -> None:
        """Show how it ended."""

    def contain(self, bench: Bench, container: Container, seconds: float | None) -> tuple[int, bool]:
        """Run a container to its end; returns its exit code and whether its time was up. Raises Stopped."""
        self._container = container
        if self._stop.is_set():
            raise Stopped
        try:
            container.start()
        except Failure:
            if self._stop.is_set():
                raise Stopped from None
            raise
        if self._stop.is_set():
            container.stop()
        code, overtime = container.wait(seconds)
        if (usage := container.usage) is not None:
            host = (("Host", f"{self.name}/algo-1"),)
            bench.instance.publish(self.log_group, [
                Point("CPUUtilization", usage.processor, "Percent", host, now()),
                Point("MemoryUtilization", usage.memory, "Percent", host, now()),
            ])
        if self._stop.is_set():
            raise Stopped
        return code, overtime

    def _work(self) -> None:
        base = self.workshop.boot.directory / "jobs" / type(self).__name__ / self.name
        status, reason = "Completed", None
        try:
            with self._slot():
                bench = self._bench(base)
                bench.instance.join_network()
                try:
                    bench.instance.encrypt_volume(self.volume_key, self._made_by)
                    self.run(bench)
                finally:
                    bench.instance.leave_network()
        except Stopped:
            status = "Stopped"
        except Failure as failure:
            status, reason = "Failed", failure.reason
        except Exception as error:
            log.exception("job %s", self.name)
            status, reason = "Failed", f"InternalServerError: the local cloud failed: {type(error).__name__}: {error}"
        shutil.rmtree(base, ignore_errors=True)
        self.finish(status, reason)
        self.ended.set()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """Wait for a slot, unless the job is stopped meanwhile."""
        while not self.workshop.slots.acquire(timeout=LOOK_UP_EVERY):
            if self._stop.is_set():
                raise Stopped
        try:
            if self._stop.is_set():
                raise Stopped
            yield
        finally:
            self.workshop.slots.release()

    def _bench(self, base: Path) -> Bench:
        shutil.rmtree(base, ignore_errors=True)
        (base / "opt/ml").mkdir(parents=True)
        credentials = assume(self.workshop, self.description["RoleArn"], self.arn, self.region, self.vpc_config)
        instance = Instance(self.workshop, credentials, self.region, self.vpc_config)
        stream = LogStream(
            self.region, self.log_group, f"{self.name}/algo-1-{int(now().timestamp() * 1000)}", instance.may
        )
        return Bench(
            base,
            instance,
            Storage(credentials, self.region, self.workshop),
            environment_of(credentials, self.region, self.workshop.boot.endpoint, isolated=self.isolated),
            stream,
        )


J = TypeVar("J", bound=Job)


class Jobs(Collection[J]):
    """A collection of jobs."""

    @property
    def running(self) -> int:
        """How many have not ended."""
        return sum(not job.ended.is_set() for job in list(self.records.values()))

    def image(self, uri: str) -> Image:
        """Find the image that a request names. Raises the refusal where nothing stands for it."""
        try:
            return self.workshop.images.resolve(uri)
        except Failure as failure:
            raise refusal(str(failure)) from failure

    def stop(self, request: Document) -> None:
        """Answer Stop: what has ended cannot be stopped, in SageMaker's words."""
        job = self.get(request[self.name_member])
        if job.ended.is_set():
            raise refusal(
                f"The request was rejected because the {self.kind.replace('-', ' ')} is in status {job.status}."
            )
        job.stop()

    def delete(self, request: Document) -> None:
        """Answer Delete: only what has ended can be deleted."""
        job = self.get(request[self.name_member])
        if not job.ended.is_set():
            raise refusal(
                f"The {self.kind.replace('-', ' ')} {job.name} is in status {job.status}; "
                "it can be deleted once it has ended.",
                "ResourceInUse",
            )
        del self.records[job.name]
        forget_points(job.name)


def command_of(entrypoint: Sequence[str] | None, arguments: Sequence[str] | None, otherwise: str) -> list[str]:
    """Put a container's command together; without an entry point the image's own is meant."""
    return [*(entrypoint or [otherwise]), *(arguments or [])]
