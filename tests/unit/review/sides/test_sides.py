"""Both sides of a change are found, whatever the repository is like, and nothing is written to it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from git_project import GitProject

from mlstead.errors import MlsteadError
from mlstead_toolkit.home import home_directory
from mlstead_toolkit.project import ProjectError
from mlstead_toolkit.review.sides.repository import BaseNotFound
from mlstead_toolkit.review.sides.sides import UnknownEnvironment, open_sides


def sides(project: GitProject, reference: str | None = "main", folder: str = "."):
    return open_sides(project.root / folder, reference, home_directory())


def test_the_base_is_where_the_change_has_left_the_branch(project: GitProject) -> None:
    left_at = project.git("rev-parse", "HEAD")
    project.write("infra/__main__.py", "changed = 1\n")
    project.commit()
    project.git("switch", "--quiet", "main")
    project.write("infra/__main__.py", "by_somebody_else = 1\n")
    project.commit()
    project.git("switch", "--quiet", "change")
    project.write("infra/__main__.py", "changed = 2\n")
    with sides(project) as found:
        assert found.base is not None and found.head is not None
        assert (found.base.infra / "__main__.py").read_text() == "import pulumi\n"
        assert (found.head.infra / "__main__.py").read_text() == "changed = 2\n"
        assert found.base_words == f"main ({left_at[:7]})"
        assert found.head_words == "this change (with uncommitted changes)"
        assert found.environments == ("dev", "staging", "prod", "canary", "local")
        assert (found.problems, found.notes) == ((), ())


def test_nothing_is_written_to_the_repository(project: GitProject) -> None:
    project.write("infra/__main__.py", "uncommitted = 1\n")
    before = project.state()
    with sides(project):
        pass
    assert project.state() == before


def test_a_change_that_is_committed_is_no_uncommitted_one(project: GitProject) -> None:
    project.write("notes.txt", "ignored by nobody\n")
    project.commit()
    with sides(project) as found:
        assert found.head_words == "this change"


def test_the_folder_in_which_it_is_typed_does_not_matter(project: GitProject) -> None:
    with sides(project, folder="infra") as found:
        assert found.project == "shop" and found.head is not None and found.head.infra == project.root / "infra"


def test_a_branch_that_only_the_remote_has_is_compared_with_and_that_is_said(project: GitProject) -> None:
    project.git("update-ref", "refs/remotes/origin/main", "main")
    project.git("branch", "--quiet", "--delete", "--force", "main")
    for reference in ("main", None):
        with sides(project, reference) as found:
            assert found.base_words.startswith("origin/main (")
            assert any("no main here" in note for note in found.notes)


def test_without_a_base_it_is_the_default_branch_of_origin(project: GitProject) -> None:
    project.git("update-ref", "refs/remotes/origin/trunk", "main")
    project.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    project.git("branch", "--quiet", "--delete", "--force", "main")
    with sides(project, None) as found:
        assert found.base_words.startswith("origin/trunk (")


def test_a_mistyped_branch_gets_a_suggestion(project: GitProject) -> None:
    with pytest.raises(BaseNotFound, match="did you mean 'main'") as refused, sides(project, "mian"):
        pass
    assert "git fetch origin mian" in str(refused.value.fix)


@pytest.mark.parametrize("reference", ["--output=/tmp/x", "HEAD:infra", ""])
def test_what_names_no_commit_is_refused_and_reaches_git_as_a_name_alone(project: GitProject, reference: str) -> None:
    with pytest.raises(BaseNotFound), sides(project, reference or "."):
        pass


def test_a_history_of_one_commit_says_how_to_fetch_the_rest(project: GitProject, tmp_path: Path) -> None:
    for number in range(2):
        project.write("notes.txt", str(number))
        project.commit()
    shallow = GitProject(tmp_path / "shallow")
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", "--branch", "change", f"file://{project.root}",
                    str(shallow.root)], check=True, capture_output=True)
    with pytest.raises(BaseNotFound) as refused, sides(shallow):
        pass
    assert "fetch-depth: 0" in str(refused.value.fix) and "git fetch --unshallow" in str(refused.value.fix)
    shallow.git("fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main")
    with pytest.raises(BaseNotFound, match="only a part of the history") as refused, sides(shallow):
        pass
    assert "fetch-depth: 0" in str(refused.value.fix)
    shallow.git("fetch", "--quiet", "--unshallow")
    with sides(shallow) as found:
        assert found.base is not None


def test_no_repository_and_no_commit_say_what_to_type(project: GitProject, tmp_path: Path) -> None:
    shutil.rmtree(project.root / ".git")
    with pytest.raises(BaseNotFound, match="not in a git repository") as refused, sides(project):
        pass
    assert "git init" in str(refused.value.fix)
    project.git("init", "--quiet")
    with pytest.raises(BaseNotFound, match="no commit yet") as refused, sides(project):
        pass
    assert "git commit" in str(refused.value.fix)


def test_branches_without_a_common_commit_are_refused(project: GitProject) -> None:
    project.git("switch", "--quiet", "--orphan", "other")
    project.write_project("")
    project.commit()
    with pytest.raises(BaseNotFound, match="no commit in common"), sides(project):
        pass


def test_a_folder_that_is_no_project_says_so(project: GitProject) -> None:
    (project.root / "elsewhere").mkdir()
    shutil.rmtree(project.root / "infra")
    with pytest.raises(ProjectError, match="not inside an mlstead project"), sides(project, folder="elsewhere"):
        pass


def test_a_project_in_a_folder_of_a_larger_repository_is_exported_alone(project: GitProject) -> None:
    project.write_project("teams/forecast/")
    project.write("teams/other/secret.txt", "not needed")
    project.commit()
    with sides(project, "HEAD", "teams/forecast/infra") as found:
        assert found.base is not None and found.head is not None
        assert found.base.infra.relative_to(found.base.root) == found.head.infra.relative_to(found.head.root)
        assert found.head.root == project.root
        assert not (found.base.root / "teams" / "other").exists()


def test_a_link_in_the_base_leads_nothing_out_of_its_folder(project: GitProject, tmp_path: Path) -> None:
    (project.root / "infra" / "shared").symlink_to("../src")
    (project.root / "outside").symlink_to(tmp_path)
    project.commit()
    with sides(project, "HEAD") as found:
        assert found.base is not None and (found.base.infra / "shared").readlink() == Path("../src")
        assert (found.base.root / "outside").is_symlink()  # a link alone does no harm


def test_the_first_pull_request_has_no_base_and_everything_is_new(project: GitProject) -> None:
    project.write("teams/forecast/infra/x", "")
    project.write_project("teams/forecast/")
    project.write("teams/forecast/infra/Pulumi.yaml", "name: forecast\nruntime: python\n")
    with sides(project, folder="teams/forecast") as found:
        assert found.base is None and found.head is not None
        assert found.problems == () and found.notes == ("The base has no such program: everything is new.",)


def test_a_project_that_was_moved_is_found_where_it_was(project: GitProject) -> None:
    (project.root / "ml").mkdir()
    for name in (".copier-answers.yml", "infra", "requirements.lock", "requirements-mlstead.txt", "pyproject.toml"):
        project.git("mv", name, "ml/")
    project.commit()
    with sides(project, folder="ml") as found:
        assert found.base is not None and found.head is not None
        assert found.base.infra == found.base.root / "infra" and found.head.infra == project.root / "ml/infra"
        assert found.notes == ("It was moved: on the base it is in infra.",)


def test_a_project_that_was_renamed_is_another_one_to_pulumi(project: GitProject) -> None:
    project.write("infra/Pulumi.yaml", "name: store\nruntime: python\n")
    with sides(project) as found:
        assert found.base is None
        assert "calls this project shop" in found.notes[0] and "until they are destroyed" in found.notes[0]


def test_environments_of_either_side_count_and_a_mistyped_one_is_refused_with_what_there_is(
        project: GitProject) -> None:
    (project.root / "infra/Pulumi.staging.yaml").unlink()
    project.write("infra/Pulumi.qa.yaml", "config: {}\n")
    with sides(project) as found:
        assert found.environments == ("dev", "staging", "prod", "canary", "qa", "local")
        assert found.choose([]) == found.environments
        assert found.choose(["local", "dev"]) == ("dev", "local")
        with pytest.raises(UnknownEnvironment, match="did you mean 'prod'") as refused:
            found.choose(["prd"])
        assert "dev, staging, prod, canary, qa, local" in str(refused.value.fix)


def test_foundations_are_read_on_both_sides_and_a_broken_one_is_told_with_its_line(project: GitProject) -> None:
    project.write("infra/foundation.dev.json", json.dumps({"region": "eu-west-1"}))
    project.write("infra/foundation.prod.json", '{\n  "region": "eu-west-1"\n  "lake": {}\n}')
    project.commit()
    project.git("branch", "--force", "main", "HEAD")
    project.write("infra/foundation.dev.json", json.dumps({"region": "eu-west-2"}))
    project.write("infra/foundation.staging.json", "[]")
    project.write("infra/foundation.prod.json", json.dumps({"region": "eu-west-1"}))
    with sides(project) as found:
        assert found.base is not None and found.head is not None
        assert found.base.foundations == {"dev": {"region": "eu-west-1"}}
        assert found.head.foundations == {"dev": {"region": "eu-west-2"}, "prod": {"region": "eu-west-1"}}
        told = {(one.side, one.environment): one for one in found.problems}
        assert told.keys() == {("base", "prod"), ("head", "staging")}
        assert told["base", "prod"].where == "infra/foundation.prod.json:3"
        assert "mlstead outputs prod --foundation" in told["base", "prod"].fix


def test_a_base_whose_locks_are_missing_is_a_problem_and_the_head_is_still_there(project: GitProject) -> None:
    (project.root / "requirements.lock").unlink()
    project.commit()
    project.git("branch", "--force", "main", "HEAD")
    project.write("requirements.lock", "")
    with sides(project) as found:
        assert found.base is None and found.head is not None
        (problem,) = found.problems
        assert (problem.side, problem.environment, problem.where) == ("base", "", "requirements.lock")


def test_a_head_whose_environment_cannot_be_made_is_a_problem(
        project: GitProject, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path, _: object) -> Path:
        raise MlsteadError("uv could not make it", where=str(folder / ".venv"), fix="make lock")

    monkeypatch.setattr("mlstead_toolkit.review.sides.interpreters.ensure_environment", fail)
    with sides(project) as found:
        assert found.head is None
        assert [(one.side, one.where) for one in found.problems] == [("head", ".venv")]
        assert not any(str(project.root) in f"{one.message}{one.where}{one.fix}" for one in found.problems)


def test_a_stack_by_itself_is_reviewed_with_all_that_lies_beside_it(project: GitProject) -> None:
    project.write("platform/foundation/Pulumi.yaml", "name: mlstead-foundation\nruntime: python\n")
    project.write("platform/foundation/Pulumi.dev.yaml", "config: {}\n")
    project.write("platform/foundation/__main__.py", "")
    project.write("platform/foundation/requirements.txt", "mlstead==1\n")
    project.write("platform/shared.py", "")
    project.commit()
    project.git("branch", "--force", "main", "HEAD")
    project.write("platform/foundation/requirements.txt", "mlstead==2\n")
    with sides(project, folder="platform/foundation") as found:
        assert found.project == "mlstead-foundation" and found.environments == ("dev",)
        assert found.base is not None and (found.base.root / "platform/shared.py").is_file()
        assert found.notes == ("requirements.txt differs, and the base was evaluated with the head's packages.",)
