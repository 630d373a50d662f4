"""A project's own virtual environments: made from its locks on first use, and left alone while nothing changed.

`.venv` has what the steps, the tests and infra/ need; `.venv-pipelines` has the SageMaker SDK, which only
`mlstead compile` imports. Each holds a stamp of what it was made from, so that the usual case costs one comparison.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError

STAMP, MAKING = ".mlstead-environment", ".mlstead-making"
"""The first is written last, so that an environment with the second instead is one whose making was interrupted."""
OVERLAY = "mlstead-overlay.pth"
LONGEST_REASON = 600
MENDS = {"No space left": "free some space, then run the same again",
         "Read-only file system": "work in a copy of the project that can be written to",
         "Permission denied": "give yourself the right to write there, then run the same again"}

Progress = Callable[[str], None]


class EnvironmentFailed(MlsteadError):
    """A project's environment cannot be made from its lock."""


@dataclass(frozen=True)
class _Kind:
    """One of a project's environments."""

    folder: str
    locks: tuple[str, ...]
    also_read: tuple[str, ...]
    editable: bool
    label: str


RUNTIME = _Kind(
    folder=".venv", locks=("requirements.lock", "requirements-mlstead.txt"), also_read=("pyproject.toml",),
    editable=True, label="the project's environment",
)
PACKAGES = _Kind(
    folder=".venv", locks=RUNTIME.locks, also_read=(), editable=False, label="the base's environment",
)
PIPELINES = _Kind(
    folder=".venv-pipelines", locks=("requirements-pipelines.lock",), also_read=(),
    editable=False, label="the SageMaker SDK's environment",
)


def ensure_environment(project: Path, on_progress: Progress = lambda _: None) -> Path:
    """Give the interpreter of the project's environment, made or brought up to its lock if it is not.

    Packages come from uv's cache where it has them, and from the network otherwise.

    Raises:
        EnvironmentFailed: the lock is missing, does not fit this Python, or its packages cannot be had; or what is in
            the environment's place is somebody else's.
    """
    return _ensure(project, RUNTIME, on_progress)


def ensure_pipelines_environment(project: Path, on_progress: Progress = lambda _: None) -> Path:
    """Give the interpreter of the environment that pipelines/ are compiled in, made if it is not there."""
    return _ensure(project, PIPELINES, on_progress)


def ensure_packages(folder: Path, on_progress: Progress = lambda _: None) -> Path:
    """Give the interpreter of an environment with what a project's locks name, without the project itself.

    Args:
        folder: holds the two locks, and the wheel where they name one.
        on_progress: is told what goes on.
    """
    return _ensure(folder, PACKAGES, on_progress)


def ensure_overlay(folder: Path, python: Path, front: Sequence[Path]) -> Path:
    """Give an interpreter that imports from some folders first, and then what another interpreter has.

    Args:
        folder: where it is kept, one for each choice of the other two.
        python: whose packages it has; what that one has as editable is left out.
        front: folders of sources.

    Raises:
        EnvironmentFailed: the other interpreter does not start, or uv could not make it.
    """
    asked = "import site; print(*site.getsitepackages(), sep='\\n')"
    try:
        found = subprocess.run([python, "-I", "-c", asked], env=child_environment(), capture_output=True, text=True,
                               check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise EnvironmentFailed("The interpreter cannot be started.", where=str(python),
                                fix="make the environment that it belongs to again") from None
    lines = "".join(f"{line}\n" for line in [*map(str, front), *found.splitlines()])
    made = folder / hashlib.sha256(f"{python}\n{lines}".encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if not any(made.glob(f"lib/python*/site-packages/{OVERLAY}")):  # written last
            shutil.rmtree(made, ignore_errors=True)
            _uv(folder, PACKAGES, "venv", "--quiet", "--python", str(python), str(made))
            (next(made.glob("lib/python*/site-packages")) / OVERLAY).write_text(lines, encoding="utf-8")
    return made / "bin" / "python"


def environment_is_current(project: Path) -> bool:
    """Say whether the project's environment is what its lock says; nothing is changed."""
    return _is_current(project, RUNTIME)


def child_environment() -> dict[str, str]:
    """Give the variables for a child that runs in a project's environment.

    Bytecode is allowed: without it every import costs three times as much. Another environment's traces are dropped.
    """
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in dropped}


def _ensure(project: Path, kind: _Kind, on_progress: Progress) -> Path:
    interpreter = project / kind.folder / "bin" / "python"
    if _is_current(project, kind):
        return interpreter
    with _alone(project):
        if not _is_current(project, kind):
            _make(project, kind, on_progress)
    return interpreter


def _is_current(project: Path, kind: _Kind) -> bool:
    folder = project / kind.folder
    try:
        stamped = (folder / STAMP).read_text(encoding="utf-8")
        return stamped == _stamp(project, kind) and (folder / "bin" / "python").exists()
    except (FileNotFoundError, NotADirectoryError):
        return False


def _stamp(project: Path, kind: _Kind) -> str:
    """Give the place of an environment, and a digest of what it is made from."""
    content = hashlib.sha256(sys.version.encode())
    for name in kind.locks + kind.also_read:
        content.update((project / name).read_bytes())
    return f"{project.resolve()}\n{content.hexdigest()}\n"


def _make(project: Path, kind: _Kind, on_progress: Progress) -> None:
    for name in kind.locks + kind.also_read:
        if not (project / name).is_file():
            raise EnvironmentFailed("The project lacks a file that its environment is made from.",
                                    where=str(project / name), fix=f"bring it back: git restore {name}")
    folder = project / kind.folder
    making = folder / MAKING
    _check_ours(folder)
    if making.exists() or _was_moved(project, kind) or (folder.exists() and not (folder / "bin" / "python").exists()):
        shutil.rmtree(folder)  # a making of ours that was killed, or no environment that works
    doing = f"bringing {kind.label} up to its lock" if folder.exists() else f"making {kind.label}"
    on_progress(f"{doing} ({kind.folder})")
    try:
        folder.mkdir(exist_ok=True)
        making.touch()
        (folder / STAMP).unlink(missing_ok=True)
    except OSError as error:
        raise _failed(project, kind, f"{kind.label} could not be made", str(error.strerror)) from None
    _uv(project, kind, "venv", "--quiet", "--allow-existing", "--python", sys.executable, kind.folder)
    wanted = [argument for name in kind.locks for argument in ("--requirements", name)]
    if kind.editable:
        wanted += ["--editable", "."]
    install = ["pip", "install", "--exact", "--no-deps", "--python", str(folder), *wanted]
    if _try_uv(project, [*install, "--offline"]) is not None:
        on_progress(f"downloading what {kind.label} lacks; the next time needs no network")
        _uv(project, kind, *install)
    making.unlink()
    (folder / STAMP).write_text(_stamp(project, kind), encoding="utf-8")


def _check_ours(folder: Path) -> None:
    """Refuse to change what neither we nor the project's `make` made: packages that are not in the lock would go."""
    if folder.is_symlink():
        raise EnvironmentFailed(
            f"{folder.name} is a link to {folder.readlink()}, and what it points to would lose its packages.",
            where=str(folder), fix=f"rm {folder.name}; an environment of the project's own is made in its place",
        )
    if folder.exists() and not any((folder / name).exists() for name in (STAMP, MAKING)) and any(folder.iterdir()):
        raise EnvironmentFailed(
            f"{folder.name} was made by neither mlstead nor `make`, and would lose what the lock does not name.",
            where=str(folder), fix=f"move it away, or delete it: rm -r {folder.name}",
        )


def _was_moved(project: Path, kind: _Kind) -> bool:
    """Say whether an environment was made elsewhere: its commands name the interpreter of the old place."""
    stamp = project / kind.folder / STAMP
    place = stamp.read_text(encoding="utf-8").partition("\n")[0] if stamp.exists() else ""
    return place.startswith("/") and place != str(project.resolve())


def _uv(project: Path, kind: _Kind, *arguments: str) -> None:
    if (failure := _try_uv(project, arguments)) is not None:
        raise _failed(project, kind, f"uv could not make {kind.label}", failure)


def _failed(project: Path, kind: _Kind, what: str, reason: str) -> EnvironmentFailed:
    return EnvironmentFailed(
        f"{what}: {reason}",
        where=f"{project / kind.folder}, from {', '.join(kind.locks)}",
        fix=next((mend for words, mend in MENDS.items() if words in reason), (
            "the first run needs the package index: check the network. A lock that does not fit this Python "
            f"({sys.version_info.major}.{sys.version_info.minor}) is made anew by `make lock`")),
    )


def _try_uv(project: Path, arguments: Sequence[str]) -> str | None:
    """Run uv in the project; give None, or the reason of its failure in one line."""
    command = [_find_uv(), *arguments]
    done = subprocess.run(command, cwd=project, env=child_environment(), capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    # uv draws its reasons as a tree; the drawing and the hints go, the words stay.
    lines = [re.sub(r"^[^\w`'\"]+", "", line).strip() for line in done.stderr.splitlines()]
    told = " ".join(line for line in lines if line and not line.startswith(("Using ", "Resolved ", "hint:")))
    reason = told[max(told.find("error: "), 0) :].removeprefix("error: ")  # what comes before is progress
    half = LONGEST_REASON // 2
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:half]} … {reason[-half:]}"


def _find_uv() -> str:
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        if found := shutil.which("uv"):
            return found
    raise EnvironmentFailed("uv is not installed; it makes the project's environments.", where="PATH",
                            fix="pip install uv, or install 'mlstead[toolkit]' again")


@contextmanager
def _alone(project: Path) -> Iterator[None]:
    """Let one process at a time make environments in a project; the lock is the folder's, so no file is left."""
    held = os.open(project, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
