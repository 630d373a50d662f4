"""What is asked of git, and what is pushed, without a file of the checkout moving."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from forge_server import TOKEN

from mlstead_toolkit.forge.checkout import Checkout
from mlstead_toolkit.forge.github import GitHub
from mlstead_toolkit.forge.gitlab import GitLab
from mlstead_toolkit.scaffold.repository import GitFailed

LONG_AGO = datetime(2026, 11, 1, 12, tzinfo=UTC)


def git(folder, *words, **variables):
    done = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, env={
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "ann",
        "GIT_AUTHOR_EMAIL": "ann@example.com", "GIT_COMMITTER_NAME": "ann", "GIT_COMMITTER_EMAIL": "ann@example.com",
        **variables})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(folder, title, written=LONG_AGO):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", title, GIT_AUTHOR_DATE=written.isoformat())
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A clone whose project is in a folder of its own, and its bare remote."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    folder = tmp_path / "work"
    (folder / "ml/infra").mkdir(parents=True)
    (folder / "ml/infra/Pulumi.dev.yaml").write_text("model: none\n")
    (folder / "other.txt").write_text("other\n")
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=trunk", "remote.git")
    git(tmp_path, "init", "--quiet", "--initial-branch=trunk", "work")
    git(folder, "remote", "add", "origin", str(tmp_path / "remote.git"))
    commit(folder, "First")
    git(folder, "push", "--quiet", "origin", "trunk")
    return folder


def on_remote(work, branch):
    return git(work.parent / "remote.git", "log", "--format=%s|%an|%ae", branch).splitlines()


def promotion(work, content=b"model: {version: 7}\n", base=None):
    checkout = Checkout(work / "ml")
    base = base or checkout.remote_tip("trunk")
    return checkout, checkout.commit_of(base, work / "ml/infra/Pulumi.dev.yaml", content, "Serve version 7")


def test_one_file_of_a_base_is_changed_and_pushed_without_touching_the_checkout(work):
    (work / "other.txt").write_text("somebody is working here\n")
    git(work, "add", "other.txt")
    before = (git(work, "status", "--porcelain"), git(work, "branch"))
    checkout, made = promotion(work)
    checkout.push(made, "promote/dev-7", None)
    assert (git(work, "status", "--porcelain"), git(work, "branch")) == before
    remote = work.parent / "remote.git"
    assert git(remote, "diff", "--name-only", "trunk", "promote/dev-7") == "ml/infra/Pulumi.dev.yaml"
    assert git(remote, "show", "promote/dev-7:ml/infra/Pulumi.dev.yaml") == "model: {version: 7}"
    assert on_remote(work, "promote/dev-7")[0] == "Serve version 7|mlstead|mlstead@localhost"


def test_whom_git_knows_commits_and_else_githubs_bot(work, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    checkout, made = promotion(work)
    checkout.push(made, "one", None)
    git(work, "config", "user.name", "release")
    git(work, "config", "user.email", "release@example.com")
    checkout, made = promotion(work)
    checkout.push(made, "other", None)
    bot = "github-actions[bot]|41898282+github-actions[bot]@users.noreply.github.com"
    assert on_remote(work, "one")[0].endswith(f"|{bot}")
    assert on_remote(work, "other")[0].endswith("|release|release@example.com")


def test_a_branch_that_somebody_has_moved_is_not_overwritten(work):
    checkout, made = promotion(work)
    checkout.push(made, "promote/dev-7", None)
    _, other = promotion(work, b"model: {version: 8}\n")
    for expected in (None, git(work, "rev-parse", "HEAD")):
        with pytest.raises(GitFailed, match="git push failed"):
            checkout.push(other, "promote/dev-7", expected)
    checkout.push(other, "promote/dev-7", made)
    assert checkout.remote_tip("promote/dev-7") == other


def test_the_remotes_default_branch_and_its_tip_are_asked_for_where_nothing_of_it_is_here(work):
    shallow = work.parent / "shallow"
    commit(work, "Second")
    git(work, "push", "--quiet", "origin", "trunk")
    git(work.parent, "clone", "--quiet", "--depth=1", "--no-local", str(work.parent / "remote.git"), "shallow")
    tip = commit(work, "Third")
    git(work, "push", "--quiet", "origin", "trunk")
    checkout = Checkout(shallow)
    assert checkout.default_branch() == "trunk" and checkout.remote_tip("trunk") == tip
    assert checkout.remote_tip("promote/dev-7") is None
    assert not checkout.has_whole_history() and Checkout(work).has_whole_history()


def test_commits_since_the_last_deployment_are_counted_without_merges(work):
    first = git(work, "rev-parse", "HEAD")
    git(work, "checkout", "--quiet", "-b", "topic")
    (work / "other.txt").write_text("new\n")
    commit(work, "Topic", LONG_AGO + timedelta(hours=1))
    git(work, "checkout", "--quiet", "trunk")
    git(work, "merge", "--quiet", "--no-ff", "--message", "Merge", "topic")
    checkout = Checkout(work)
    assert [(each.title, each.written) for each in checkout.commits(first)] == [
        ("Topic", LONG_AGO + timedelta(hours=1))]
    assert [each.title for each in checkout.commits(None)] == ["Merge"]
    assert checkout.commits(checkout.head()) == []


def test_what_is_deployed_is_remembered_and_forgotten_by_environment(work):
    checkout, first = Checkout(work), git(work, "rev-parse", "HEAD")
    checkout.note_deployed("dev", first)
    assert checkout.deployed("dev") == first and checkout.deployed("prod") is None
    checkout.note_deployed("dev", None)
    assert checkout.deployed("dev") is None


@pytest.mark.parametrize("revision", ["", "--all", "0.1.0", "a" * 40])
def test_what_names_no_commit_is_none(work, revision):
    assert Checkout(work).commit(revision) is None


@pytest.mark.parametrize("forge", [GitHub, GitLab])
@pytest.mark.parametrize("user", ["", "gitlab-ci-token:of-the-job@"])
def test_git_signs_in_once_whatever_the_checkout_left_behind_and_no_command_line_shows_it(
    work, server, forge, user, monkeypatch,
):
    git(work.parent / "remote.git", "update-server-info")
    server.git_root, address = work.parent, f"{server.address}/remote.git"
    git(work, "remote", "set-url", "origin", address.replace("http://", f"http://{user}"))
    git(work, "config", "--add", f"http.{server.address}/.extraheader", "AUTHORIZATION: basic b2xkOm9sZA==")
    commands = []
    real = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda words, **more: commands.append(words) or real(words, **more))
    checkout = Checkout(work)
    assert checkout.remote_address == address
    header = forge("http://api", "acme/flight-delays", TOKEN, server.address).git_header(checkout.remote_address)
    assert Checkout(work, header).remote_tip("trunk")
    assert all(len(seen.headers["authorization"]) == 1 for seen in server.seen) and server.seen
    assert not any(TOKEN in word or header in word for words in commands for word in map(str, words))


@pytest.mark.parametrize("forge", [GitHub, GitLab])
@pytest.mark.parametrize("address", ["/srv/remote.git", "git@forge:acme/x.git", "https://elsewhere.example/x.git"])
def test_the_token_goes_to_no_other_remote(forge, address):
    assert forge("https://forge/api", "acme/x", TOKEN, "https://forge").git_header(address) is None


def test_a_folder_without_a_repository_is_told(tmp_path):
    with pytest.raises(GitFailed, match="not a git repository") as told:
        Checkout(tmp_path).head()
    assert "repository" in told.value.fix
