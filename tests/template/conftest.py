"""Projects to look at: each is rendered once a session, by the code that `mlstead new` calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlstead_toolkit.scaffold import new_project

Rendered = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One private MLSTEAD_HOME for all, so that mlstead's wheel is packed once."""
    home = tmp_path_factory.mktemp("mlstead-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLSTEAD_HOME", str(home))
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        yield home


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Give a project of some answers: rendered("flight-delays", region="us-east-1")."""
    made: dict[tuple[str, ...], Path] = {}

    def render(name: str = "flight-delays", **answers: str) -> Path:
        key = (name, *(f"{question}={answer}" for question, answer in sorted(answers.items())))
        if key not in made:
            made[key] = new_project(tmp_path_factory.mktemp("rendered") / name, answers)
        return made[key]

    return render


@pytest.fixture(scope="session")
def contents() -> Callable[[Path], dict[str, bytes]]:
    """Give every file of a folder, git's own left out: name to bytes."""

    def read(folder: Path) -> dict[str, bytes]:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    return read
