"""JupyterLab as a child process: started on this machine alone, watched until it answers, ended with its kernels."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError

HOST = "127.0.0.1"
FIRST_PORT = 8888
START_WITHIN, END_WITHIN = 120.0, 20.0
QUIETLY = ("--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
           "--LabApp.news_url=None")
"""The environment is what its lock says, and nothing asks the internet."""
SHOWN = 5
"""Lines of its log that an error shows."""


class JupyterFailed(MlsteadError):
    """JupyterLab did not start, or a notebook did not run."""


@dataclass(frozen=True)
class Jupyter:
    """A JupyterLab that answers at `address`, which holds its token."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    @classmethod
    def start(cls, python: Path, folder: Path, environment: Mapping[str, str], log: Path) -> Jupyter:
        """Start it in a folder, and wait until it answers.

        Raises:
            JupyterFailed: it is not in the environment, or ended, or does not answer.
        """
        program = require(python, "jupyter-lab")
        port, token = _unused_port(), secrets.token_urlsafe(24)
        command = [program, "--no-browser", f"--ServerApp.ip={HOST}", f"--ServerApp.port={port}",
                   "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}", *QUIETLY]
        if os.geteuid() == 0:
            command.append("--allow-root")  # whoever is root here is so already, and nobody else gets in
        with log.open("wb") as written:
            process = subprocess.Popen(
                command, cwd=folder, env={**environment, "JUPYTER_TOKEN": token},  # not in the command: all see that
                stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is ours to pass on: Jupyter would ask whether it is meant
            )
        lab = cls(process, f"http://{HOST}:{port}/lab?token={token}", log)
        try:
            lab._wait_until_it_answers(f"http://{HOST}:{port}/api")
        except BaseException:
            lab.end()
            raise
        return lab

    def wait(self) -> int:
        """Wait until it ends by itself; give its exit code."""
        return self.process.wait()

    def end(self) -> None:
        """End it and its kernels: asked first, which lets it end them itself."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(END_WITHIN)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def _wait_until_it_answers(self, url: str) -> None:
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise self._failed(f"JupyterLab ended with code {self.process.returncode} as it started")
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise self._failed(f"JupyterLab does not answer after {START_WITHIN:.0f} seconds")

    def _failed(self, what: str) -> JupyterFailed:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-SHOWN:]
        return JupyterFailed("\n".join([f"{what}:", *lines]), where=str(self.log), fix="mend what it says there")


def execute(python: Path, notebook: Path, out: Path | None, environment: Mapping[str, str]) -> None:
    """Run a notebook to its end in its own folder.

    Raises:
        JupyterFailed: a cell failed; what ran until then is in `out`.
    """
    require(python, "jupyter-execute")
    driver = Path(__file__).with_name("notebook_execution.py")
    command = [str(python), "-W", "ignore", str(driver), str(notebook), *([str(out)] if out else [])]
    begun = time.time()
    done = subprocess.run(command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        told = next((line.strip() for line in reversed(done.stderr.splitlines()) if line.strip()), "it said nothing")
        written = out is not None and out.is_file() and out.stat().st_mtime >= begun - 1
        mend = "mlstead notebook local opens it, to look and mend"
        raise JupyterFailed(f"The notebook failed: {told}", where=str(notebook),
                            fix=f"{out} has what ran until then; {mend}" if written else mend)


def require(python: Path, name: str) -> str:
    """Give a command of the project's environment, or say how it gets there."""
    program = python.parent / name
    if not program.exists():
        raise JupyterFailed(f"The project's environment has no {name}.", where=str(python.parent),
                            fix="add jupyterlab, ipykernel and nbclient to the dependency group dev in pyproject.toml, "
                                "then make lock")
    return str(program)


def _unused_port() -> int:
    """Give Jupyter's usual port, or any that is free."""
    for port in (FIRST_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise JupyterFailed("No port is free.", where=HOST, fix="end something that listens there")
