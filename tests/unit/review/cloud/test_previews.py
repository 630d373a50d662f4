"""Pulumi's own previews, as the real engine printed them, joined to a review of the code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review import rendering
from mlstead_toolkit.review.cloud import with_previews
from mlstead_toolkit.review.report import CloudPlan, Difference, EnvironmentReview, ResourceChange, Review
from mlstead_toolkit.review.verdict import Verdict

RECORDED = Path(__file__).parent / "recorded"
BUCKET = "aws:s3/bucket:Bucket"


class Previews:
    """A folder of previews of the environment `local`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, recorded: str, name: str = "local.json") -> None:
        shutil.copy(RECORDED / f"{recorded}.json", self.folder / name)

    def edit(self, recorded: str, old: str, new: str) -> None:
        text = (RECORDED / f"{recorded}.json").read_text()
        assert old in text
        (self.folder / "local.json").write_text(text.replace(old, new))

    def join(self, *changes: ResourceChange, project: str = "tried") -> Review:
        one = EnvironmentReview("local", (Verdict.SAFE,), (), 10, changes=changes)
        return with_previews(Review(project, "main (1a2b3c4)", "this change", (one,)), self.folder)

    def cloud(self, *changes: ResourceChange) -> CloudPlan:
        found = self.join(*changes).environments[0].cloud
        assert found is not None
        return found


@pytest.fixture
def previews(tmp_path: Path) -> Previews:
    return Previews(tmp_path)


def names(changes: tuple[ResourceChange, ...]) -> dict[str, str]:
    return {change.name: change.operation.value for change in changes}


def test_an_empty_folder_changes_nothing_and_a_missing_one_is_refused(previews: Previews, tmp_path: Path) -> None:
    assert previews.join().environments[0].cloud is None
    previews.folder = tmp_path / "none"
    with pytest.raises(MlsteadError, match="no such folder"):
        previews.join()


def test_what_a_deployment_would_do_is_counted_and_told(previews: Previews) -> None:
    previews.put("changed")
    cloud = previews.cloud()
    assert cloud.summary == "1 to create, 3 to update, 1 to replace, 1 to delete, 5 unchanged"
    assert names(cloud.changes) == {"bucket": "update", "first": "delete", "log": "replace", "pair-topic": "update",
                                    "second": "create", "secret": "update"}
    (log,) = [change for change in cloud.changes if change.name == "log"]
    assert log.differences == (Difference("name", "/tried/1", "/tried/2", replaces=True),)
    (topic,) = [change for change in cloud.changes if change.name == "pair-topic"]
    assert topic.component == ("Pair pair",)


def test_what_the_code_says_already_is_not_told_again(previews: Previews) -> None:
    previews.put("changed")
    stage = ResourceChange(Operation.UPDATE, BUCKET, "bucket", (), (Difference("tags.stage", "1", "2"),))
    topic = ResourceChange(Operation.CREATE, "aws:sns/topic:Topic", "second")
    assert {"bucket", "second"}.isdisjoint(names(previews.cloud(stage, topic).changes))


def test_a_property_that_was_deployed_otherwise_than_the_base_says_is_told(previews: Previews) -> None:
    previews.put("changed")
    stage = ResourceChange(Operation.UPDATE, BUCKET, "bucket", (), (Difference("tags.stage", "0", "2"),))
    assert "bucket" in names(previews.cloud(stage).changes)


def test_a_stack_that_is_not_deployed_yet_is_said_so_and_not_listed(previews: Previews) -> None:
    previews.put("first")
    assert previews.cloud() == CloudPlan("nothing is deployed yet, 10 to create")


def test_drift_is_what_the_cloud_has_otherwise_than_the_state(previews: Previews) -> None:
    previews.put("nothing")
    previews.put("drifted", "local.drift.json")
    cloud = previews.cloud()
    assert (cloud.summary, cloud.changes) == ("10 unchanged; 3 drifted", ())
    assert names(cloud.drift) == {"gone": "delete", "kept": "update", "secret": "update"}
    (kept,) = [change for change in cloud.drift if change.name == "kept"]
    assert kept.differences == (Difference("retentionInDays", "30", "7"),)


def test_a_preview_in_the_place_of_a_refresh_is_no_drift(previews: Previews) -> None:
    previews.put("nothing")
    for recorded in ("changed", "planned-after-refresh"):
        previews.put(recorded, "local.drift.json")
        assert previews.cloud() == CloudPlan("10 unchanged; drift is not known: It is a preview, and no refresh.")


def test_every_form_shows_drift_but_the_findings_about_lines(previews: Previews) -> None:
    previews.put("nothing")
    previews.put("drifted", "local.drift.json")
    review = previews.join()
    for text in (rendering.markdown(review), rendering.html(review), json.dumps(rendering.as_json(review))):
        assert "drift" in text.lower() and "retentionInDays" in text


def test_nothing_secret_is_shown_whatever_pulumi_prints(previews: Previews) -> None:
    text = (RECORDED / "changed.json").read_text()
    plan = json.loads(text)
    (step,) = [step for step in plan["steps"] if step["urn"].endswith("::secret")]
    step["oldState"]["inputs"]["value"] = "swordfish"  # the program says it in clear; AWS's schema says it is secret
    step["newState"]["inputs"]["value"] = "pufferfish"
    (previews.folder / "local.json").write_text(json.dumps(plan))
    (secret,) = [change for change in previews.cloud().changes if change.name == "secret"]
    assert secret.differences == (Difference("value", "[secret]", "[secret]"),)
    assert "fish" not in rendering.markdown(previews.join()) + json.dumps(rendering.as_json(previews.join()))


def test_a_program_that_raises_is_why_there_is_no_preview_and_drift_stands(previews: Previews) -> None:
    previews.put("raised")
    previews.put("drifted", "local.drift.json")
    cloud = previews.cloud()
    assert (cloud.error, len(cloud.drift)) == ("ValueError: no", 3)


@pytest.mark.parametrize("text", [
    "", "{", "[]", '{"steps": [1]}', '{"steps": [{"op": "update", "urn": "x"}]}', '{"steps": 7}', "\x00", "[" * 100_000,
    '{"steps": [{"op": "update", "urn": "urn:pulumi:local::tried::a:b:C::d", "detailedDiff": {"": {"kind": "add"}}}]}',
    '{"steps": [{"op": "update", "urn": "urn:pulumi:local::tried::a:b:C::d", "newState": {"inputs": 1}}]}',
])
def test_a_broken_preview_is_said_and_the_review_goes_on(previews: Previews, text: str) -> None:
    (previews.folder / "local.json").write_text(text)
    assert previews.cloud().error
    previews.put("nothing")
    (previews.folder / "local.drift.json").write_text(text)
    assert "drift is not known" in previews.cloud().summary


@pytest.mark.parametrize(("old", "new"), [("::tried::", "::other::"), ("urn:pulumi:local::", "urn:pulumi:prod::")])
def test_a_preview_of_another_project_or_environment_is_refused(previews: Previews, old: str, new: str) -> None:
    previews.edit("changed", old, new)
    with pytest.raises(MlsteadError, match="not of tried in local"):
        previews.join()


def test_a_parent_that_is_its_own_parent_ends(previews: Previews) -> None:
    pair = "urn:pulumi:local::tried::tried:index:Pair::pair"
    previews.edit("changed", '"parent": "urn:pulumi:local::tried::pulumi:pulumi:Stack::tried-local"',
                  f'"parent": "{pair}"')
    assert previews.cloud().changes
