"""A machine with a project whose repository is at a forge, as CI checks it out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from ci_job import Checkout
from forge_server import ForgeServer, forge_server
from machine import Machine, unused_port

from mlstead_toolkit.cloud import control
from mlstead_toolkit.environment import _find_uv

DROPPED = ("AWS_", "GIT_", "GITHUB_", "CI_", "GITLAB_", "MAKE", "MFLAGS", "MLSTEAD_AS", "PYTHONPATH", "VIRTUAL_ENV")


@pytest.fixture(scope="module")
def forge() -> Iterator[ForgeServer]:
    """A forge."""
    with forge_server() as running:
        yield running


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with a project that has GitHub's files, and GitLab's beside them."""
    folder = tmp_path_factory.mktemp("delivery")
    made = Machine(folder / "home", unused_port(), folder)
    made.home.mkdir()
    made.succeed("new", "flight-delays", "--defaults", cwd=folder)
    made.succeed("new", "lab/flight-delays", "--defaults", "-d", "ci=gitlab", cwd=folder)
    shutil.copy(folder / "lab" / "flight-delays" / ".gitlab-ci.yml", made.project)
    yield made
    control.stop(made.home, made.port)


@pytest.fixture(scope="module")
def git(machine: Machine) -> Callable[..., str]:
    """Run git in the project; the remote is a repository beside it."""
    def run(*words: str) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        who = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada",
               "GIT_COMMITTER_EMAIL": "ada@example.com"}
        return subprocess.run(["git", *words], cwd=machine.project, env=kept | who, capture_output=True, text=True,
                              check=True).stdout.strip()

    run("add", "--all")
    run("commit", "--quiet", "--message", "Have GitLab's file as well")
    run("clone", "--quiet", "--bare", ".", str(machine.folder / "origin.git"))
    run("remote", "add", "origin", str(machine.folder / "origin.git"))
    run("fetch", "--quiet", "origin")
    return run


@pytest.fixture(scope="module")
def checkout(machine: Machine) -> Checkout:
    """The project, with what a runner's environment has beside the job's own."""
    kept = {name: value for name, value in machine.environment.items() if not name.startswith(DROPPED)}
    path = f"{Path(_find_uv()).parent}:{os.environ['PATH']}"
    return Checkout(machine.project, kept | {"PATH": path, "CI": "true"})
