"""The promotion pull request: one line, the figures that a reviewer needs, and never two for one purpose."""

import os
import subprocess

import pytest

from mlstead.errors import MlsteadError

SERVED = "# reviewed\nconfig:\n  flight-delays:model: {version: 1}   # what is served\n"
BOTH = pytest.mark.parametrize("server", ["github", "gitlab"], indirect=True)


@BOTH
def test_the_newest_approved_version_is_one_line_in_one_pull_request(work, registry, server, ci):
    registry.register(0.7)
    registry.register(0.74)
    registry.register(0.9, "PendingManualApproval")
    (work.settings).write_text("nothing that is checked out counts\n")
    said = ci("promote", "local")
    (change,) = server.changes
    assert (change["branch"], change["base"]) == ("promote/local-2", "main") and "opened" in said
    assert change["title"] == "Serve version 2 of the model in local"
    assert work.on("promote/local-2") == work.on("main").replace("model: none ", "model: {version: 2} ")
    assert work.settings.read_text() == "nothing that is checked out counts\n"
    assert subprocess.run(["git", "-C", work.remote, "log", "--format=%B", "-1", "promote/local-2"],
                          capture_output=True, text=True).stdout.strip().endswith("Mlstead-Promotion: local 2")


def test_its_text_has_the_figures_beside_the_served_ones_and_where_they_come_from(work, registry, server, ci):
    registry.register(0.705)
    registry.register(0.731)
    work.push("Served", SERVED)
    ci("promote", "local")
    text = server.changes[0]["body"]
    assert text.startswith("<!-- mlstead:promote-local -->\n")
    assert "| auc | 0.731 | 0.610 | 0.705 | +0.026 |" in text
    assert "- flight-delays:model: {version: 1}" in text and "+ flight-delays:model: {version: 2}" in text
    for fact in ("model-package/flight-delays-local/2", "execution/e1", ":1f2e3d", "held out month", "`1, 2`"):
        assert fact in text
    assert "do not compare" not in text and "- [ ] Both were measured on the same data" in text


def test_figures_of_different_data_are_not_passed_off_as_comparable(work, registry, server, ci):
    registry.register(0.705)
    registry.register(0.731, held_out_month=6, train_months=[4, 5])
    work.push("Served", SERVED)
    ci("promote", "local")
    assert "held out month 6 against 3. Their figures do not compare" in server.changes[0]["body"]


def test_again_changes_nothing_and_pushes_nothing(work, registry, server, ci):
    registry.register(0.7)
    ci("promote", "local")
    tip, asked = work.on("promote/local-1"), len(server.seen)
    assert "left as it is" in ci("promote", "local")
    assert work.on("promote/local-1") == tip and len(server.changes) == 1
    assert all(seen.method == "GET" or "graphql" in seen.path for seen in server.seen[asked:])


@BOTH
def test_a_newer_version_takes_the_older_pull_requests_place(work, registry, server, ci):
    registry.register(0.7)
    ci("promote", "local")
    registry.register(0.74)
    assert "Closed" in ci("promote", "local")
    assert [(each["branch"], each["state"]) for each in server.changes] == [
        ("promote/local-1", "closed"), ("promote/local-2", "open")]
    assert "Superseded" in server.comments[0]["body"]


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_what_somebody_closed_or_took_back_is_not_opened_again(work, registry, server, ci, state):
    registry.register(0.7)
    ci("promote", "local")
    server.changes[0]["state"] = state
    assert f"was {state}" in ci("promote", "local")
    assert len(server.changes) == 1 and server.changes[0]["state"] == state


def test_the_branch_follows_settings_that_changed_meanwhile(work, registry, server, ci):
    registry.register(0.7)
    ci("promote", "local")
    work.push("Another region", work.on("main").replace("eu-west-1", "eu-north-1"))
    ci("promote", "local")
    assert "eu-north-1" in work.on("promote/local-1") and "{version: 1}" in work.on("promote/local-1")
    assert len(server.changes) == 1


def test_somebodys_commits_on_the_branch_are_left_alone(work, registry, server, ci):
    registry.register(0.7)
    ci("promote", "local")
    for words in (["fetch", "-q", "origin"], ["checkout", "-q", "-B", "mine", "origin/promote/local-1"]):
        subprocess.run(["git", *words], check=True)
    work.settings.write_text(work.on("promote/local-1") + "# and a word from me\n")
    work.commit("My own")
    subprocess.run(["git", "push", "-q", "origin", "HEAD:promote/local-1"], check=True)
    assert "the branch is left as it is" in ci("promote", "local")
    assert work.on("promote/local-1").endswith("# and a word from me\n")


@pytest.mark.parametrize("settings", [SERVED, SERVED.replace("1}", "3}")])
def test_nothing_to_promote_says_so_and_opens_nothing(work, registry, server, ci, settings):
    work.push("Served", settings)
    assert "No version of the model is approved" in ci("promote", "local")
    registry.register(0.7)
    assert "nothing to promote" in ci("promote", "local")
    assert work.branches() == ["main"] and server.changes == []


def test_settings_without_the_line_are_refused_before_anything_is_pushed(work, registry, server, ci):
    registry.register(0.7)
    work.push("Broken", "config:\n  flight-delays:model:\n    version: [1]\n")
    with pytest.raises(MlsteadError, match="cannot be read"):
        ci("promote", "local")
    assert work.branches() == ["main"]


def test_without_a_forge_it_prints_what_it_would_open(work, registry, ci):
    registry.register(0.7)
    said = ci("promote", "local")
    assert "Serve version 1 of the model in local" in said and "+ flight-delays:model: {version: 1}" in said
    assert work.branches() == ["main"] and not os.environ.get("GITHUB_ACTIONS")
