"""`mlstead compile`: pipelines/*.py, written with the SageMaker SDK, become the JSON that `up` provisions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.environment import child_environment, ensure_pipelines_environment


class StalePipeline(MlsteadError):
    """A committed pipeline is not what its Python says any more."""


class PipelineFailed(MlsteadError):
    """A pipeline's Python raised, or printed no definition."""


def compile_pipelines(project: Path, on_progress: Callable[[str], None] = lambda _: None, *,
                      check: bool = False) -> list[Path]:
    """Run every pipelines/*.py and write what it prints beside it, as .json; names with an underscore are passed by.

    Args:
        project: the project's folder.
        on_progress: is told, in a few words, what goes on.
        check: write nothing, and raise when something would be written.

    Returns:
        The files that changed.

    Raises:
        StalePipeline: with `check`, naming what is stale.
        PipelineFailed: a pipeline cannot be compiled; nothing was written.
    """
    sources = sorted(path for path in (project / "pipelines").glob("*.py") if not path.name.startswith("_"))
    if not sources:
        raise MlsteadError("There is no pipeline to compile.", where=str(project / "pipelines"))
    python = ensure_pipelines_environment(project, on_progress)
    on_progress(f"compiling {', '.join(source.stem for source in sources)}; importing the SageMaker SDK takes seconds")
    running = [(source, _start(python, source)) for source in sources]
    compiled = {source.with_suffix(".json"): _definition(source, process) for source, process in running}
    changed = [path for path, text in compiled.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check and changed:
        names = ", ".join(str(path.relative_to(project)) for path in changed)
        raise StalePipeline(f"Stale: {names} is not what its Python says.", where=str(project / "pipelines"),
                            fix="mlstead compile, then review and commit what changed")
    for path in changed:
        aside = path.with_suffix(".json.new")
        aside.write_text(compiled[path], encoding="utf-8")
        aside.replace(path)
    return changed


def _start(python: Path, source: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([python, source], cwd=source.parent, env=child_environment(), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def _definition(source: Path, process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate()
    if process.returncode != 0:
        raise PipelineFailed(f"{source.name} failed: {_last_line(errors)}", where=_where(errors, source),
                             fix=f"to see all of it: .venv-pipelines/bin/python pipelines/{source.name}")
    try:
        json.loads(output)
    except ValueError as error:
        raise PipelineFailed(f"{source.name} printed no JSON: {error}.", where=str(source),
                             fix="let it end with print_definition(pipeline), and print nothing else") from error
    return output


def _last_line(errors: str) -> str:
    return next((line.strip() for line in reversed(errors.splitlines()) if line.strip()), "it said nothing")


def _where(errors: str, source: Path) -> str:
    """Give file and line of the innermost frame of a traceback that is the project's own."""
    marker = f'File "{source}", line '
    lines = [line.partition(marker)[2].partition(",")[0] for line in errors.splitlines() if marker in line]
    return f"{source}:{lines[-1]}" if lines else str(source)
