"""The peak memory of a process and all its children, added up at one moment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil


def peak_of_tree(argv: Sequence[str], cwd: Path, env: Mapping[str, str]) -> float:
    """Run a command; give the largest sum of the unique memory of its processes in MiB, looked at every 20 ms.

    Detached processes (the local cloud) are not its children and do not count.
    """
    nothing = subprocess.DEVNULL
    process = psutil.Popen(argv, cwd=cwd, env={**os.environ, **env}, stdout=nothing, stdin=nothing)
    peak = 0.0
    while True:
        now = 0.0
        for one in (process, *_children(process)):
            try:
                now += one.memory_full_info().uss
            except psutil.Error:
                continue
        peak = max(peak, now)
        try:
            code = process.wait(0.02)
        except psutil.TimeoutExpired:
            continue
        if code:
            raise SystemExit(f"{' '.join(argv)}: exit code {code}")
        return peak / 2**20


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = process.children(recursive=True)
    except psutil.Error:
        return []
    return found
