"""The wheel that a project keeps: the same from a checkout and from an installation, and made once."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mlstead_toolkit.assets import assets_directory
from mlstead_toolkit.environment import _find_uv
from mlstead_toolkit.scaffold import new_project
from mlstead_toolkit.scaffold.wheel import mlstead_wheel

NEW = """
import json, pathlib, sys
import mlstead_toolkit
from mlstead_toolkit.assets import assets_directory, is_checkout, stack_directory
from mlstead_toolkit.scaffold import new_project
assert not is_checkout() and stack_directory("foundation").is_dir()
new_project(pathlib.Path(sys.argv[1]), json.loads(sys.argv[2]))
"""


@pytest.fixture
def installed(tmp_path: Path, shared_home: Path) -> Path:
    """Give the interpreter of an environment that has the wheel installed; what it depends on is this one's."""
    folder = tmp_path / "venv"
    wheel = mlstead_wheel(shared_home)
    for command in (["venv", "--python", sys.executable, str(folder)],
                    ["pip", "install", "--offline", "--no-deps", "--python", str(folder), str(wheel)]):
        subprocess.run([_find_uv(), *command], check=True, capture_output=True)
    packages = next((folder / "lib").glob("python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def test_the_wheel_is_packed_once(shared_home: Path) -> None:
    said: list[str] = []
    first = mlstead_wheel(shared_home)
    assert mlstead_wheel(shared_home, said.append) == first
    assert said == []


def test_the_same_content_gives_the_same_bytes_on_another_day(shared_home: Path, tmp_path: Path) -> None:
    copier = assets_directory() / "copier.yml"
    before = copier.stat()
    try:
        os.utime(copier)
        assert mlstead_wheel(tmp_path).read_bytes() == mlstead_wheel(shared_home).read_bytes()
    finally:
        os.utime(copier, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_the_wheel_has_the_template_whole_and_nothing_left_over(shared_home: Path) -> None:
    with zipfile.ZipFile(mlstead_wheel(shared_home)) as wheel:
        names = set(wheel.namelist())
    root = assets_directory() / "templates"
    tracked = subprocess.run(["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
                             capture_output=True, text=True, check=True).stdout.split("\0")
    assert {f"mlstead_toolkit/_assets/templates/{name}" for name in tracked if name} == {
        name for name in names if name.startswith("mlstead_toolkit/_assets/templates/")}
    assert not [name for name in names if "__pycache__" in name or ".venv" in name]


def test_an_installed_mlstead_makes_the_same_project(
    installed: Path, contents: Callable[[Path], dict[str, bytes]], tmp_path: Path
) -> None:
    expected_project = new_project(tmp_path / "checkout" / "flight-delays", {})
    done = subprocess.run([installed, "-c", NEW, str(tmp_path / "flight-delays"), "{}"], capture_output=True, text=True,
                          cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    made, expected = contents(tmp_path / "flight-delays"), contents(expected_project)
    assert made.keys() == expected.keys()
    assert {name for name in made if made[name] != expected[name]} == set()
