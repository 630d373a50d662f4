"""Every job of the generated delivery, its commands run for real: the environment is `local`, the forge answers here.

In the order in which a change goes: checked, reviewed, delivered, promoted; then the night. What takes a registry, an
account or the machines of GitHub and GitLab is named in ci_job.py, and is not run.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from ci_job import ACTIONS_NOT_RUN, STEPS_NOT_RUN, GitHubJob, GitLabJob
from forge_server import TOKEN

pytestmark = pytest.mark.timeout(400)

DIGEST = f"sha256:{'5' * 64}"
HEAD = "github.event.workflow_run.head"


@pytest.fixture(scope="module")
def github(checkout, forge, git, machine):
    """Run a job of a workflow: github("deploy.yml", "deploy")."""
    def run(file, job, *, only=(), without=(), number=None, **values):
        variables = {name: value for name, value in forge.github_job(number).items() if name != "GH_TOKEN"}
        here = replace(checkout, variables={**checkout.variables, **variables})
        known = {"github.token": TOKEN, "github.sha": git("rev-parse", "HEAD"), "inputs.environment": "local",
                 "matrix.environment": "local", "inputs.digest": DIGEST, "github.base_ref": "main",
                 "vars.DEPLOY_ROLE": "", **{f"vars[format('{name}_{{0}}', {which}.environment)]": "" for name in
                                            ("PLAN_ROLE", "STATE_BACKEND") for which in ("inputs", "matrix")}}
        return GitHubJob(here, file, job, known | values).run(only=only, without=without)

    return run


@pytest.fixture(scope="module")
def gitlab(checkout, forge, git):
    """Run a job of .gitlab-ci.yml: gitlab("deploy dev")."""
    def run(job, number=None, **variables):
        here = replace(checkout, variables={**checkout.variables, **forge.gitlab_job(number)})
        own = {"ENVIRONMENT": "local", "TAG": git("rev-parse", "HEAD"), "DIGEST": DIGEST, "BASE": "origin/main"}
        return GitLabJob(here, job, own | variables).run()

    return run


@pytest.fixture
def pull_request(forge, git):
    """The pull request of the branch that is checked out, as it stands."""
    forge.changes[:] = [{"number": 1, "author": "ada", "branch": "feature", "base": "main", "title": "More", "body": "",
                         "state": "open", "fork": False, "sha": git("rev-parse", "HEAD")}]
    return forge.changes[0]


def of_run(pull_request, owner="acme"):
    """What GitHub says to a workflow_run about the pull request's run."""
    return {f"{HEAD}_repository.owner.login": owner, f"{HEAD}_branch": pull_request["branch"],
            f"{HEAD}_sha": pull_request["sha"],
            f"{HEAD}_repository.full_name != github.repository": str(owner != "acme").lower()}


def settings(machine, environment="local"):
    return (machine.project / "infra" / f"Pulumi.{environment}.yaml").read_text()


def test_a_pull_request_is_checked(github, git):
    git("switch", "--quiet", "--create", "feature")
    github("pull-request.yml", "check")


def test_its_whole_stack_comes_up_and_answers_on_the_runner(github, machine):
    done = github("pull-request.yml", "local", without=["Nothing is left behind"])
    assert re.search(r"in service with version 1", done.summary)


def test_gitlab_s_job_does_the_same(machine):
    jobs = yaml.safe_load((machine.project / ".github/workflows/pull-request.yml").read_text())["jobs"]
    lines = [line for step in jobs["local"]["steps"] for line in step.get("run", "").splitlines()]
    assert yaml.safe_load((machine.project / ".gitlab-ci.yml").read_text())["local"]["script"] == lines


def test_it_is_reviewed_against_its_base(github, gitlab, git, machine):
    git("checkout", "--quiet", "--", ".")
    machine.edit("infra/Pulumi.dev.yaml", "training: {instance_type: ml.m5.large}",
                 "training: {instance_type: ml.m5.xlarge}")
    git("commit", "--quiet", "--all", "--message", "Train on a larger one")
    review = machine.project / "build" / "review.md"
    done = github("pull-request.yml", "review", number=1)
    assert done.summary == review.read_text() and "ml.m5.xlarge" in done.summary
    review.unlink()
    gitlab("review")
    assert review.read_text() == done.summary


def test_the_review_becomes_one_comment_that_is_updated(github, gitlab, machine, forge, pull_request):
    artifact = machine.project / "build" / "artifact" / "review.md"
    artifact.parent.mkdir(exist_ok=True)
    artifact.write_text("**costs more**\n")
    github("review-comment.yml", "comment", **of_run(pull_request))
    artifact.write_text("**safe**\n")
    github("review-comment.yml", "comment", **of_run(pull_request))
    assert [(each["of"], each["body"]) for each in forge.comments] == [(1, "<!-- mlstead:review -->\n**safe**\n")]
    (machine.project / "build" / "review.md").write_text("**replaces**\n")
    gitlab("comment", number=1)
    assert [each["body"].splitlines()[1] for each in forge.comments] == ["**replaces**"]


def test_of_a_stranger_s_review_nothing_is_run_and_nobody_is_called(github, machine, forge, pull_request):
    forge.comments.clear()
    artifact = machine.project / "build" / "artifact" / "review.md"
    artifact.write_text("@acme/everyone $(touch ../pwned) `touch ../pwned`\n<!-- mlstead:drift -->\n")
    github("review-comment.yml", "comment", **of_run(pull_request, owner="mallory"))
    (comment,) = forge.comments
    assert comment["body"].startswith("<!-- mlstead:review -->\n> Written by the fork's own code")
    assert "@acme" not in comment["body"] and "acme/everyone" in comment["body"]
    assert not (machine.folder / "pwned").exists()


def test_a_review_of_a_commit_that_is_no_longer_the_branch_s_is_not_told(github, forge, pull_request):
    forge.comments.clear()
    run = of_run(pull_request)
    pull_request["sha"] = "0" * 40
    github("review-comment.yml", "comment", **run)
    assert forge.comments == []


def test_what_is_merged_is_deployed_asked_and_timed(github, machine, git):
    git("switch", "--quiet", "main")
    git("merge", "--quiet", "feature")
    git("push", "--quiet", "origin", "main")
    github("deliver.yml", "image", only=["Install"])
    done = github("deploy.yml", "deploy")
    assert done.values["steps.repository.outputs.url"].endswith(".amazonaws.com/flight-delays-local")
    assert git("rev-parse", "HEAD") in settings(machine) and DIGEST in settings(machine)
    assert "Lead time to local" in done.summary
    assert "no model is promoted" in done.said.lower()
    outputs = machine.succeed("outputs", "local", "--json").json
    assert (outputs["image_tag"], outputs["image_digest"]) == (git("rev-parse", "HEAD"), DIGEST)


def test_gitlab_deploys_it_too_and_counts_from_what_was_deployed(gitlab, git, machine):
    git("checkout", "--quiet", "--", ".")
    git("commit", "--quiet", "--allow-empty", "--message", "Nothing new")
    said = gitlab("deploy dev")
    assert "1 commit" in said


def test_an_approved_version_asks_to_be_promoted_with_its_metrics(github, gitlab, git, forge):
    git("checkout", "--quiet", "--", ".")
    forge.changes.clear()
    github("promote.yml", "promote")
    (change,) = forge.changes
    assert change["branch"] == "promote/local-1" and "auc" in change["body"].lower()
    git("fetch", "--quiet", "origin")
    assert "model: {version: 1}" in git("show", "origin/promote/local-1:infra/Pulumi.local.yaml")
    gitlab("promote dev")
    assert len(forge.changes) == 1


def test_drift_is_one_issue_and_closed_when_it_is_gone(github, gitlab, git, machine, forge):
    git("checkout", "--quiet", "--", ".")
    github("nightly.yml", "drift")
    assert forge.issues == []
    sagemaker = machine.client("sagemaker")
    name = sagemaker.list_pipelines()["PipelineSummaries"][0]["PipelineName"]
    sagemaker.update_pipeline(PipelineName=name, PipelineDisplayName="changed-by-hand")
    for _ in range(2):
        git("checkout", "--quiet", "--", ".")
        github("nightly.yml", "drift")
    (issue,) = forge.issues
    assert issue["state"] == "open" and "Drift in local" in issue["title"] and name in issue["body"]
    git("checkout", "--quiet", "--", ".")
    gitlab("drift dev")
    assert len(forge.issues) == 1
    machine.succeed("up", "local", "--refresh")
    git("checkout", "--quiet", "--", ".")
    github("nightly.yml", "drift")
    assert [each["state"] for each in forge.issues] == ["closed"]


def test_an_exception_that_has_expired_is_an_issue(github, gitlab, machine, forge):
    forge.issues.clear()
    github("nightly.yml", "exceptions")
    assert forge.issues == []
    file = machine.project / "policy-exceptions.toml"
    kept = file.read_text()
    file.write_text(kept + '\n[[exception]]\nrule = "ecr-lifecycle-policy"\nresource = "flight-delays-images"\n'
                           'reason = "Kept until the audit is over"\nowner = "ml@example.com"\nexpires = 2026-01-01\n')
    github("nightly.yml", "exceptions")
    gitlab("exceptions")
    (issue,) = forge.issues
    assert issue["state"] == "open" and "ecr-lifecycle-policy" in issue["body"]
    file.write_text(kept)
    gitlab("exceptions")
    assert [each["state"] for each in forge.issues] == ["closed"]


def test_nothing_is_left_behind(github, git, machine):
    git("checkout", "--quiet", "--", ".")
    github("pull-request.yml", "local", only=["Nothing is left behind"])
    assert "Nothing is deployed" in machine.refuse("outputs", "local").err


def test_every_command_was_run_or_is_named_as_not_run(checkout, machine):
    named = set()
    for path in (machine.project / ".github" / "workflows").glob("*.yml"):
        for job, about in yaml.safe_load(path.read_text())["jobs"].items():
            for step in about.get("steps", []):
                if "run" in step and step["name"] not in STEPS_NOT_RUN:
                    named.add(f"{path.name}/{job}: {step['name']}")
    assert named <= set(checkout.ran) | {"pull-request.yml/preview: The image stays the one that is deployed"}
    lab = yaml.safe_load((machine.project / ".gitlab-ci.yml").read_text())
    assert {name.removeprefix(".gitlab-ci.yml/") for name in checkout.ran if name.startswith(".gitlab")} == {
        "review", "comment", "deploy dev", "promote dev", "drift dev", "exceptions"} <= set(lab)
    docs = (Path(__file__).parents[3] / "docs" / "delivery.md").read_text()
    assert [name for name in ACTIONS_NOT_RUN if f"`{name}`" not in docs] == []
