"""A container of the local cloud: a process in the project's own environment, under SageMaker's container contract.

/opt/ml is rooted at a folder of the container's own, named by SAGEMAKER_BASE_DIR as SageMaker's training toolkit has
it; "/opt/ml" in the command and in the values of its environment is replaced by that folder.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlstead_toolkit.cloud.credentials import RoleCredentials
from mlstead_toolkit.cloud.failure import AlgorithmFailure
from mlstead_toolkit.cloud.image import Image
from mlstead_toolkit.cloud.log_stream import LogStream
from mlstead_toolkit.cloud.reaper import Reaper, kill_group

log = logging.getLogger("mlstead.cloud")
OPT_ML = "/opt/ml"
INHERITED = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "TZ", "USER")
"""What a container keeps of the cloud's environment; an image would bring the like itself. Not HOME: in it lie the
credentials of the developer's real accounts."""
OPENMP_THREADS = str(max(1, (os.cpu_count() or 2) // 2))
"""Threads of a job that computes with OpenMP, unless it says otherwise. They wait for each other spinning: with as many
as there are cores, on a busy machine, the example's training job took 48 s instead of 4."""
GRACE_SECONDS = 30.0
"""Between SIGTERM and SIGKILL when a container is stopped (SageMaker: 120)."""
CHUNK = 65536
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which a process's most memory is told."""
MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
"""Bytes that this machine has."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a container took: processor time as a share of one processor, and its largest process's share of memory.

    Both in percent, as SageMaker's instance metrics have them.
    """

    processor: float
    memory: float


class Container:
    """One process group, its log stream and its end.

    Args:
        image: what its image stands for.
        command: entry point and arguments.
        base: folder that stands for the container's root; holds opt/ml.
        environment: variables of the job's own.
        on_lines: sees every batch of printed lines, for metrics.
    """

    def __init__(
        self,
        image: Image,
        command: Sequence[str],
        base: Path,
        environment: Mapping[str, str],
        log: LogStream,
        reaper: Reaper,
        on_lines: Callable[[list[str]], None] | None = None,
    ) -> None:
        opt_ml = str(base / "opt/ml")
        self._image, self._log, self._reaper, self._on_lines = image, log, reaper, on_lines
        self._command = [part.replace(OPT_ML, opt_ml) for part in command]
        path = os.pathsep.join([str(image.python.parent), os.environ.get("PATH", os.defpath)])
        self._environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "HOME": str(base),
            "TMPDIR": str(base / "tmp"),
            "PATH": path,
            "PYTHONUNBUFFERED": "1",
            "VIRTUAL_ENV": str(image.python.parent.parent),
            "OMP_NUM_THREADS": OPENMP_THREADS,
            **{name: value.replace(OPT_ML, opt_ml) for name, value in environment.items()},
            "SAGEMAKER_BASE_DIR": opt_ml,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._lock = threading.Lock()
        self._stopping = False
        self._began = 0.0
        self.usage: Usage | None = None
        """What it took; there once it has ended."""

    @property
    def running(self) -> bool:
        """Whether it has started and not ended."""
        return self._process is not None and self._process.returncode is None

    def start(self) -> None:
        """Start it. Raises AlgorithmFailure where its command does not exist in the image."""
        Path(self._environment["TMPDIR"]).mkdir(parents=True, exist_ok=True)
        program = shutil.which(self._command[0], path=self._environment["PATH"])
        if program is None:
            raise AlgorithmFailure(
                f"the command {self._command[0]!r} does not exist in the image of repository "
                f"{self._image.repository!r} (environment {self._image.python.parent}), exit code: 127"
            )
        with self._lock:
            if self._stopping:
                raise AlgorithmFailure("stopped before it started")
            try:
                self._process = subprocess.Popen(
                    [program, *self._command[1:]],
                    cwd=self._image.root,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise AlgorithmFailure(
                    f"the command {program!r} cannot be run: {error.strerror}, exit code: 126"
                ) from error
        self._began = time.monotonic()
        self._reaper.watch(self._process.pid)
        self._reader = threading.Thread(target=self._read, args=(self._process,), name="container-log", daemon=True)
        self._reader.start()

    def wait(self, within: float | None = None) -> tuple[int, bool]:
        """Wait for its end; returns the exit code (negative: the signal) and whether the time was up.

        Args:
            within: seconds after which it is stopped.
        """
        process = self._started()
        overtime = threading.Event()

        def run_over() -> None:
            overtime.set()
            self.stop()

        timer = threading.Timer(within, run_over) if within else None
        if timer:
            timer.daemon = True
            timer.start()
        code = self._end_of(process)
        if timer:
            timer.cancel()
        kill_group(process.pid)  # a container ends with its first process; children of that would hold the log open
        if self._reader:
            self._reader.join(timeout=5)
        self._reaper.forget(process.pid)
        return code, overtime.is_set()

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Ask it to end by SIGTERM, and make it after a grace period (seconds). Does not wait."""
        with self._lock:
            self._stopping = True
            process = self._process
        if process is None or process.returncode is not None:
            return
        kill_group(process.pid, signal.SIGTERM)

        def insist() -> None:
            if process.returncode is None:
                kill_group(process.pid)

        timer = threading.Timer(grace, insist)
        timer.daemon = True
        timer.start()

    def _end_of(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for a process, and note what it and the children that it waited for have taken."""
        _, status, took = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = max(time.monotonic() - self._began, 1e-3)
        self.usage = Usage(
            100 * (took.ru_utime + took.ru_stime) / seconds, 100 * took.ru_maxrss * MAXRSS_UNIT / MEMORY
        )
        return process.returncode

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the container has not been started")
        return self._process

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        """Pass on what it prints. A read gives all that has come meanwhile: batches make themselves."""
        if process.stdout is None:
            return
        rest = b""
        with process.stdout as pipe:
            while chunk := os.read(pipe.fileno(), CHUNK):
                *lines, rest = (rest + chunk).split(b"\n")
                self._pass_on(lines)
        self._pass_on([rest] if rest else [])

    def _pass_on(self, raw: list[bytes]) -> None:
        lines = [line.decode("utf-8", "replace").rstrip("\r") for line in raw]
        if lines:
            try:
                self._log.write(lines)
            except Exception:  # its group was deleted, say; a pipe that nobody empties would stop the container
                log.exception("lines of %s were lost", self._log.name)
            if self._on_lines:
                self._on_lines(lines)


def environment_of(credentials: RoleCredentials, region: str, endpoint: str, *, isolated: bool) -> dict[str, str]:
    """Give the variables through which a container's AWS SDK acts as its role, on this cloud.

    Under network isolation a container gets no credentials and reaches no service, as on SageMaker: code that would
    fail there fails here. The region is in AWS_REGION alone, as there; boto3 reads AWS_DEFAULT_REGION.
    """
    environment = {
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_CONFIG_FILE": os.devnull,
    }
    if not isolated:
        environment |= {
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_SESSION_TOKEN": credentials.session_token,
            "AWS_ENDPOINT_URL": endpoint,
        }
    return environment


def how_it_ended(code: int) -> str:
    """Put an exit code into words; shells' numbering for signals, as containers report them."""
    if code >= 0:
        return f"exit code: {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"killed by {name}, exit code: {128 - code}"
