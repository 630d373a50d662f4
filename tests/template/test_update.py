"""A project from before a question is updated to what its default brings, and keeps what was changed in it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from copier import run_copy, run_update

from mlstead_toolkit.assets import assets_directory

NEW = ("ci", "platform_team")


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgSign=false"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template's repository: v0.1.0 without the questions of delivery and their files, v0.2.0 as it is."""
    folder = tmp_path_factory.mktemp("template")
    assets, questions = assets_directory(), folder / "copier.yml"
    shutil.copytree(assets / "templates" / "project", folder / "templates" / "project")
    whole = (assets / "copier.yml").read_text()
    questions.write_text("".join(f"{part}\n\n" for part in whole.split("\n\n") if not part.startswith(NEW)))
    assert not set(NEW) & set(yaml.safe_load(questions.read_text()))
    readme = folder / "templates" / "project" / "README.md.jinja"
    readme.write_text("# {{ project_name }}\n")
    for path in (folder / "templates" / "project").glob("{% if ci*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "Before delivery")
    git(folder, "tag", "v0.1.0")
    shutil.copytree(assets / "templates" / "project", folder / "templates" / "project", dirs_exist_ok=True)
    questions.write_text(whole)
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "Delivery")
    git(folder, "tag", "v0.2.0")
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    """A project of v0.1.0, in which one line was changed since."""
    made = tmp_path / "trains"
    run_copy(str(template), made, data={"project_name": "trains"}, defaults=True, quiet=True, vcs_ref="v0.1.0")
    (made / "gates.toml").write_text((made / "gates.toml").read_text() + "# ours\n")
    git(made, "init", "--quiet", "--initial-branch=main")
    git(made, "add", "--all", "--force")
    git(made, "commit", "--quiet", "--message", "Start")
    assert not (made / ".github").exists() and "ci" not in yaml.safe_load((made / ".copier-answers.yml").read_text())
    return made


def test_an_older_project_gets_the_default_s_delivery(project: Path) -> None:
    run_update(project, defaults=True, overwrite=True, quiet=True)
    assert (project / ".github" / "workflows" / "deliver.yml").is_file()
    assert "/infra/ @platform-team" in (project / ".github" / "CODEOWNERS").read_text()
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert (answers["ci"], answers["platform_team"], answers["_commit"]) == ("github", "@platform-team", "v0.2.0")
    assert (project / "gates.toml").read_text().endswith("# ours\n")


def test_another_answer_changes_what_delivers_it(project: Path) -> None:
    run_update(project, data={"ci": "gitlab"}, defaults=True, overwrite=True, quiet=True)
    assert (project / ".gitlab-ci.yml").is_file() and not (project / ".github").exists()
    git(project, "add", "--all", "--force")
    git(project, "commit", "--quiet", "--message", "GitLab")
    run_update(project, data={"ci": "none"}, defaults=True, overwrite=True, quiet=True)
    assert not (project / ".gitlab-ci.yml").exists() and not (project / ".gitlab").exists()
