"""The cloud and the state drift apart: refresh, a new cloud, and what a preview says of it."""

from __future__ import annotations

import pytest
from engine_lab import Lab, operations, step

from mlstead_toolkit.engine import DeploymentFailed


def test_refresh_takes_over_what_the_cloud_says_and_up_puts_it_right(lab: Lab) -> None:
    lab.up('Thing("a", {"size": 1})\nThing("b")')
    lab.thing("a")["inputs"]["size"] = lab.thing("a")["outputs"]["size"] = 9
    with lab.session() as session:
        plan = session.refresh()[0]
    assert operations(plan) == {"a": "refresh"}
    assert [(change.path, change.before, change.after) for change in step(plan, "a").changes] == [("size", 1, 9)]
    assert lab.resource("a")["outputs"]["size"] == 9
    assert operations(lab.up()) == {"a": "update", "b": "same"}
    assert lab.thing("a")["inputs"]["size"] == 1


def test_refresh_forgets_what_is_gone_and_up_makes_it_again(lab: Lab) -> None:
    lab.up('a = Thing("a")\nThing("b", {"of": a.arn})')
    del lab.cloud.things[lab.resource("a")["id"]]
    with lab.session() as session:
        session.refresh()
    assert not any(urn.endswith("::a") for urn in lab.resources_left())
    assert operations(lab.up()) == {"a": "create", "b": "update"}


def test_up_with_refresh_mends_drift_in_one_go(lab: Lab) -> None:
    lab.up('Thing("a", {"size": 1})')
    lab.thing("a")["inputs"]["size"] = 9
    assert "update" in {str(item.operation) for item in lab.up(refresh=True).steps}
    assert lab.thing("a")["inputs"]["size"] == 1


def test_a_preview_with_refresh_shows_drift_and_writes_nothing(lab: Lab) -> None:
    lab.up('Thing("a", {"size": 1})')
    lab.thing("a")["inputs"]["size"] = 9
    before = lab.state_file.read_bytes()
    assert "update" in {str(item.operation) for item in lab.preview(refresh=True).steps}
    assert lab.state_file.read_bytes() == before


def test_in_a_new_cloud_everything_is_made_again_and_nothing_believed(lab: Lab) -> None:
    lab.up('a = Thing("a", opts=O(protect=True))\nThing("b", {"of": a.arn})')
    lab.cloud.things.clear()
    lab.cloud.identity = "cloud-2"
    assert operations(lab.preview()) == {"a": "create", "b": "create"}
    assert operations(lab.up()) == {"a": "create", "b": "create"}
    assert len(lab.cloud.things) == 2
    assert lab.up().changes == []
    assert "read" not in {operation for operation, _ in lab.cloud.calls}


def test_in_a_new_cloud_that_has_some_of_it_only_the_rest_is_made(lab: Lab) -> None:
    lab.up('Thing("a")\nThing("b")')
    del lab.cloud.things[lab.resource("a")["id"]]
    lab.cloud.identity = "cloud-2"
    assert operations(lab.up()) == {"a": "create", "b": "same"}


def test_destroy_in_a_new_cloud_has_nothing_to_delete(lab: Lab) -> None:
    lab.up('Thing("a")')
    lab.cloud.things.clear()
    lab.cloud.identity = "cloud-2"
    lab.destroy()
    assert lab.cloud.names("delete") == []
    assert [urn for urn in lab.resources_left() if "Thing" in urn] == []


def test_what_cannot_be_read_stops_the_run_before_it_changes_anything(lab: Lab) -> None:
    lab.up('Thing("a", {"size": 1})')
    lab.cloud.refuse = {("read", lab.resource("a")["id"])}
    with pytest.raises(DeploymentFailed, match="refused to read"):
        lab.up('Thing("a", {"size": 2})', refresh=True)
    assert lab.cloud.changes() == []
    assert lab.resource("a")["inputs"]["size"] == 1
