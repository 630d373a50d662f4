"""The base runs with the packages that it locks, and imports its own sources."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mlstead_toolkit.environment import EnvironmentFailed
from mlstead_toolkit.review.sides.interpreters import base_interpreter, differing_requirements, stack_interpreter


def project(folder: Path, word: str, mlstead: str = "") -> Path:
    (folder / "src" / "shop").mkdir(parents=True)
    (folder / "src" / "shop" / "__init__.py").write_text(f"WORD = {word!r}\n")
    (folder / "requirements.lock").write_text("")
    (folder / "requirements-mlstead.txt").write_text(mlstead)
    (folder / "pyproject.toml").write_text("")
    return folder


def said(python: Path, code: str) -> str:
    return subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def of_base(base: Path, head: Path, tmp_path: Path):
    return base_interpreter(base, head, Path(sys.executable), tmp_path / "home", tmp_path / "overlay", lambda _: None)


def test_the_same_locks_share_the_packages_and_not_the_sources(tmp_path: Path) -> None:
    base, head = project(tmp_path / "base", "old"), project(tmp_path / "head", "new")
    for _ in range(2):  # made, then found
        with of_base(base, head, tmp_path) as python:
            assert said(python, "import shop, pulumi; print(shop.WORD)") == "old"
            assert said(python, "import pulumi; print(pulumi.__file__)") == said(
                Path(sys.executable), "import pulumi; print(pulumi.__file__)")
    assert not (tmp_path / "home").exists()


def test_other_locks_have_an_environment_of_their_own_which_is_kept(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base, head = project(tmp_path / "base", "old"), project(tmp_path / "head", "new")
    (base / "requirements.lock").write_text("# another\n")
    told: list[str] = []
    for expected in (["making the base's environment (.venv)"], []):
        told.clear()
        with base_interpreter(base, head, Path(sys.executable), tmp_path / "home", tmp_path / "overlay",
                              told.append) as python:
            assert said(python, "import shop; print(shop.WORD)") == "old"
            assert said(python, "import importlib.util as u; print(u.find_spec('pulumi'))") == "None"
        assert told == expected


def test_another_wheel_of_the_same_name_is_another_environment(tmp_path: Path) -> None:
    line = "./vendor/mlstead-0.1.0-py3-none-any.whl\n"
    base, head = project(tmp_path / "base", "old", line), project(tmp_path / "head", "new", line)
    for folder, content in ((base, b"old"), (head, b"new")):
        (folder / "vendor").mkdir()
        (folder / "vendor" / "mlstead-0.1.0-py3-none-any.whl").write_bytes(content)
    with pytest.raises(EnvironmentFailed) as failed, of_base(base, head, tmp_path):  # it is no wheel
        pass
    assert failed.value.where == "requirements.lock, requirements-mlstead.txt"
    assert str(tmp_path) not in failed.value.what


@pytest.mark.parametrize("missing", ["requirements.lock", "requirements-mlstead.txt", "vendor/x.whl"])
def test_what_an_environment_is_made_from_is_named_where_it_is_missing(tmp_path: Path, missing: str) -> None:
    base, head = project(tmp_path / "base", "old", "./vendor/x.whl\n"), project(tmp_path / "head", "new")
    (base / missing).unlink(missing_ok=True)
    with pytest.raises(EnvironmentFailed) as failed, of_base(base, head, tmp_path):
        pass
    assert failed.value.where == missing


def test_a_stack_in_a_checkout_of_mlstead_imports_that_checkout(tmp_path: Path) -> None:
    (tmp_path / "components" / "mlstead").mkdir(parents=True)
    (tmp_path / "components" / "mlstead" / "__init__.py").write_text("WORD = 'the checkout'\n")
    infra = tmp_path / "stacks" / "foundation"
    infra.mkdir(parents=True)
    (infra / "Pulumi.yaml").write_text("name: mlstead-foundation\nruntime: python\n")
    python = stack_interpreter(tmp_path, infra, tmp_path / "overlays")
    assert said(python, "import mlstead, pulumi; print(mlstead.WORD)") == "the checkout"


def test_a_stack_runs_with_the_virtualenv_that_it_names_or_says_that_it_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n")
    with pytest.raises(EnvironmentFailed, match="not there") as failed:
        stack_interpreter(tmp_path, tmp_path, tmp_path / "overlays")
    assert "pulumi install" in str(failed.value.fix)
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    assert stack_interpreter(tmp_path, tmp_path, tmp_path / "overlays") == tmp_path / "venv" / "bin" / "python"
    (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime: python\n")
    assert stack_interpreter(tmp_path, tmp_path, tmp_path / "overlays") == Path(sys.executable)


def test_requirements_that_differ_are_named(tmp_path: Path) -> None:
    for side in ("base", "head"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "uv.lock").write_text("same")
        (tmp_path / side / "requirements.txt").write_text(side)
    assert differing_requirements(tmp_path / "base", tmp_path / "head") == ["requirements.txt"]

