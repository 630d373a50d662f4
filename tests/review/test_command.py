"""`mlstead review` as a person types it: in a repository, on a branch, each side with what it locks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from reviewed_project import Copy

from mlstead_toolkit.review.verdict import Verdict
from mlstead_toolkit.scaffold.repository import commit_everything, git_environment
from mlstead_toolkit.scaffold.wheel import _write, file_digest

pytestmark = pytest.mark.timeout(300)
CONTEXT = "context = mlstead.Context.of_stack(settings.owner)\n"
BROKEN = f"{CONTEXT}1 / 0\n"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """A project's repository on the branch `change`, and the command."""

    project: Copy
    home: Path

    def git(self, *arguments: str) -> str:
        identity = {"GIT_AUTHOR_NAME": "eve", "GIT_AUTHOR_EMAIL": "eve@example.com", "GIT_COMMITTER_NAME": "eve",
                    "GIT_COMMITTER_EMAIL": "eve@example.com"}
        done = subprocess.run(["git", "-C", str(self.project.root), *arguments], env=git_environment() | identity,
                              check=True, capture_output=True, text=True)
        return done.stdout

    def commit(self, message: str) -> None:
        self.git("add", "--all", "--force", "--", ".", ":!.venv")
        self.git("commit", "--quiet", "--message", message)

    def review(self, *words: str) -> Run:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        command = [sys.executable, "-m", "mlstead_toolkit", "review", "--base", "main", "-e", "dev", *words]
        done = subprocess.run(command, cwd=self.project.root, capture_output=True, text=True, timeout=250,
                              env=kept | {"MLSTEAD_HOME": str(self.home), "NO_COLOR": "1"})
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def made(base_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    project = Copy(base_project).copied_to(folder / "flight-delays")
    commit_everything(project.root, "begin")
    return Desk(project, folder / "home")


@pytest.fixture
def desk(made: Desk) -> Iterator[Desk]:
    """The branch `change`, with nothing changed yet; what a test does is undone."""
    begin = made.git("rev-parse", "main").strip()
    made.git("switch", "--quiet", "--create", "change")
    yield made
    made.git("reset", "--quiet", "--hard", begin)
    made.git("switch", "--quiet", "--force-create", "main", begin)
    made.git("branch", "--quiet", "--delete", "--force", "change")


def test_a_change_is_reviewed_and_nothing_but_the_document_is_printed(desk: Desk) -> None:
    desk.project.setting("dev", "endpoint: {instance_type: ml.m5.large", "endpoint: {instance_type: ml.m5.2xlarge")
    desk.commit("A bigger endpoint")
    found = desk.review("--fail-on", "costs-more")
    title = "## Infrastructure review: "
    assert found.out.startswith(f"<!-- mlstead review -->\n{title}") and "ml.m5.2xlarge" in found.out
    verdicts = found.out.splitlines()[1].removeprefix(title).split(" · ")
    assert "costs more" in verdicts and found.code == 10 + Verdict.named(verdicts[0])
    assert "this change compared with main (" in found.out
    assert "evaluating dev" in found.err and "evaluating" not in found.out
    assert desk.git("status", "--porcelain") == ""


def test_a_file_is_written_whole_and_the_verdict_printed(desk: Desk, tmp_path: Path) -> None:
    found = desk.review("--format", "html", "--output", str(tmp_path / "review.html"))
    assert (found.code, found.out) == (0, "safe\n")
    assert [path.name for path in tmp_path.iterdir()] == ["review.html"]
    assert (tmp_path / "review.html").read_text().startswith("<!")


def test_a_program_that_raises_is_told_with_its_line_and_is_exit_code_17(desk: Desk) -> None:
    desk.project.program(CONTEXT, BROKEN)
    line = (desk.project.root / "infra/__main__.py").read_text().splitlines().index("1 / 0") + 1
    found = desk.review("--json")
    assert found.code == 17
    data = json.loads(found.out)
    (problem,) = data["environments"][0]["problems"]
    assert (problem["side"], problem["where"]) == ("head", f"infra/__main__.py:{line}")
    assert "ZeroDivisionError" in problem["message"]


def test_a_base_that_raises_is_not_taken_for_a_safe_change(desk: Desk) -> None:
    desk.project.program(CONTEXT, BROKEN)
    desk.commit("broken")
    desk.git("branch", "--force", "main")
    desk.project.program(BROKEN, CONTEXT)
    found = desk.review()
    assert found.code == 1 and "not compared" in found.out and "ZeroDivisionError" in found.out


def test_each_side_runs_with_the_mlstead_that_it_locks(desk: Desk, tmp_path: Path) -> None:
    root = desk.project.root
    (wheel,) = (root / "vendor").glob("*.whl")
    today = wheel.read_bytes(), (root / "requirements-mlstead.txt").read_text()
    older = older_wheel(wheel, tmp_path)
    wheel.unlink()
    (root / "vendor" / older.name).write_bytes(older.read_bytes())
    (root / "requirements-mlstead.txt").write_text(f"./vendor/{older.name} --hash=sha256:{file_digest(older)}\n")
    desk.commit("As it was with the older one")
    desk.git("branch", "--force", "main")
    (root / "vendor" / older.name).unlink()
    wheel.write_bytes(today[0])
    (root / "requirements-mlstead.txt").write_text(today[1])
    found = desk.review("--json")
    (environment,) = json.loads(found.out)["environments"]
    assert environment["problems"] == []
    assert [change["name"] for change in environment["changes"]] == ["flight-delays-images"], found.out
    assert len(list((desk.home / "review" / "environments").iterdir())) == 1


def older_wheel(wheel: Path, folder: Path) -> Path:
    """Give a wheel of mlstead 0.0.9, which deleted untagged images after a week."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    version = wheel.name.split("-")[1]
    own = f"mlstead-{version}.dist-info/"
    files = {name.replace(own, "mlstead-0.0.9.dist-info/"): content for name, content in files.items()}
    metadata = "mlstead-0.0.9.dist-info/METADATA"
    files[metadata] = files[metadata].replace(f"\nVersion: {version}\n".encode(), b"\nVersion: 0.0.9\n")
    images = "mlstead/training/image_repository.py"
    assert files[images].count(b"untagged_days: int = 14") == 1
    files[images] = files[images].replace(b"untagged_days: int = 14", b"untagged_days: int = 7")
    return _write(files, folder)
