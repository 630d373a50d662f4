"""The local provider as a process of its own, for a real Pulumi engine to attach to (PULUMI_DEBUG_PROVIDERS)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from mlstead.errors import MlsteadError


def ensure_serving(home: Path, endpoint: str, region: str) -> int:
    """Give the port of the provider for an endpoint and region, started detached unless it runs.

    Raises:
        MlsteadError: the server ended before it named its port.
    """
    wanted = {"endpoint": endpoint, "region": region}
    record = _read(home)
    if record and _alive(record) and wanted.items() <= record.items():
        return int(record["port"])
    stop_serving(home)
    log = home / "cloud" / "provider.log"
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [sys.executable, "-m", "mlstead_toolkit.aws", "--endpoint", endpoint, "--region", region]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
                                   start_new_session=True, env=environment)
    assert process.stdout is not None
    with process.stdout:
        port = process.stdout.readline().strip()
    if not port.isdecimal():
        raise MlsteadError("The provider for a real Pulumi engine did not start.", where=str(log),
                           fix="read that log; mlstead doctor checks the installation")
    _file(home).write_text(json.dumps({**wanted, "port": int(port), "pid": process.pid}), encoding="utf-8")
    return int(port)


def stop_serving(home: Path) -> None:
    """End the provider's process, if it runs."""
    record = _read(home)
    if record and _alive(record):
        os.kill(int(record["pid"]), signal.SIGTERM)
    _file(home).unlink(missing_ok=True)


def _file(home: Path) -> Path:
    return home / "cloud" / "provider.json"


def _read(home: Path) -> dict[str, str | int] | None:
    try:
        found: dict[str, str | int] = json.loads(_file(home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _alive(record: dict[str, str | int]) -> bool:
    """Tell whether the recorded process still is ours: numbers are given out again."""
    import psutil

    try:
        return "mlstead_toolkit.aws" in psutil.Process(int(record["pid"])).cmdline()
    except psutil.Error:
        return False
