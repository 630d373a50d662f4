"""A project's environment: made from its lock, whole or not at all, and nearly free when nothing changed."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlstead_toolkit.environment import STAMP, EnvironmentFailed, ensure_environment, environment_is_current


@pytest.fixture(scope="module")
def project(rendered: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with a small lock: pytest's dependency iniconfig, mlstead's wheel and the project itself."""
    folder = tmp_path_factory.mktemp("environment") / "flight-delays"
    shutil.copytree(rendered(), folder)
    entries = (folder / "requirements.lock").read_text().replace("\\\n", "\\\\n").splitlines()
    kept = next(line for line in entries if line.startswith("iniconfig=="))
    (folder / "requirements.lock").write_text(kept.replace("\\\\n", "\\\n") + "\n")
    ensure_environment(folder)
    return folder


def runs(python: Path, code: str) -> bool:
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def test_it_has_the_lock_mlstead_and_the_project_with_its_commands(project: Path) -> None:
    imported = "iniconfig, mlstead.errors, mlstead_jobs.container, flight_delays.months"
    assert runs(project / ".venv/bin/python", f"import {imported}")
    assert {"train", "serve"} <= {path.name for path in (project / ".venv/bin").iterdir()}


def test_nothing_to_do_costs_less_than_five_milliseconds_and_says_nothing(project: Path) -> None:
    said: list[str] = []
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        ensure_environment(project, said.append)
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.005
    assert said == []


def test_a_changed_lock_is_followed(project: Path) -> None:
    lock = project / "requirements.lock"
    before = lock.read_text()
    try:
        lock.write_text("")
        assert not environment_is_current(project)
        assert not runs(ensure_environment(project), "import iniconfig")
    finally:
        lock.write_text(before)
    assert runs(ensure_environment(project), "import iniconfig")


def test_a_killed_making_is_done_again(project: Path) -> None:
    (project / ".venv" / STAMP).unlink()
    (project / ".venv" / ".mlstead-making").touch()
    packages = next((project / ".venv/lib").glob("python*/site-packages"))
    shutil.rmtree(packages / "iniconfig")
    assert runs(ensure_environment(project), "import iniconfig")
    assert environment_is_current(project)


def test_one_that_make_made_is_taken_over(project: Path) -> None:
    (project / ".venv" / STAMP).write_text("make\n")
    marker = project / ".venv" / "kept"
    marker.touch()
    assert runs(ensure_environment(project), "import iniconfig")
    assert marker.exists()


def test_somebody_elses_in_its_place_is_refused_and_keeps_its_packages(project: Path, tmp_path: Path) -> None:
    kept = tmp_path / "shared/lib/package.py"
    kept.parent.mkdir(parents=True)
    kept.touch()
    for name, say in (("linked", "is a link to"), ("filled", "made by neither")):
        other = tmp_path / name
        shutil.copytree(project, other, ignore=shutil.ignore_patterns(".venv", ".git"))
        if name == "linked":
            (kept.parents[1] / STAMP).write_text("make\n")
            (other / ".venv").symlink_to(kept.parents[1])
        else:
            (kept.parents[1] / STAMP).unlink()
            shutil.copytree(kept.parents[1], other / ".venv")
        before = sorted(path.name for path in (other / ".venv").rglob("*"))
        with pytest.raises(EnvironmentFailed, match=say) as failed:
            ensure_environment(other)
        assert "rm" in (failed.value.fix or "")
        assert sorted(path.name for path in (other / ".venv").rglob("*")) == before


def test_a_moved_project_gets_a_new_one(project: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(project, moved, symlinks=True)
    assert not environment_is_current(moved)
    ensure_environment(moved)
    command = (moved / ".venv/bin/serve").read_text()
    assert str(moved) in command
    assert str(project) not in command


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-mlstead.txt", "pyproject.toml"])
def test_a_missing_file_is_named(project: Path, tmp_path: Path, name: str) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(project, broken, ignore=shutil.ignore_patterns(".venv", ".git"))
    (broken / name).unlink()
    with pytest.raises(EnvironmentFailed) as failed:
        ensure_environment(broken)
    assert failed.value.where == str(broken / name)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("iniconfig==2.3.1 --hash=sha256:" + "0" * 64, "iniconfig"),
        ("no-such-package-of-mlstead==1.0", "no-such-package-of-mlstead"),
        ("what is this", "requirements.lock"),
    ],
)
def test_a_lock_that_cannot_be_had_is_one_message(project: Path, tmp_path: Path, line: str, said: str,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(project, broken, ignore=shutil.ignore_patterns(".venv", ".git"))
    (broken / "requirements.lock").write_text(line + "\n")
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(EnvironmentFailed, match=said) as failed:
        ensure_environment(broken)
    assert "make lock" in (failed.value.fix or "")
    assert not environment_is_current(broken)
