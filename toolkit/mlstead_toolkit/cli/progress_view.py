"""What is going on while changes are made: a live line on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.status import Status
from rich.text import Text

from mlstead_toolkit.cli.console import err
from mlstead_toolkit.engine.plan import Diagnostic, Event, Operation, StepFinished, StepStarted

QUIET_SECONDS = 3.0
DONE = {Operation.CREATE: "created", Operation.UPDATE: "updated", Operation.REPLACE: "replaced",
        Operation.DELETE: "deleted", Operation.IMPORT: "imported", Operation.REFRESH: "refreshed",
        Operation.READ: "read", Operation.SAME: "unchanged"}


class ProgressView:
    """Receives the engine's events; thread-safe enough for many senders, since rich locks its console.

    Args:
        total: how many changes the plan has, to say how far it is; 0 where nobody counted them.
        json: print nothing but problems, since stdout belongs to a script.
    """

    def __init__(self, total: int = 0, *, json: bool = False) -> None:
        self.total, self.done, self._json = total, 0, json
        self._running: dict[str, StepStarted] = {}
        self._last = time.monotonic()
        self._told: set[tuple[str, str]] = set()
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if err().is_terminal and not self._json:
            self._status = err().status("")
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def __call__(self, event: Event) -> None:
        """Take one event of the engine."""
        match event:
            case StepStarted():
                self._running[event.step.urn] = event
            case StepFinished():
                self._finished(event)
            case Diagnostic():
                self._diagnostic(event)
        self._tell_progress()

    def _finished(self, event: StepFinished) -> None:
        self._running.pop(event.step.urn, None)
        if not event.step.custom:
            return
        self.done += 1
        step = event.step
        if event.error:
            err().print(Text.assemble(("failed: ", "bold red"), f"{step.name} ({step.type})"))  # why is said at the end
        elif event.note:
            err().print(Text.assemble(("note: ", "bold"), f"{step.name}: {event.note}"))
        elif event.seconds >= QUIET_SECONDS and not self._json:
            err().print(Text(f"{step.name} ({step.type}) {DONE[step.operation]} in {event.seconds:.1f} s", style="dim"))

    def _diagnostic(self, event: Diagnostic) -> None:
        silent = event.severity == "debug" or (self._json and event.severity == "info")
        if silent or (event.urn, event.message) in self._told:
            return
        self._told.add((event.urn, event.message))
        style = {"error": "bold red", "warning": "bold yellow"}.get(event.severity, "bold")
        name = f"{event.urn.rsplit('::', 1)[-1]}: " if event.urn else ""
        err().print(Text.assemble((f"{event.severity}: ", style), name, event.message.rstrip()))

    def _tell_progress(self) -> None:
        if self._json or not (self._running or self.done):
            return
        names = [started.step.name for started in list(self._running.values()) if started.step.custom][:3]
        of_total = f" of {self.total}" if self.total else ""
        text = f"{self.done}{of_total} done" + (f"; now {', '.join(names)}" if names else "")
        if self._status is not None:
            self._status.update(text)
        elif time.monotonic() - self._last >= QUIET_SECONDS:
            self._last = time.monotonic()
            err().print(Text(f"… {text}", style="dim"))
