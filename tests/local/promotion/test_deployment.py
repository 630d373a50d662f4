"""Which image a deployment runs, how long its commits took, and whether what is deployed answers."""

import json

import pytest
import yaml

from mlstead.errors import MlsteadError

DIGEST = "sha256:" + "0123456789abcdef" * 4


def image(work):
    return yaml.safe_load(work.settings.read_text())["config"]["flight-delays:image"]


def test_the_image_is_one_line_and_the_rest_of_the_file_stays(work, registry, ci):
    before, commit = work.settings.read_text().splitlines(), work.commit("Second")
    ci("image", "local", "--tag", commit, "--digest", DIGEST)
    after = work.settings.read_text().splitlines()
    assert image(work) == {"tag": commit, "digest": DIGEST}
    assert [number for number, line in enumerate(after) if line != before[number]] == [3]
    assert after[3].endswith("# what jobs run")


def test_a_tag_of_digits_stays_a_text(work, registry, ci):
    ci("image", "local", "--tag", "1234567")
    assert image(work) == {"tag": "1234567"}


def test_the_image_that_is_deployed_is_written_as_it_is(work, registry, ci):
    registry.says(image_tag="1f2e3d4", image_digest=DIGEST)
    ci("image", "local", "--as-deployed")
    assert image(work) == {"tag": "1f2e3d4", "digest": DIGEST}
    kept = work.settings.read_text()
    registry.says(image_tag="1f2e3d4", image_digest=DIGEST)
    assert "already" in ci("image", "local", "--as-deployed") and work.settings.read_text() == kept


def test_where_nothing_is_deployed_the_settings_stay(work, registry, ci):
    kept = work.settings.read_text()
    registry.says()
    assert "No image is deployed in local yet" in ci("image", "local", "--as-deployed")
    assert work.settings.read_text() == kept


@pytest.mark.parametrize(("words", "says"), [
    (["--tag", "-x"], "no tag"), (["--tag", "a b"], "no tag"), (["--tag", 'a"}'], "no tag"),
    (["--tag", "a", "--digest", "sha256:12"], "no digest"), (["--tag", "a", "--digest", DIGEST.upper()], "no digest"),
])
def test_what_is_no_image_is_refused_and_nothing_is_written(work, registry, ci, words, says):
    kept = work.settings.read_text()
    with pytest.raises(MlsteadError, match=says):
        ci("image", "local", *words)
    assert work.settings.read_text() == kept


def test_the_lead_time_counts_from_the_commit_that_was_deployed_before(work, registry, ci, tmp_path, monkeypatch):
    registry.says(image_tag=work.commit("Deployed"))
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-11-01T12:00:00Z")
    oldest = work.commit("Oldest")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-11-11T12:00:00Z")
    ci("image", "local", "--tag", work.commit("Newest"), "--digest", DIGEST)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    found = json.loads(ci("lead-time", "local", "--json"))
    assert found["commits"] == 2
    assert found["longest_seconds"] - found["median_seconds"] == pytest.approx(5 * 86400, abs=2)
    said = ci("lead-time", "local")
    assert "the median of 2 commits" in said and f"{oldest[:9]} Oldest" in said
    assert (tmp_path / "summary.md").read_text().count("**") == 4


@pytest.mark.parametrize("since", ["0" * 40, "f" * 40, "v1.0"])
def test_a_first_deployment_counts_the_one_commit(work, ci, since):
    work.commit("Second")
    assert json.loads(ci("lead-time", "local", "--since", since, "--json"))["commits"] == 1


def test_deploying_the_same_again_has_no_lead_time(work, ci):
    found = json.loads(ci("lead-time", "local", "--since", "HEAD", "--json"))
    assert (found["commits"], found["median_seconds"]) == (0, None)
    assert "no commit is new" in ci("lead-time", "local", "--since", "HEAD")


def test_an_earlier_deployment_whose_tag_is_no_commit_is_forgotten(work, registry, ci):
    registry.says(image_tag=work.commit("Deployed"))
    ci("image", "local", "--tag", work.commit("Second"))
    registry.says(image_tag="0.1.0")
    ci("image", "local", "--tag", work.commit("Third"))
    assert json.loads(ci("lead-time", "local", "--json"))["commits"] == 1


def test_without_a_model_there_is_nothing_to_ask(work, registry, ci):
    assert "No model is promoted in local yet" in ci("smoke", "local")
    assert json.loads(ci("smoke", "local", "--json"))["model_version"] is None


def test_a_promoted_model_without_an_endpoint_is_told(work, registry, ci):
    work.settings.write_text(work.settings.read_text().replace("model: none", "model: {version: 1}"))
    registry.says(endpoint_name="flight-delays-local", endpoint_served_version=1)
    with pytest.raises(MlsteadError, match="name a model, and there is no endpoint"):
        ci("smoke", "local")


@pytest.mark.parametrize(("answer", "problem"), [
    ({}, "no object"), ([0.2], "no object"), ({"probability": float("nan")}, "no number"),
    ({"probability": 1.2}, "from 0 to 1"), ("late", "no object"),
])
def test_an_answer_that_is_no_prediction_fails(answer, problem):
    from mlstead_toolkit.cli.ci_smoke import _check_answer

    with pytest.raises(MlsteadError, match=problem):
        _check_answer("e", answer)


def test_a_comment_and_an_issue_are_printed_where_there_is_no_forge(work, ci, tmp_path):
    text = tmp_path / "review.md"
    text.write_text("## Review\n**safe**\n")
    assert "**safe**" in ci("comment", str(text)) and "**safe**" in ci("issue", "Drift", str(text))


def test_a_comment_goes_to_the_change_that_is_named(work, server, ci, tmp_path):
    text = tmp_path / "review.md"
    text.write_text("**safe**\n")
    with pytest.raises(MlsteadError, match="runs for no"):
        ci("comment", str(text))
    assert "is made" in ci("comment", str(text), "--number", "12")
    assert server.comments[0]["of"] == 12


def test_an_issue_is_opened_and_resolved(work, server, ci, tmp_path):
    text = tmp_path / "drift.md"
    text.write_text("a bucket\n")
    assert "is opened" in ci("issue", "Drift in local", str(text), "--marker", "drift-local")
    assert "is closed" in ci("issue", "Drift in local", "--marker", "drift-local", "--resolved")
    assert "no open issue" in ci("issue", "Drift in local", "--marker", "drift-local", "--resolved")
    assert server.issues[0]["state"] == "closed" and "Resolved" in server.comments[0]["body"]


@pytest.mark.parametrize(("content", "marker", "says"), [
    (None, "review", "cannot be read"), ("  \n", "review", "is empty"), ("x", "Re view", "is no marker")])
def test_a_text_that_is_not_there_is_told(work, ci, tmp_path, content, marker, says):
    text = tmp_path / "review.md"
    if content is not None:
        text.write_text(content)
    with pytest.raises(MlsteadError, match=says):
        ci("comment", str(text), "--marker", marker)
