"""Time whole processes in pairs, A B A B …, so that a ratio holds while the machine's speed drifts."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class CommandFailed(Exception):
    """A measured command ended with an exit code other than 0: its figures would mean nothing."""


@dataclass(frozen=True)
class Run:
    """One finished process: wall-clock seconds and the peak resident memory in MiB of the largest process in it."""

    seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Command:
    """A process to measure, and what to do before each run of it (not measured)."""

    name: str
    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    prepare: Callable[[], None] | None = None

    def run(self) -> Run:
        """Run it once, to the end."""
        if self.prepare:
            self.prepare()
        with tempfile.TemporaryFile() as output:
            started = time.perf_counter()
            process = subprocess.Popen(self.argv, cwd=self.cwd, env={**os.environ, **self.env}, stdout=output,
                                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                said = output.read().decode(errors="replace")[-3000:]
                raise CommandFailed(f"{self.name}: exit code {process.returncode}\n{said}")
        return Run(seconds, usage.ru_maxrss / 1024)


@dataclass(frozen=True)
class Comparison:
    """Paired runs of a command against its floor: one or more commands whose times add up."""

    command: list[Run]
    floor: list[list[Run]]

    @property
    def ratios(self) -> list[float]:
        """The command's time over the floor's, pair by pair."""
        return [run.seconds / sum(part.seconds for part in parts)
                for run, parts in zip(self.command, self.floor, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def seconds(self) -> float:
        """The command's median time."""
        return statistics.median(run.seconds for run in self.command)

    @property
    def floor_seconds(self) -> float:
        """The floor's median time."""
        return statistics.median(sum(part.seconds for part in parts) for parts in self.floor)


def compare(command: Command, floor: Sequence[Command], *, runs: int, warmup: int = 1) -> Comparison:
    """Run the command and its floor in turn, `warmup` rounds uncounted first."""
    counted: list[Run] = []
    floors: list[list[Run]] = []
    for number in range(warmup + runs):
        parts = [part.run() for part in floor]
        run = command.run()
        sys.stderr.write(f"  {command.name}: {run.seconds:.2f} s against {sum(p.seconds for p in parts):.2f} s\n")
        if number >= warmup:
            counted.append(run)
            floors.append(parts)
    return Comparison(counted, floors)
