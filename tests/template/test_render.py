"""Whatever the answers, what comes out is a whole project with nothing of the template or of this machine in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from mlstead_toolkit.assets import assets_directory
from mlstead_toolkit.scaffold import new_project
from mlstead_toolkit.scaffold.source import mlstead_version

Rendered = Callable[..., Path]
Contents = Callable[[Path], dict[str, bytes]]

ANSWERS = {
    "defaults": ("flight-delays", {}),
    "shortest": ("x", {"description": "Y"}),
    "longest": ("a-name-of-thirty-two-characters-", {"project_name": "a-name-that-has-thirty-two-chars"}),
    "described": ("trains", {"description": "Wer's glaubt: 90 % {are} #1, *yes* & 'quoted' -- über " + "o" * 46}),
    "elsewhere": ("trains", {"region": "ap-southeast-2", "package_name": "late_trains"}),
    "released": ("trains", {"mlstead_source": "release", "mlstead_version": "1.2.3"}),
    "gitlab": ("trains", {"ci": "gitlab", "platform_team": "@acme/data/platform"}),
    "undelivered": ("trains", {"ci": "none"}),
    "tagged": ("trains", {"mlstead_source": "git", "mlstead_repository": "ssh://git@example.org/mlstead"}),
}
each = pytest.mark.parametrize("case", ANSWERS)


@pytest.fixture
def project(rendered: Rendered, case: str) -> Path:
    name, answers = ANSWERS[case]
    return rendered(name, **answers)


def texts(files: dict[str, bytes]) -> dict[str, str]:
    return {name: content.decode() for name, content in files.items() if not name.endswith(".whl")}


@each
def test_nothing_of_the_template_is_left_over(project: Path, contents: Contents) -> None:
    for name, text in texts(contents(project)).items():
        assert not re.search(r"(?<!\$){{|{%|jinja(?!2)|\bTODO\b|\bFIXME\b|cookiecutter", name + text), name


@each
def test_no_machine_path_or_registry_is_committed(project: Path, contents: Contents) -> None:
    places = [str(Path.home()), str(assets_directory()), str(project.parent), "/tmp/", "://files.", "/simple", "file://"]
    for name, text in texts(contents(project)).items():
        assert not [place for place in places if place in text], name


@each
def test_every_file_parses(project: Path, contents: Contents) -> None:
    read = {".py": lambda text: compile(text, "file", "exec"), ".json": json.loads, ".toml": tomllib.loads,
            ".yaml": yaml.safe_load, ".yml": yaml.safe_load}
    for name, text in texts(contents(project)).items():
        if reader := read.get(Path(name).suffix):
            said = reader(text)
            assert said or name == "policy-exceptions.toml", f"{name} says nothing"
        assert text.endswith("\n"), f"{name} ends without a newline"


@each
@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=["lint", "format"])
def test_the_projects_own_rules_hold(project: Path, command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "--no-cache", "."], cwd=project, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@each
def test_the_answers_are_kept_for_a_later_update(project: Path) -> None:
    kept = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert kept["_src_path"].startswith("https://")
    assert kept["_commit"] == f"v{mlstead_version()}"
    assert kept["template"] == "project"


@each
def test_one_commit_holds_everything(project: Path, contents: Contents) -> None:
    def git(*arguments: str) -> list[str]:
        done = subprocess.run(["git", *arguments], cwd=project, capture_output=True, text=True, check=True)
        return done.stdout.split("\n")

    assert len(git("log", "--format=%s")) == 2
    assert git("status", "--porcelain") == [""]
    assert git("branch", "--show-current")[0] == "main"
    assert set(git("ls-files", "-z")[0].split("\0")) - {""} == set(contents(project))


def test_the_answers_reach_what_they_name(rendered: Rendered) -> None:
    project = rendered("trains", region="ap-southeast-2", package_name="late_trains")
    assert tomllib.loads((project / "pyproject.toml").read_text())["project"]["name"] == "trains"
    assert (project / "src" / "late_trains" / "serve.py").is_file()
    assert '"late_trains.prepare"' in (project / "pipelines" / "training.json").read_text()
    assert "ap-southeast-2" in (project / "infra" / "Pulumi.local.yaml").read_text()


def test_a_second_project_elsewhere_is_the_same_to_the_byte(contents: Contents, tmp_path: Path) -> None:
    first, second = (new_project(tmp_path / place / "flight-delays", {}) for place in ("here", "else where"))
    assert contents(first) == contents(second)


def test_where_mlstead_comes_from_is_what_was_answered(rendered: Rendered) -> None:
    def line(source: str) -> str:
        project = rendered("trains", mlstead_source=source, mlstead_version="1.2.3")
        return (project / "requirements-mlstead.txt").read_text().splitlines()[-1]

    assert line("release") == "mlstead==1.2.3"
    assert line("git") == "mlstead @ git+https://github.com/mlstead/mlstead@v1.2.3"
    assert re.fullmatch(r"\./vendor/mlstead-\S+\.whl --hash=sha256:[0-9a-f]{64}", line("wheel"))


def test_the_templates_default_version_is_mlsteads() -> None:
    questions = yaml.safe_load((assets_directory() / "copier.yml").read_text())
    assert questions["mlstead_version"]["default"] == mlstead_version()
