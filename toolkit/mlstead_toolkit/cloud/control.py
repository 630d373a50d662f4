"""Starts, finds and stops the local cloud, from any process: what the commands and the tests call.

A cloud is known by its port and its home. It answers for itself at /_mlstead/status, so a stale file never misleads.
"""

from __future__ import annotations

import errno
import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.cloud import elsewhere

HOST = "127.0.0.1"
READY_WITHIN = 30.0
"""Seconds that a new cloud has to answer; it needs about one."""
STOPPED_WITHIN = 10.0
"""Seconds that a cloud has to end its jobs and itself before it is killed."""
LOG_LIMIT = 5_000_000
"""Bytes of log beyond which the next start puts the log aside."""


class CloudError(MlsteadError):
    """The local cloud could not be started, reached or stopped."""


class PortBusy(CloudError):
    """Something else listens on the local cloud's port."""


@dataclass(frozen=True, slots=True)
class CloudStatus:
    """What a local cloud says of itself.

    `boot_id` is new whenever the cloud is empty again; `started` is in epoch seconds; `jobs_running` counts the
    training and processing jobs that have not ended; `endpoints` those that exist.
    """

    running: bool
    endpoint: str
    pid: int | None = None
    boot_id: str | None = None
    started: float | None = None
    jobs_running: int = 0
    endpoints: int = 0


def endpoint_address(port: int) -> str:
    """Give the address that SDKs take as AWS_ENDPOINT_URL."""
    return f"http://{HOST}:{port}"


def log_path(home: Path) -> Path:
    """Give the file that the cloud of this home logs to."""
    return home / "cloud" / "cloud.log"


def status(home: Path, port: int) -> CloudStatus:
    """Ask whether this home's cloud runs on the port. Raises PortBusy where something else does."""
    stopped = CloudStatus(running=False, endpoint=endpoint_address(port))
    try:
        code, answer = _request(port, "GET", "status", timeout=10.0)
    except ConnectionRefusedError:
        return stopped
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL):
            raise CloudError(
                f"This machine does not reach itself: {error.strerror}.",
                where=HOST,
                fix="bring its loopback interface up: ip link set lo up",
            ) from error
        raise _busy(port) from error
    if code != 200 or answer.get("service") != "mlstead":
        raise _busy(port)
    if Path(str(answer["home"])) != home.resolve():
        raise PortBusy(
            "Another local cloud runs on this port.",
            where=f"{HOST}:{port}, home {answer['home']}",
            fix="stop it with `mlstead cloud stop` under that MLSTEAD_HOME, or choose another port: "
            f"MLSTEAD_CLOUD_PORT={_neighbour(port)}",
        )
    return CloudStatus(
        running=True,
        endpoint=endpoint_address(port),
        pid=_integer(answer["pid"]),
        boot_id=str(answer["boot_id"]),
        started=float(str(answer["started"])),
        jobs_running=_integer(answer["jobs_running"]),
        endpoints=_integer(answer["endpoints"]),
    )


def ensure_running(home: Path, port: int, services_elsewhere: Iterable[str] = ()) -> CloudStatus:
    """Start the cloud unless it runs, wait until it answers, and give its status.

    `services_elsewhere` names what another cloud beside it takes.

    Raises PortBusy where something else has the port, CloudError where the cloud ends before it answers.
    """
    current = status(home, port)
    return current if current.running else start(home, port, services_elsewhere)


def start(home: Path, port: int, services_elsewhere: Iterable[str] = ()) -> CloudStatus:
    """Start the cloud detached from this process; where it already runs, change nothing."""
    home = home.resolve()
    log = log_path(home)
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _only_one_starts(home):
        current = status(home, port)
        if current.running:
            return current
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        command = [sys.executable, "-m", "mlstead_toolkit.cloud", "--port", str(port), "--home", str(home)]
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=home,
                env=_environment() | {elsewhere.VARIABLE: ",".join(services_elsewhere)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return _await_ready(home, port, process, log)


def stop(home: Path, port: int) -> CloudStatus:
    """Stop the cloud, its jobs and its model servers; where none runs, change nothing."""
    current = status(home, port)
    if not current.running or current.pid is None:
        return current
    try:
        _request(port, "POST", "stop", timeout=STOPPED_WITHIN)
    except (OSError, http.client.HTTPException, ValueError):
        _signal(current.pid, signal.SIGTERM)
    if not _gone_within(current.pid, STOPPED_WITHIN):
        _signal(current.pid, signal.SIGKILL)
        _gone_within(current.pid, STOPPED_WITHIN)
    return CloudStatus(running=False, endpoint=endpoint_address(port))


def reset(home: Path, port: int) -> CloudStatus:
    """Empty the cloud: everything in it goes, and its boot id is new. Starts it where it does not run."""
    before = status(home, port)
    if not before.running:
        return start(home, port)
    with suppress(OSError, http.client.HTTPException, ValueError):  # it may go down in the middle of its answer
        _request(port, "POST", "reset", timeout=STOPPED_WITHIN)
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        try:
            after = status(home, port)
        except PortBusy:
            after = before
        if after.running and after.boot_id != before.boot_id:
            return after
        time.sleep(0.02)
    raise CloudError(
        "The local cloud did not come back after a reset.",
        where=str(log_path(home)),
        fix="mlstead cloud stop, then mlstead cloud start",
    )


def register_image(endpoint: str, repository: str, root: Path, python: Path) -> None:
    """Say what stands for the container images of an ECR repository: a project folder and its interpreter.

    Args:
        endpoint: address of the cloud, such as "http://127.0.0.1:4566".
        repository: the repository's name, without account, region and tag.
        root: folder in which the containers' commands run.
        python: interpreter of the project's environment; its folder comes first on the containers' PATH.
    """
    port = int(endpoint.rsplit(":", 1)[1])
    body = {"repository": repository, "root": str(root.absolute()), "python": str(python.absolute())}
    code, answer = _request(port, "POST", "images", body, timeout=10.0)
    if code != 200:
        raise CloudError(
            str(answer.get("message", "The local cloud refused the image.")), where=repository, fix="mlstead up local"
        )


def forget_metrics(endpoint: str, endpoint_name: str) -> None:
    """Drop the metrics of an endpoint that is gone: AWS lets them age for fifteen months, here they would never go.

    Args:
        endpoint: address of the cloud, such as "http://127.0.0.1:4566".
        endpoint_name: name of the SageMaker endpoint.
    """
    _request(int(endpoint.rsplit(":", 1)[1]), "POST", "forget-metrics", {"endpoint_name": endpoint_name}, timeout=10.0)


def _request(
    port: int, method: str, path: str, body: Mapping[str, object] | None = None, *, timeout: float
) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request(
            method,
            f"/_mlstead/{path}",
            None if body is None else json.dumps(body),
            {"Content-Type": "application/json"},
        )
        response = connection.getresponse()
        answer = json.loads(response.read())
    finally:
        connection.close()
    if not isinstance(answer, dict):
        raise ValueError("not an answer of a local cloud")
    return response.status, answer


def _await_ready(home: Path, port: int, process: subprocess.Popen[bytes], log: Path) -> CloudStatus:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        current = status(home, port)
        if current.running:
            return current
        if process.poll() is not None:
            raise CloudError(
                f"The local cloud ended as it started, exit code {process.returncode}: {_last_line(log)}",
                where=str(log),
                fix="read the log; `mlstead doctor` checks the installation",
            )
        time.sleep(0.02)
    process.kill()
    raise CloudError(
        f"The local cloud did not answer within {READY_WITHIN:.0f} s.",
        where=str(log),
        fix="try again; if the machine is very busy, wait",
    )


@contextmanager
def _only_one_starts(home: Path) -> Iterator[None]:
    with (home / "cloud" / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment() -> dict[str, str]:
    """Drop what would make every start slow (no bytecode kept) and what would point the cloud at a real account."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "MOTO_", "AWS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):  # it may have ended by itself meanwhile
        os.kill(pid, number)


def _gone_within(pid: int, seconds: float) -> bool:
    import psutil

    try:
        process = psutil.Process(pid)
        process.wait(seconds)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


def _busy(port: int) -> PortBusy:
    owner = _owner(port)
    return PortBusy(
        f"Port {port} is taken by {owner or 'something else'}, which is not a local cloud.",
        where=f"{HOST}:{port}",
        fix=f"stop it, or choose another port: MLSTEAD_CLOUD_PORT={_neighbour(port)}",
    )


def _owner(port: int) -> str | None:
    """Name the process that listens on the port, as far as this user may know."""
    import psutil

    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,) and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.Error, OSError):
        return None
    return None


def _neighbour(port: int) -> int:
    return port + 1 if port < 65535 else port - 1


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "nothing in its log"


def _integer(value: object) -> int:
    return int(str(value))
