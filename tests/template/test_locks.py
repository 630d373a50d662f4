"""The template's locks: every version exact, with hashes, from no named place, and what the project asks for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from mlstead_toolkit.assets import assets_directory

LOCKS = {"requirements.lock": ("infra", "dev"), "requirements-pipelines.lock": ("pipelines",),
         "requirements-toolkit.lock": ("toolkit",)}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_version_with_hashes(rendered: Callable[..., Path], lock: str) -> None:
    text = (rendered() / lock).read_text().replace("\\\n", " ")
    for line in text.splitlines():
        assert re.fullmatch(r"[a-z0-9.-]+==[^ ]+( ; [^-]+?)?( +--hash=sha256:[0-9a-f]{64})+", line.strip()), line


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_what_the_project_asks_for(rendered: Callable[..., Path], lock: str) -> None:
    project = tomllib.loads((rendered() / "pyproject.toml").read_text())
    locked = dict(re.findall(r"^([a-z0-9.-]+)==([^ ]+)", (rendered() / lock).read_text(), re.MULTILINE))
    groups = project["dependency-groups"]
    asked = [one for group in LOCKS[lock] for one in groups[group]]
    included = [one["include-group"] for one in asked if isinstance(one, dict)]
    asked = [one for one in asked if isinstance(one, str)] + [one for group in included for one in groups[group]]
    asked += project["project"]["dependencies"] if "dev" in LOCKS[lock] else []
    for requirement in map(Requirement, asked):
        if requirement.name != "mlstead":
            assert requirement.specifier.contains(locked[requirement.name]), requirement


def test_the_project_asks_for_what_mlstead_needs(rendered: Callable[..., Path]) -> None:
    needed = tomllib.loads((assets_directory() / "pyproject.toml").read_text())["project"]["dependencies"]
    asked = tomllib.loads((rendered() / "pyproject.toml").read_text())["dependency-groups"]["infra"]
    assert {Requirement(one).name for one in needed} <= {Requirement(one).name for one in asked}
    locked = dict(re.findall(r"^([a-z0-9.-]+)==([^ ]+)", (rendered() / "requirements.lock").read_text(), re.MULTILINE))
    assert all(one.specifier.contains(locked[one.name]) for one in map(Requirement, needed))


def test_the_image_asks_for_what_mlsteads_jobs_need(rendered: Callable[..., Path]) -> None:
    needed = tomllib.loads((assets_directory() / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    asked = tomllib.loads((rendered() / "pyproject.toml").read_text())["project"]["dependencies"]
    assert set(needed["jobs"]) <= set(asked)


def test_ci_s_mlstead_has_all_that_the_command_needs(rendered: Callable[..., Path]) -> None:
    ours = tomllib.loads((assets_directory() / "pyproject.toml").read_text())["project"]
    locked = dict(re.findall(r"^([a-z0-9.-]+)==([^ ]+)", (rendered() / "requirements-toolkit.lock").read_text(),
                             re.MULTILINE))
    for requirement in map(Requirement, [*ours["dependencies"], *ours["optional-dependencies"]["toolkit"]]):
        assert requirement.specifier.contains(locked[requirement.name], prereleases=True), requirement
