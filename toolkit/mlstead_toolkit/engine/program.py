"""The engine's side of the process in which programs run (see program_child.py)."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlstead_toolkit.engine.errors import ProgramError
from mlstead_toolkit.environment import child_environment

_CHILD = Path(__file__).with_name("program_child.py")
_END_OF_OUTPUT = "\x1e mlstead: end of output"


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """What a program is run with; `address` is that of the monitor and the engine service."""

    directory: Path
    main: Path
    project: str
    stack: str
    organization: str
    address: str
    preview: bool
    config: dict[str, str]
    secret_keys: Sequence[str]
    threads: int = 128


class Program:
    """One child interpreter; starts at once and imports in the background.

    Args:
        python: the interpreter that has the program's dependencies.
        modules: what to import before the first order comes.
        hidden: matches names of variables that the program does not get; None: it gets all.
    """

    def __init__(self, python: Path, modules: Sequence[str] = (), hidden: re.Pattern[str] | None = None) -> None:
        self.python = python
        self.imported: list[str] = []  # what the last run's program imported, for the next process to begin with
        self._runs = 0
        self._sink: Callable[[str], None] | None = None
        self._tail: list[str] = []
        self._drained = threading.Event()
        ours, theirs = socket.socketpair()
        # Of another environment nothing may be imported; a terminal's Ctrl-C must reach the engine alone.
        given = {name: value for name, value in child_environment().items()
                 if hidden is None or not hidden.fullmatch(name)}
        environment = {"GRPC_VERBOSITY": "ERROR"} | given | {"PYTHONUNBUFFERED": "1"}
        try:
            self._process = subprocess.Popen(
                [str(python), str(_CHILD), str(theirs.fileno()), *modules], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[theirs.fileno()], env=environment,
                start_new_session=True)
        except OSError as error:
            ours.close()
            raise ProgramError(f"The program's interpreter cannot be started: {error.strerror}.", where=str(python),
                               fix="make the project's environment again") from error
        finally:
            theirs.close()
        self._channel = ours
        self._answers = ours.makefile("rb")
        threading.Thread(target=self._read_output, name="program-output", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def run(self, order: ProgramRun, on_output: Callable[[str], None]) -> dict[str, Any] | None:
        """Run a program to its end; returns None, or `message` and `where` of what it raised.

        Raises:
            ProgramError: the interpreter lacks pulumi, or the process ended.
        """
        self._runs += 1
        self._sink = on_output
        self._drained.clear()
        message = {
            "run": self._runs, "directory": str(order.directory), "main": str(order.main), "project": order.project,
            "stack": order.stack, "organization": order.organization, "address": order.address,
            "preview": order.preview, "config": order.config, "secret_keys": list(order.secret_keys),
            "threads": order.threads, "environment": {},
        }
        try:
            self._channel.sendall((json.dumps(message) + "\n").encode())
        except OSError:
            raise self._ended() from None
        while True:
            line = self._answers.readline()
            if not line:
                raise self._ended()
            answer: dict[str, Any] = json.loads(line)
            if answer["event"] == "broken":
                raise ProgramError(f"The program's interpreter has no Pulumi SDK: {answer['message']}.",
                                   where=str(self.python), fix="install the project's dependencies, pulumi among them")
            if answer["event"] == "finished":
                self._drained.wait(timeout=5.0)
                self._sink = None
                self.imported = answer["modules"]
                error: dict[str, Any] | None = answer["error"]
                return error

    def _read_output(self) -> None:
        stream = self._process.stdout
        if stream is None:
            return
        for raw in stream:
            text = raw.decode(errors="replace").rstrip("\n")
            head, mark, _ = text.partition(_END_OF_OUTPUT)
            if head or not mark:
                self._tail = [*self._tail[-20:], head]
                if self._sink is not None:
                    self._sink(head)
            if mark:
                self._drained.set()
        self._drained.set()

    def _ended(self) -> ProgramError:
        code = self._process.wait()
        self._drained.wait(timeout=5.0)
        said = "\n".join(self._tail[-8:])
        return ProgramError(f"The program's process ended by itself (exit code {code}).\n{said}".rstrip(),
                            where=str(self.python), fix="see what it printed; a crash of an extension module looks so")

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        self._channel.close()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=2.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._answers.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
