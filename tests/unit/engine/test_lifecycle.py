"""Create, same, update, replace, delete: what a program's resources become, and what the state says."""

from __future__ import annotations

import pytest
from engine_lab import Lab, operations, step

from mlstead_toolkit.engine import UNKNOWN, DeploymentFailed, Operation, PropertyChange, StepFinished, StepStarted


def test_a_new_program_is_created_in_the_order_of_its_dependencies(lab: Lab) -> None:
    plan = lab.up("""
        a = Thing("a", {"size": 1})
        b = Thing("b", {"of": a.arn})
        c = Thing("c", {"of": b.arn})
    """)
    assert operations(plan) == {"a": "create", "b": "create", "c": "create"}
    assert lab.cloud.names("create") == ["a", "b", "c"]
    assert lab.cloud.received["b"]["of"] == lab.thing("a")["outputs"]["arn"]
    assert lab.resource("b")["propertyDependencies"] == {"of": [lab.resource("a")["urn"]]}


def test_a_second_up_changes_nothing_and_asks_for_nothing(lab: Lab) -> None:
    program = 'a = Thing("a", {"tags": {"x": "1"}})\nThing("b", {"of": a.id})'
    lab.up(program)
    before = lab.state_file.read_bytes()
    plan = lab.up()
    assert operations(plan) == {"a": "same", "b": "same"}
    assert plan.changes == []
    assert lab.cloud.changes() == []
    assert lab.state_file.read_bytes() == before


def test_one_changed_tag_is_one_update_that_names_it(lab: Lab) -> None:
    lab.up('Thing("a", {"tags": {"x": "1", "y": "2"}})\nThing("b")')
    plan = lab.up('Thing("a", {"tags": {"x": "3", "y": "2"}})\nThing("b")')
    assert operations(plan) == {"a": "update", "b": "same"}
    assert step(plan, "a").changes == (PropertyChange("tags.x", "update", "1", "3"),)
    assert lab.cloud.changes() == [("update", "a")]
    assert lab.resource("a")["inputs"]["tags"] == {"x": "3", "y": "2"}


def test_a_replacement_makes_the_new_one_before_the_old_one_goes(lab: Lab) -> None:
    lab.up('a = Thing("a", {"fixed": 1})\nThing("b", {"of": a.arn})')
    old = lab.resource("a")["id"]
    plan = lab.up('a = Thing("a", {"fixed": 2})\nThing("b", {"of": a.arn})')
    assert operations(plan) == {"a": "replace", "b": "update"}
    assert step(plan, "a").changes[0].replaces
    assert lab.cloud.changes() == [("create", "a"), ("update", "b"), ("delete", "a")]
    assert lab.resource("a")["id"] != old
    assert old not in lab.cloud.things


def test_what_cannot_stand_beside_itself_is_deleted_first_with_what_hangs_on_it(lab: Lab) -> None:
    lab.up('a = Thing("a", {"exclusive": 1})\nb = Thing("b", {"fixed": a.arn})\nThing("c", {"of": a.arn})')
    plan = lab.up('a = Thing("a", {"exclusive": 2})\nb = Thing("b", {"fixed": a.arn})\nThing("c", {"of": a.arn})')
    assert operations(plan) == {"a": "replace", "b": "replace", "c": "update"}
    assert step(plan, "a").delete_before_replace
    changes = lab.cloud.changes()
    assert changes[:3] == [("delete", "b"), ("delete", "a"), ("create", "a")]
    assert sorted(changes[3:]) == [("create", "b"), ("update", "c")]
    assert len(lab.cloud.things) == 3


def test_what_the_program_leaves_out_is_deleted_in_reverse_order(lab: Lab) -> None:
    lab.up('a = Thing("a")\nb = Thing("b", {"of": a.arn})\nc = Thing("c", {"of": b.arn})\nThing("d")')
    plan = lab.up('Thing("d")')
    assert operations(plan) == {"d": "same", "c": "delete", "b": "delete", "a": "delete"}
    assert lab.cloud.names("delete") == ["c", "b", "a"]
    assert len(lab.cloud.things) == 1


def test_a_failed_program_deletes_nothing(lab: Lab) -> None:
    lab.up('Thing("a")\nThing("b")')
    with pytest.raises(DeploymentFailed) as caught:
        lab.up('Thing("a")\nraise ValueError("no luck")')
    assert "ValueError: no luck" in str(caught.value)
    assert lab.cloud.changes() == []
    assert len(lab.cloud.things) == 2


def test_a_preview_touches_neither_cloud_nor_state(lab: Lab) -> None:
    plan = lab.preview('a = Thing("a")\nThing("b", {"of": a.arn})\npulumi.export("arn", a.arn)')
    assert operations(plan) == {"a": "create", "b": "create"}
    assert step(plan, "b").inputs["of"] is UNKNOWN
    assert plan.outputs == {"arn": UNKNOWN}
    assert lab.cloud.calls == []
    assert not (lab.home / ".pulumi").exists()


def test_a_preview_says_what_up_then_does(lab: Lab) -> None:
    lab.up('a = Thing("a", {"fixed": 1})\nThing("b", {"size": 1})\nThing("gone")\nThing("kept")')
    lab.write('a = Thing("a", {"fixed": 2})\nThing("b", {"size": 2})\nThing("new")\nThing("kept")')
    with lab.session() as session:
        planned = operations(session.preview()[0])
        done = operations(session.up()[0])
    assert planned == done == {"a": "replace", "b": "update", "gone": "delete", "kept": "same", "new": "create"}


def test_a_program_is_run_anew_for_preview_and_up_of_one_session(lab: Lab) -> None:
    directory = lab.write('import part\nThing("a", {"size": part.SIZE})')
    (directory / "part.py").write_text("SIZE = 1\n")
    with lab.session() as session:
        session.preview()
        (directory / "part.py").write_text("SIZE = 22\n")
        session.up()
    assert lab.cloud.received["a"]["size"] == 22


def test_components_carry_outputs_and_their_children_name_them(lab: Lab) -> None:
    plan = lab.up("""
        group = Group("g")
        inner = Thing("t", {"size": 1}, O(parent=group))
        group.register_outputs({"arn": inner.arn})
    """)
    urn = lab.resource("t")["urn"]
    assert urn == "urn:pulumi:local::demo::lab:index:Group$aws:x/thing:Thing::t"
    assert lab.resource("g")["outputs"]["arn"] == lab.thing("t")["outputs"]["arn"]
    assert step(plan, "t").parent == lab.resource("g")["urn"]
    assert not step(plan, "g").custom


def test_depending_on_a_component_is_depending_on_its_children(lab: Lab) -> None:
    lab.up("""
        group = Group("g")
        Thing("child", opts=O(parent=group))
        Thing("after", opts=O(depends_on=[group]))
    """)
    assert lab.cloud.names("create") == ["child", "after"]
    assert lab.resource("child")["urn"] in lab.resource("after")["dependencies"]


def test_what_does_not_depend_on_each_other_runs_at_once_up_to_the_limit(lab: Lab) -> None:
    lab.cloud.delay, lab.parallel = 0.05, 4
    lab.up('[Thing(f"t{i}") for i in range(12)]')
    assert lab.cloud.most_at_once == 4


def test_every_change_is_told_as_it_begins_and_ends(lab: Lab) -> None:
    lab.up('Thing("a", {"lingers": True})')
    lab.destroy()
    told = [event for event in lab.events if isinstance(event, (StepStarted, StepFinished)) and event.step.custom]
    assert [type(event) for event in told] == [StepStarted, StepFinished]
    assert told[1].step.operation is Operation.DELETE
    assert told[1].note == "stays for seven days"
    assert told[1].seconds >= 0


def test_types_that_exist_nowhere_are_named_as_declared_only(lab: Lab) -> None:
    lab.cloud.declared = {"aws:x/ghost:Ghost"}
    plan = lab.up('Thing("a")\nThing("b", kind="aws:x/ghost:Ghost")')
    assert [item.name for item in plan.steps if item.declared_only] == ["b"]


def test_destroy_deletes_all_in_reverse_order_without_running_the_program(lab: Lab) -> None:
    directory = lab.write('a = Thing("a")\nThing("b", {"of": a.arn})')
    lab.up()
    (directory / "__main__.py").write_text("raise SystemExit('must not run')")
    plan = lab.destroy()
    assert lab.cloud.names("delete") == ["b", "a"]
    assert {item.operation for item in plan.changes} == {Operation.DELETE}
    assert lab.resources_left() == []


def test_a_name_that_was_made_up_stays_until_the_resource_is_replaced(lab: Lab) -> None:
    lab.up('Thing("a", {"size": 1})')
    name = lab.resource("a")["inputs"]["name"]
    lab.up('Thing("a", {"size": 2})')
    assert lab.resource("a")["inputs"]["name"] == name
    lab.up('Thing("a", {"size": 2, "fixed": 1})')
    assert lab.resource("a")["inputs"]["name"] != name


def test_the_same_name_twice_is_an_error_that_names_the_line(lab: Lab) -> None:
    with pytest.raises(DeploymentFailed) as caught:
        lab.preview('Thing("a")\nThing("a")')
    assert "named 'a'" in str(caught.value)
    assert "__main__.py:" in str(caught.value)
