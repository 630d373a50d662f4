"""Which interpreter runs a side: for the head the project's own, for the base one of the packages that it locks."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlstead_toolkit.assets import assets_directory, is_checkout
from mlstead_toolkit.environment import (
    RUNTIME,
    EnvironmentFailed,
    ensure_environment,
    ensure_overlay,
    ensure_packages,
)
from mlstead_toolkit.review.sides.kept import KeptFolders

Progress = Callable[[str], None]
ENVIRONMENTS_KEPT = 4
PACKAGES = "packages"
"""A folder of its own in the entry: whoever makes an environment locks its folder, and whoever uses an entry that."""
MLSTEAD_SOURCES = ("components", "jobs", "toolkit")
PYTHON_REQUIREMENTS = ("requirements.txt", "requirements.lock", "uv.lock", "pyproject.toml")


def project_interpreter(project: Path, on_progress: Progress) -> Path:
    """Give the head's: that of the project's environment, made or brought up to its lock."""
    return ensure_environment(project, on_progress)


@contextmanager
def base_interpreter(project: Path, head: Path, python: Path, home: Path, overlay: Path, on_progress: Progress
                     ) -> Iterator[Path]:
    """Give the base's: the packages that its own locks name, and its own src/.

    Args:
        project: the project as it was.
        head: the project as it is.
        python: the head's interpreter, which serves where the locks and mlstead's wheel are the same.
        home: the review's folder below MLSTEAD_HOME, where another environment is kept.
        overlay: where the interpreter with the base's src/ is made.
        on_progress: is told what goes on.

    Raises:
        EnvironmentFailed: the locks are missing, or what they name cannot be had.
    """
    made_from = _made_from(project)
    sources = [project / "src"] if (project / "src").is_dir() else []
    if made_from == _made_from(head):
        yield _with_sources(overlay, python, sources)
        return

    def copy(folder: Path) -> None:
        for name, content in made_from.items():
            file = folder / PACKAGES / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    kept = KeptFolders(home / "environments", ENVIRONMENTS_KEPT)
    with kept.entry(_digest(made_from), copy) as entry:
        folder = entry / PACKAGES
        try:
            python = ensure_packages(folder, on_progress)
        except EnvironmentFailed as error:
            what = error.what.replace(f"{folder}/", "").replace(str(folder), "")
            raise EnvironmentFailed(what, where=", ".join(RUNTIME.locks), fix=error.fix) from error
        yield _with_sources(overlay, python, sources)


def stack_interpreter(root: Path, installed: Path, overlay: Path) -> Path:
    """Give the interpreter of a stack by itself: its virtualenv where Pulumi.yaml names one, else mlstead's own.

    In a checkout of mlstead it imports that checkout's components.

    Args:
        root: the repository's root on this side.
        installed: the stack's folder in the working tree, since no virtualenv is in a commit.
        overlay: where the interpreter with a checkout's components is made.

    Raises:
        EnvironmentFailed: the named virtualenv is not there.
    """
    python = _virtualenv(installed) or Path(sys.executable)
    sources = [root / name for name in MLSTEAD_SOURCES if (root / "components" / "mlstead").is_dir()]
    if is_checkout() and root == assets_directory():
        sources = []  # what runs here is that checkout
    return _with_sources(overlay, python, sources)


def differing_requirements(infra: Path, other: Path) -> list[str]:
    """Name the files beside a stack's program by which its packages would differ between two sides."""
    return [name for name in PYTHON_REQUIREMENTS if _content(infra / name) != _content(other / name)]


def _with_sources(overlay: Path, python: Path, sources: list[Path]) -> Path:
    return ensure_overlay(overlay, python, sources) if sources else python


def _virtualenv(infra: Path) -> Path | None:
    import yaml

    document = yaml.safe_load((infra / "Pulumi.yaml").read_text(encoding="utf-8"))
    runtime: Any = document.get("runtime") if isinstance(document, dict) else None
    options = runtime.get("options") if isinstance(runtime, dict) else None
    named = options.get("virtualenv") if isinstance(options, dict) else None
    if not named:
        return None
    python = infra / str(named) / "bin" / "python"
    if not python.exists():
        raise EnvironmentFailed("The virtualenv that Pulumi.yaml names is not there.", where=str(named),
                                fix="pulumi install makes it, or drop the option to run with mlstead's own interpreter")
    return python.absolute()


def _made_from(project: Path) -> dict[str, bytes]:
    """Read the locks of a project, and the wheels that they name: name → content."""
    found = {}
    for name in RUNTIME.locks:
        if (content := _content(project / name)) is None:
            raise EnvironmentFailed("The project lacks a file that its environment is made from.", where=name,
                                    fix=f"bring it back: git restore {name}")
        found[name] = content
    named = "".join(content.decode(errors="replace") for content in found.values())
    for wheel in re.findall(r"^\./([\w.+-]+/[\w.+-]+\.whl)", named, re.MULTILINE):
        if (content := _content(project / wheel)) is None:
            raise EnvironmentFailed("The wheel that the project keeps is missing.", where=wheel,
                                    fix=f"bring it back: git restore {wheel}")
        found[wheel] = content
    return found


def _digest(contents: dict[str, bytes]) -> str:
    whole = hashlib.sha256(sys.version.encode())
    for name, content in sorted(contents.items()):
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()[:24]


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None

