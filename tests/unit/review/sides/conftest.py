"""A repository to be reviewed, made by git itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from git_project import GitProject


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitProject:
    """A project whose branch `main` has one commit, and which is on the branch `change`."""
    monkeypatch.setenv("MLSTEAD_HOME", str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    made = GitProject(tmp_path / "shop")
    made.write_project("")
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit("begin")
    made.git("switch", "--quiet", "--create", "change")
    return made


@pytest.fixture(autouse=True)
def ready_made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The project's environment is this interpreter's: what git and the sides do is asked here, not what uv does."""
    asked: list[Path] = []

    def ensure(folder: Path, _: object) -> Path:
        asked.append(folder)
        return Path(sys.executable)

    monkeypatch.setattr("mlstead_toolkit.review.sides.interpreters.ensure_environment", ensure)
    return asked

