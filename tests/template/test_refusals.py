"""What `new` refuses, it refuses in one message, and it leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.scaffold import new_project
from mlstead_toolkit.scaffold.answers import BadAnswer
from mlstead_toolkit.scaffold.project import DestinationTaken
from mlstead_toolkit.scaffold.repository import GitFailed, commit_everything

NEW = "import sys, pathlib; from mlstead_toolkit.scaffold import new_project as new; new(pathlib.Path(sys.argv[1]), {})"


@pytest.mark.parametrize(
    ("question", "answer", "fix"),
    [
        ("project_name", "Flight Delays", "use lower-case letters"),
        ("project_name", "-x", "use lower-case letters"),
        ("project_name", "x--y", "use lower-case letters"),
        ("project_name", "x" * 33, "at most 32"),
        ("project_name", "shared", "what all projects share"),
        ("project_name", "mlstead-foundation", "one of mlstead's own stacks"),
        ("package_name", "flight-delays", "use lower-case letters"),
        ("package_name", "pandas", "choose another"),
        ("description", "", "write one line"),
        ("description", "two\nlines", "write one line"),
        ("description", 'a "quoted" one', "write one line"),
        ("description", "x" * 101, "at most 100"),
        ("region", "mars", "eu-west-1"),
        ("ci", "jenkins", "choose one of: github, gitlab, none"),
        ("platform_team", "platform-team", "@acme/platform-team"),
        ("platform_team", "@acme/platform team", "@acme/platform-team"),
        ("template", "cookies", "choose one of: project"),
        ("mlstead_source", "floppy", "choose one of: release, git, wheel"),
        ("mlstead_version", "latest", "three numbers"),
    ],
)
def test_an_answer_that_does_not_fit_says_what_would(tmp_path: Path, question: str, answer: str, fix: str) -> None:
    with pytest.raises(BadAnswer) as refused:
        new_project(tmp_path / "made" / "x", {question: answer})
    assert refused.value.where == f"-d {question}={answer}"
    assert fix in (refused.value.fix or "")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("address", ["/home/me/mlstead", "file:///home/me/mlstead", "git@example.org:x"])
def test_a_repository_that_a_colleague_cannot_reach_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadAnswer, match="mlstead_repository"):
        new_project(tmp_path / "x", {"mlstead_source": "git", "mlstead_repository": address})


def test_an_unknown_answer_names_the_known_and_the_meant_one(tmp_path: Path) -> None:
    with pytest.raises(BadAnswer) as refused:
        new_project(tmp_path / "x", {"projet_name": "x"})
    assert "Did you mean project_name?" in refused.value.what
    assert "region" in (refused.value.fix or "")
    assert "mlstead_wheel_digest" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DestinationTaken, match="not empty"):
        new_project(tmp_path, {"project_name": "x"})
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_of_that_name_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    with pytest.raises(DestinationTaken, match="file of that name"):
        new_project(tmp_path / "x", {})
    assert (tmp_path / "x").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MlsteadError, match=r"could not be written"):
        new_project(tmp_path / "file" / "x", {})


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    inode = (tmp_path / "x").stat().st_ino
    new_project(tmp_path / "x", {})
    assert (tmp_path / "x" / "pyproject.toml").is_file()
    assert (tmp_path / "x").stat().st_ino == inode, "the user may stand in that folder"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_without_git_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitFailed, match="git is not installed"):
        new_project(tmp_path / "x", {})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_new_leaves_nothing(
    tmp_path: Path, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch, parent = tmp_path / "scratch", tmp_path / "parent"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    command = [sys.executable, "-c", NEW, str(parent / "flight-delays")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not list(parent.glob(".flight-delays-*")):
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.002)
    process.send_signal(how)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors
    assert not parent.exists()
    assert not list(scratch.iterdir())


def test_a_failing_commit_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "not a boolean")
    with pytest.raises(GitFailed, match="git "):
        new_project(tmp_path / "x", {})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("known", "author"), [(False, "mlstead"), (True, "Ada")])
def test_git_commits_for_whom_it_knows_and_for_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool, author: str
) -> None:
    configuration = tmp_path / "gitconfig"
    configuration.write_text("[user]\nname = Ada\nemail = ada@example.org\n" if known else "")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "file").touch()
    commit_everything(tmp_path / "project", "Start")
    asked = ["git", "-C", str(tmp_path / "project"), "log", "--format=%an %cn"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split() == [author, author]


def test_a_hook_or_a_signature_of_the_users_does_not_stop_the_first_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "commit-msg", "post-commit"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        (hooks / name).chmod(0o755)
    configuration = tmp_path / "gitconfig"
    configuration.write_text(f"[core]\nhooksPath = {hooks}\n[commit]\ngpgSign = true\n[gpg]\nprogram = false\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "file").touch()
    commit_everything(tmp_path / "project", "Start")
    assert not (tmp_path / "ran").exists()
