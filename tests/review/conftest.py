"""The project whose changes are reviewed: rendered once for each worker, and evaluated once as the base of many."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from reviewed_project import Checked, Copy, settled, side

from mlstead_toolkit.review.evaluations import Evaluations
from mlstead_toolkit.scaffold import new_project


@pytest.fixture(scope="session")
def base_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A rendered project that has been in use for a while; it is never written to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLSTEAD_HOME", str(tmp_path_factory.mktemp("mlstead-home")))
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        project = new_project(tmp_path_factory.mktemp("reviewed") / "flight-delays", {})
        yield settled(project).root


@pytest.fixture(scope="session")
def base(base_project: Path) -> Checked:
    """The project as a side, the same object for all, so that each environment of it is evaluated once."""
    return side("base", Copy(base_project))


@pytest.fixture(scope="session")
def evaluations(base_project: Path) -> Iterator[Evaluations]:
    """Interpreters that all comparisons share: starting two costs seconds."""
    with Evaluations() as shared:
        yield shared


# What an older mlstead had otherwise: file, what stands there today, what stood there.
OLDER = (
    ("training/image_repository.py", "untagged_days: int = 14", "untagged_days: int = 7"),
    ("serving/endpoint.py", "capture_percent: int = 100", "capture_percent: int = 20"),
    ("serving/endpoint_alarms.py", "latency_milliseconds: int = 1000", "latency_milliseconds: int = 3000"),
)


@pytest.fixture(scope="session")
def older_mlstead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter whose mlstead is an older one: its defaults were others."""
    import mlstead

    folder = tmp_path_factory.mktemp("older")
    shutil.copytree(Path(mlstead.__file__).parent, folder / "mlstead", ignore=shutil.ignore_patterns("__pycache__"))
    for name, today, then in OLDER:
        file = folder / "mlstead" / name
        content = file.read_text(encoding="utf-8")
        assert content.count(today) == 1, f"{name} has not {today!r} once"
        file.write_text(content.replace(today, then), encoding="utf-8")
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{folder}" exec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return python
