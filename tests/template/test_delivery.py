"""What CI is told to do: pinned, with no right too many, no secret, nothing of a stranger's in a shell."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlstead_toolkit.assets import assets_directory

Rendered = Callable[..., Path]
BIN = Path(sys.executable).parent

# What each job may do with the token of the repository, beyond reading it.
RIGHTS = {
    "pull-request.yml/preview": {"id-token"},
    "review-comment.yml/comment": {"pull-requests"},
    "deliver.yml/dev": {"contents", "id-token", "pull-requests"},
    "deliver.yml/staging": {"contents", "id-token", "pull-requests"},
    "deliver.yml/prod": {"contents", "id-token", "pull-requests"},
    "deploy.yml/deploy": {"contents", "id-token", "pull-requests"},
    "promote.yml/promote": {"contents", "id-token", "pull-requests"},
    "nightly.yml/drift": {"id-token", "issues"},
    "nightly.yml/exceptions": {"issues"},
}
GITLAB_WORDS = {"default", "include", "stages", "variables", "workflow", "spec"}


@pytest.fixture(scope="session")
def github(rendered: Rendered) -> Path:
    return rendered()


@pytest.fixture(scope="session")
def gitlab(rendered: Rendered) -> Path:
    return rendered(ci="gitlab")


def workflows(project: Path) -> dict[str, dict[str, Any]]:
    return {path.name: yaml.safe_load(path.read_text()) for path in (project / ".github" / "workflows").iterdir()}


def jobs(project: Path) -> dict[str, dict[str, Any]]:
    return {f"{file}/{name}": job for file, workflow in workflows(project).items()
            for name, job in workflow["jobs"].items()}


def steps(project: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(project).values():
        yield from job.get("steps", [])
    for action in (project / ".github" / "actions").glob("*/action.yml"):
        yield from yaml.safe_load(action.read_text())["runs"]["steps"]


def lab_jobs(project: Path) -> dict[str, dict[str, Any]]:
    return {name: job for name, job in yaml.safe_load((project / ".gitlab-ci.yml").read_text()).items()
            if name not in GITLAB_WORDS}


def inherited(project: Path, name: str) -> dict[str, Any]:
    """Give a job with what it extends, as GitLab merges them."""
    job = lab_jobs(project)[name]
    if "extends" not in job:
        return job
    base = inherited(project, job["extends"])
    return base | job | {"variables": base.get("variables", {}) | job.get("variables", {})}


def tool(name: str) -> str:
    """Give a linter's command, or say that the test was not run."""
    found = shutil.which(name, path=str(BIN)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def run(*command: str | Path, cwd: Path, given: str | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_action_is_one_commit_and_says_which_version_it_is(github: Path) -> None:
    pinned: dict[str, set[str]] = {}
    for path in (github / ".github").rglob("*.yml"):
        for used, comment in re.findall(r"uses: (\S+)(.*)", path.read_text()):
            if used.startswith("./"):
                assert (github / used / "action.yml").is_file() or (github / used).is_file(), used
                continue
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", used), used
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), f"{used}{comment}"
            pinned.setdefault(used.partition("@")[0], set()).add(used + comment)
    assert {name for name, versions in pinned.items() if len(versions) > 1} == set()
    assert set(pinned) == {"actions/checkout", "actions/upload-artifact", "actions/download-artifact",
                           "astral-sh/setup-uv", "aws-actions/configure-aws-credentials"}


def test_a_job_may_what_it_needs_and_ends(github: Path) -> None:
    assert all(workflow["permissions"] == {} for workflow in workflows(github).values())
    for name, job in jobs(github).items():
        writes = {scope for scope, right in job["permissions"].items() if right == "write"}
        assert writes == RIGHTS.get(name, set()), name
        assert "uses" in job or 0 < job["timeout-minutes"] <= 90, name


def test_nothing_long_lived_is_asked_for_and_no_token_stays_in_a_checkout(github: Path) -> None:
    for path in (github / ".github").rglob("*.yml"):
        assert not re.search(r"secrets\.|secrets:|AKIA|aws-access-key", path.read_text()), path.name
    checkouts = [step for step in steps(github) if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) > 5
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_no_expression_reaches_a_shell(github: Path) -> None:
    scripts = [step["run"] for step in steps(github) if "run" in step]
    assert len(scripts) > 15
    assert not [script for script in scripts if "${{" in script]


def test_strangers_get_no_token_and_run_nothing_that_has_one(github: Path) -> None:
    for file, workflow in workflows(github).items():
        events = workflow[True] if True in workflow else workflow["on"]
        assert "pull_request_target" not in events
        if "pull_request" in events:
            for name, job in workflow["jobs"].items():
                writes = {scope for scope, right in job["permissions"].items() if right == "write"}
                if writes:
                    assert writes == {"id-token"} and "head.repo.full_name == github.repository" in job["if"], name
        if "workflow_run" in events:
            assert file == "review-comment.yml"
            checkouts = [step for job in workflow["jobs"].values() for step in job["steps"]
                         if step.get("uses", "").startswith("actions/checkout@")]
            assert checkouts and not any({"ref", "repository"} & set(step["with"]) for step in checkouts)


def test_two_deployments_of_an_environment_never_meet(github: Path, gitlab: Path) -> None:
    deploy = jobs(github)["deploy.yml/deploy"]
    assert deploy["environment"] == "${{ inputs.environment }}"
    assert deploy["concurrency"] == {"group": "deploy-${{ inputs.environment }}", "cancel-in-progress": False}
    bring_up = {name for name, job in jobs(github).items()
                if any("mlstead up" in step.get("run", "") for step in job.get("steps", []))}
    assert bring_up == {"deploy.yml/deploy", "pull-request.yml/local"}
    assert jobs(github)["pull-request.yml/local"]["env"] == {"ENVIRONMENT": "local"}
    for name, job in ((name, inherited(gitlab, name)) for name in lab_jobs(gitlab) if not name.startswith(".")):
        if any("mlstead up" in line for line in job["script"]) and job["variables"]["ENVIRONMENT"] != "local":
            assert job["resource_group"] == job["environment"]["name"] == job["variables"]["ENVIRONMENT"], name
            assert job["interruptible"] is False, name


def test_environments_come_one_after_the_other_with_one_image(github: Path, gitlab: Path) -> None:
    deliver = workflows(github)["deliver.yml"]["jobs"]
    assert [deliver[name]["needs"] for name in ("dev", "staging", "prod")] == [
        "image", ["image", "dev"], ["image", "staging"]]
    assert {deliver[name]["with"]["digest"] for name in ("dev", "staging", "prod")} == {
        "${{ needs.image.outputs.digest }}"}
    after = {"dev": ["build image"], "staging": ["build image", "deploy dev"],
             "prod": ["build image", "deploy staging"]}
    assert {name: inherited(gitlab, f"deploy {name}")["needs"] for name in after} == after
    for project in (github, gitlab):
        text = "".join(path.read_text() for path in project.rglob("*.yml") if ".venv" not in path.parts)
        assert len(re.findall(r"make image$", text, re.MULTILINE)) == 1


def test_the_roles_are_those_that_bootstrap_names(github: Path, gitlab: Path) -> None:
    said = (assets_directory() / "components" / "mlstead" / "access" / "repository.py").read_text()
    for name in ("PLAN_ROLE_", "DEPLOY_ROLE", "STATE_BACKEND_"):
        assert name in said
    text = "".join(path.read_text() for path in (github / ".github").rglob("*.yml"))
    assert set(re.findall(r"vars\.(\w+)|vars\[format\('(\w+)\{0\}'", text)) == {
        ("ENVIRONMENTS", ""), ("DEPLOY_ROLE", ""), ("", "PLAN_ROLE_"), ("", "STATE_BACKEND_")}
    lab = (gitlab / ".gitlab-ci.yml").read_text()
    assert {"$DEPLOY_ROLE", "$PLAN_ROLE_DEV", "$STATE_BACKEND_PROD"} <= set(re.findall(r"\$\w+", lab))


def test_gitlab_s_images_are_digests_and_its_tokens_are_for_one_audience_each(gitlab: Path) -> None:
    text = (gitlab / ".gitlab-ci.yml").read_text()
    images = re.findall(r"(?:image|name): ((?:python|docker):\S+)", text)
    assert len(images) == 3
    assert all(re.fullmatch(r"\w+:[\w.-]+@sha256:[0-9a-f]{64}", image) for image in images)
    for name in lab_jobs(gitlab):
        for token, claims in inherited(gitlab, name).get("id_tokens", {}).items():
            assert claims["aud"] == {"AWS_TOKEN": "sts.amazonaws.com", "SIGSTORE_ID_TOKEN": "sigstore"}[token]


def test_what_is_not_answered_is_not_there(rendered: Rendered, github: Path, gitlab: Path) -> None:
    def delivery(project: Path) -> set[str]:
        return {path.name for path in project.iterdir() if path.name.startswith((".git", "CODEOWNERS"))} - {
            ".git", ".gitignore", ".gitattributes"}

    assert delivery(github) == {".github"}
    assert delivery(gitlab) == {".gitlab", ".gitlab-ci.yml"}
    assert delivery(rendered(ci="none")) == set()


@pytest.mark.parametrize(("ci", "folder"), [("github", ".github"), ("gitlab", ".gitlab")])
def test_infrastructure_exceptions_and_delivery_are_the_platform_team_s(rendered: Rendered, ci: str, folder: str
                                                                       ) -> None:
    lines = (rendered(ci=ci, platform_team="@acme/platform") / folder / "CODEOWNERS").read_text().splitlines()
    owned = dict(line.split() for line in lines if not line.startswith("#"))
    assert {"/infra/", "/policy-exceptions.toml", "/pyproject.toml", f"/{folder}/", "/Makefile", "/requirements*.lock",
            *(["/CODEOWNERS", "/docs/CODEOWNERS"] if ci == "gitlab" else [])} <= set(owned)
    assert set(owned.values()) == {"@acme/platform"}


def test_the_tools_that_ci_fetches_are_held_against_a_digest(github: Path) -> None:
    makefile = (github / "Makefile").read_text()
    fetched = dict(re.findall(r"^\.tools/(\w+): FROM := (\S+)$", makefile, re.MULTILINE))
    digests = dict(re.findall(r"^\.tools/(\w+): SHA256 := ([0-9a-f]{64})$", makefile, re.MULTILINE))
    assert set(fetched) == set(digests) == {"pulumi", "cosign", "syft", "grype"}
    assert all(re.search(r"/v\d+\.\d+\.\d+/", address) for address in fetched.values())


def test_actionlint_has_nothing_to_say(github: Path) -> None:
    run(tool("actionlint"), "-shellcheck", tool("shellcheck"), cwd=github)


@pytest.mark.parametrize(("schema", "files"), [
    ("github-workflows", ".github/workflows/*.yml"), ("github-actions", ".github/actions/*/action.yml"),
    ("dependabot", ".github/dependabot.yml")])
def test_github_s_files_are_what_its_schemas_say(github: Path, schema: str, files: str) -> None:
    paths = sorted(github.glob(files))
    assert paths
    run(tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *paths, cwd=github)


def test_gitlab_s_file_is_what_its_schema_says(gitlab: Path) -> None:
    run(tool("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci",
        ".gitlab-ci.yml", cwd=gitlab)


def test_zizmor_finds_no_hole(github: Path) -> None:
    run(tool("zizmor"), "--offline", "--no-progress", "--quiet", ".", cwd=github)


def test_shellcheck_finds_nothing_in_what_github_runs(github: Path) -> None:
    for step in steps(github):
        if "run" in step:
            run(tool("shellcheck"), "--shell=bash", "-", cwd=github, given=f"set -euo pipefail\n{step['run']}")


def test_shellcheck_finds_nothing_in_what_gitlab_runs(gitlab: Path) -> None:
    document = yaml.safe_load((gitlab / ".gitlab-ci.yml").read_text())
    scripts = [document["default"]["before_script"], *(job[part] for job in lab_jobs(gitlab).values()
                                                       for part in ("before_script", "script") if part in job)]
    # GitLab's runner gives a job's variables, and those of an earlier part, to the shell: SC2154 cannot know them.
    for script in scripts:
        run(tool("shellcheck"), "--shell=bash", "--exclude=SC2154", "-", cwd=gitlab,
            given="set -euo pipefail\n" + "\n".join(script))
