"""What needs pandas runs in the project's own environment, as a child; the toolkit itself stays without."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from mlstead_toolkit.cli.data_declarations import DataError
from mlstead_toolkit.environment import child_environment, ensure_environment
from mlstead_toolkit.project import Project

FAILING = ("error: ", "usage: ", "Traceback (most recent call last)")


def run_module(project: Project, module: str, arguments: Sequence[str | Path], on_progress: Callable[[str], None],
               where: str | None = None) -> str:
    """Run a module with the project's interpreter, in the project's folder, and give what it printed.

    Args:
        project: whose environment; it is made where it is not there.
        module: as for `python -m`.
        arguments: what follows it.
        on_progress: is told each line that the child writes to stderr.
        where: what a failure is about, where the child does not say; None: the module.

    Raises:
        DataError: it failed; the last of what it wrote is the reason.
    """
    python = ensure_environment(project.root, on_progress)
    command = [str(part) for part in (python, "-m", module, *arguments)]
    written: list[str] = []
    with subprocess.Popen(command, cwd=project.root, env=child_environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as child:
        try:
            output = _read(child, written, on_progress)
        except BaseException:
            child.terminate()
            raise
    if child.returncode != 0:
        raise _failure(where or f"python -m {module}", command, written or output.splitlines())
    return output


def _read(child: subprocess.Popen[str], written: list[str], on_progress: Callable[[str], None]) -> str:
    from concurrent.futures import ThreadPoolExecutor

    assert child.stdout is not None and child.stderr is not None
    with ThreadPoolExecutor(1) as pool:
        output = pool.submit(child.stdout.read)
        failing = False  # from here on it is the reason, which the error says
        for line in child.stderr:
            written.append(line.rstrip())
            failing = failing or line.startswith(FAILING)
            if line.strip() and not failing:
                on_progress(line.rstrip())
        return output.result()


def _failure(where: str, command: Sequence[str], written: Sequence[str]) -> DataError:
    said = [line for line in written if line.strip()]
    told = {label: line.partition(":")[2].strip() for line in said for label in ("where", "fix")
            if line.strip().startswith(f"{label}:")}
    words = [line for line in said if not line.strip().startswith(("where:", "fix:"))]
    last = words[-1].rpartition("error: ")[2].strip() if words else "it said nothing"
    return DataError(last, where=told.get("where", where),
                     fix=told.get("fix", "to see all of it: " + " ".join(command)))
