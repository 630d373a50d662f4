"""LocalStack without Docker: a process in a folder, on a port, that ends with its children however the tests end."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mlstead_toolkit.cloud.reaper import Reaper

ENVIRONMENT = Path(__file__).parents[2] / ".venv-localstack"
LOCK = Path(__file__).with_name("requirements.lock")
READY_WITHIN, STOPPED_WITHIN = 60.0, 5.0


def why_not_run() -> str | None:
    """Say why there is no LocalStack to start here; None where there is."""
    if (reason := ENVIRONMENT / "not-built").exists():
        return reason.read_text().strip()
    built = ENVIRONMENT / "requirements.lock"
    if not built.exists() or built.read_bytes() != LOCK.read_bytes():
        return f"{ENVIRONMENT.name} does not hold what {LOCK.name} names; make test-localstack builds it"
    return None


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run LocalStack from the moment that it is healthy; a killed pytest takes it along (see reaper.py)."""
    for name in ("volume", "root/usr/lib"):
        (folder / name).mkdir(parents=True)
    (folder / "root/usr/lib/localstack").symlink_to(ENVIRONMENT / "root/usr/lib/localstack")  # see .ci/localstack
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    # Where it takes the machine for a container it would write to /var/lib/localstack and /etc/resolv.conf.
    settings = {"OVERRIDE_IN_DOCKER": "0", "DNS_ADDRESS": "0",
                "GATEWAY_LISTEN": f"127.0.0.1:{port}", "LOCALSTACK_HOST": f"127.0.0.1:{port}",
                "LOCALSTACK_VOLUME_DIR": str(folder / "volume"), "FILESYSTEM_ROOT": str(folder / "root"),
                "TMPDIR": str(folder), "SKIP_SSL_CERT_DOWNLOAD": "1", "DISABLE_EVENTS": "1",
                "SQS_DISABLE_CLOUDWATCH_METRICS": "1"}
    log, reaper = folder / "localstack.log", Reaper()
    with log.open("wb") as output:
        process = subprocess.Popen([str(ENVIRONMENT / "bin" / "python"), "-m", "localstack.runtime.main"], cwd=folder,
                                   env=kept | settings, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   start_new_session=True)
    try:
        reaper.watch(process.pid)
        _await_health(process, port, log)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOPPED_WITHIN)
        reaper.close()
        process.wait()


def _await_health(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/_localstack/health")
            if connection.getresponse().status == 200:
                return
        connection.close()
        time.sleep(0.05)
    raise RuntimeError(f"LocalStack did not come up within {READY_WITHIN:.0f} s:\n{log.read_text()[-3000:]}")
