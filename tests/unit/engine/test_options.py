"""Every resource option does what Pulumi says it does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from engine_lab import Lab, operations, step

from mlstead_toolkit.engine import DeploymentFailed, ProtectedResources, Session, StackSource


def test_protect_stops_the_deletion_of_what_was_renamed_and_the_plan_still_shows_it(lab: Lab) -> None:
    lab.up('Thing("lake", opts=O(protect=True))')
    with pytest.raises(DeploymentFailed) as caught:
        lab.preview('Thing("pond", opts=O(protect=True))')
    assert operations(caught.value.plans[0]) == {"pond": "create", "lake": "delete"}
    assert "protected" in str(caught.value)
    with pytest.raises(DeploymentFailed):
        lab.up()
    assert "delete" not in {operation for operation, _ in lab.cloud.calls}


def test_protect_stops_a_replacement(lab: Lab) -> None:
    lab.up('Thing("a", {"fixed": 1}, O(protect=True))')
    with pytest.raises(DeploymentFailed, match="protected"):
        lab.up('Thing("a", {"fixed": 2}, O(protect=True))')
    assert lab.cloud.changes() == []


def test_a_preview_predicts_what_would_follow_a_replacement_that_protection_refuses(lab: Lab) -> None:
    program = 'a = Thing("a", {{"fixed": {0}}}, O(protect=True))\nThing("b", {{"size": {0}}}, O(depends_on=[a]))'
    lab.up(program.format(1))
    with pytest.raises(DeploymentFailed, match="protected") as caught:
        lab.preview(program.format(2))
    assert operations(caught.value.plans[0]) == {"a": "replace", "b": "update"}
    assert [failure.protected for failure in caught.value.failures] == [True]


def test_protection_is_inherited_from_the_parent(lab: Lab) -> None:
    lab.up('g = Group("g", O(protect=True))\nThing("a", opts=O(parent=g))')
    assert lab.resource("a")["protect"] is True


def test_destroy_names_everything_protected_before_it_touches_anything(lab: Lab) -> None:
    lab.up('Thing("a", opts=O(protect=True))\nThing("b", opts=O(protect=True))\nThing("c")')
    with pytest.raises(ProtectedResources) as caught:
        lab.destroy()
    assert sorted(urn.rsplit("::", 1)[-1] for urn in caught.value.urns) == ["a", "b"]
    assert lab.cloud.changes() == []
    lab.destroy(unprotect=True)
    assert lab.cloud.things == {}


def test_protection_alone_is_no_change_of_the_resource_but_is_recorded(lab: Lab) -> None:
    lab.up('Thing("a")')
    plan = lab.up('Thing("a", opts=O(protect=True))')
    assert operations(plan) == {"a": "same"}
    assert lab.resource("a")["protect"] is True


def test_ignored_changes_are_ignored_and_the_others_are_not(lab: Lab) -> None:
    lab.up('Thing("a", {"size": 1, "tags": {"x": "1", "y": "1"}})')
    options = 'O(ignore_changes=["size", "tags.x"])'
    plan = lab.up(f'Thing("a", {{"size": 2, "tags": {{"x": "2", "y": "1"}}}}, {options})')
    assert operations(plan) == {"a": "same"}
    lab.up(f'Thing("a", {{"size": 2, "tags": {{"x": "2", "y": "2"}}}}, {options})')
    assert lab.thing("a")["inputs"]["tags"] == {"x": "1", "y": "2"}
    assert lab.thing("a")["inputs"]["size"] == 1


def test_replace_on_changes_replaces_what_would_be_updated(lab: Lab) -> None:
    lab.up('Thing("a", {"rules": [{"id": 1, "size": 1}]})')
    plan = lab.up('Thing("a", {"rules": [{"id": 1, "size": 2}]}, O(replace_on_changes=["rules[*].size"]))')
    assert operations(plan) == {"a": "replace"}


def test_delete_before_replace_reverses_the_order_of_a_replacement(lab: Lab) -> None:
    lab.up('Thing("a", {"fixed": 1}, O(delete_before_replace=True))')
    lab.up('Thing("a", {"fixed": 2}, O(delete_before_replace=True))')
    assert lab.cloud.changes() == [("delete", "a"), ("create", "a")]


def test_delete_before_replace_can_be_refused_where_the_provider_would_want_it(lab: Lab) -> None:
    lab.up('Thing("a", {"exclusive": 1})')
    lab.up('Thing("a", {"exclusive": 2}, O(delete_before_replace=False))')
    assert lab.cloud.changes() == [("create", "a"), ("delete", "a")]


def test_what_is_retained_is_forgotten_but_not_deleted(lab: Lab) -> None:
    lab.up('Thing("a", opts=O(retain_on_delete=True))\nThing("b")')
    lab.up('Thing("b")')
    assert lab.cloud.changes() == []
    assert len(lab.cloud.things) == 2
    assert not any(urn.endswith("::a") for urn in lab.resources_left())


def test_what_is_deleted_with_another_is_not_deleted_itself(lab: Lab) -> None:
    lab.up('a = Thing("a")\nThing("b", {"of": a.arn}, O(deleted_with=a))\nThing("c")')
    lab.up('Thing("c")')
    assert lab.cloud.names("delete") == ["a"]


def test_what_is_deleted_with_another_is_made_again_with_it(lab: Lab) -> None:
    lab.up('a = Thing("a", {"fixed": 1})\nThing("b", opts=O(deleted_with=a))')
    plan = lab.up('a = Thing("a", {"fixed": 2})\nThing("b", opts=O(deleted_with=a))')
    assert operations(plan) == {"a": "replace", "b": "replace"}
    assert lab.cloud.names("delete") == ["a"]


def test_what_is_replaced_with_another_is_replaced_with_it(lab: Lab) -> None:
    lab.up('a = Thing("a", {"fixed": 1})\nThing("b", opts=O(replace_with=[a]))')
    plan = lab.up('a = Thing("a", {"fixed": 2})\nThing("b", opts=O(replace_with=[a]))')
    assert operations(plan) == {"a": "replace", "b": "replace"}
    assert sorted(lab.cloud.names("delete")) == ["a", "b"]


def test_a_changed_replacement_trigger_replaces(lab: Lab) -> None:
    lab.up('Thing("a", opts=O(replacement_trigger="one"))')
    assert operations(lab.up()) == {"a": "same"}
    assert operations(lab.up('Thing("a", opts=O(replacement_trigger="two"))')) == {"a": "replace"}


@pytest.mark.parametrize(("former", "alias"), [
    ('Thing("old")', 'pulumi.Alias(name="old")'),
    ('Thing("new", kind="aws:x/was:Was")', 'pulumi.Alias(type_="aws:x/was:Was")'),
    ('Thing("new", opts=O(parent=Group("g")))', 'pulumi.Alias(parent=g)'),
    ('Thing("old")', '"urn:pulumi:local::demo::aws:x/thing:Thing::old"'),
])
def test_an_alias_keeps_what_has_another_name_type_or_parent_now(lab: Lab, former: str, alias: str) -> None:
    lab.up(former)
    made = list(lab.cloud.things)
    plan = lab.up(f'g = Group("g")\nThing("new", opts=O(aliases=[{alias}]))')
    assert operations(plan)["new"] == "same"
    assert lab.cloud.changes() == []
    assert lab.resource("new")["id"] == made[0]
    assert lab.up().changes == []


def test_an_alias_says_that_something_had_no_parent(lab: Lab) -> None:
    lab.up('Thing("a")')
    alias = "pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)"
    plan = lab.up(f'g = Group("g")\nThing("a", opts=O(parent=g, aliases=[{alias}]))')
    assert operations(plan)["a"] == "same"
    assert lab.cloud.changes() == []


def test_the_children_of_a_renamed_component_follow_it(lab: Lab) -> None:
    lab.up('g = Group("old")\nt = Thing("old-t", opts=O(parent=g))\nThing("z", {"of": t.arn})')
    plan = lab.up("""
        g = Group("new", O(aliases=[pulumi.Alias(name="old")]))
        t = Thing("new-t", opts=O(parent=g))
        Thing("z", {"of": t.arn})
    """)
    assert operations(plan) == {"new": "same", "new-t": "same", "z": "same"}
    assert lab.cloud.changes() == []
    assert lab.resource("new-t")["parent"] == lab.resource("new")["urn"]


def test_import_takes_over_what_exists_and_makes_it_as_the_program_says(lab: Lab) -> None:
    lab.cloud.things["precious"] = {"type": "aws:x/thing:Thing", "urn": "::p",
                                    "inputs": {"name": "precious", "size": 1},
                                    "outputs": {"name": "precious", "size": 1, "arn": "arn:precious"}}
    plan = lab.up('Thing("p", {"name": "precious", "size": 1}, O(import_="precious"))')
    assert [str(item.operation) for item in plan.steps if item.name == "p"] == ["import"]
    assert lab.cloud.changes() == []
    assert lab.resource("p")["id"] == "precious"
    lab.up('Thing("p", {"name": "precious", "size": 2}, O(import_="precious"))')
    assert lab.cloud.changes() == [("update", "p")]


def test_importing_what_is_not_there_is_an_error_that_names_the_id(lab: Lab) -> None:
    with pytest.raises(DeploymentFailed, match="nowhere"):
        lab.preview('Thing("p", opts=O(import_="nowhere"))')


def test_getters_read_and_never_change(lab: Lab) -> None:
    lab.cloud.things["old"] = {"type": "aws:x/thing:Thing", "urn": "::o", "inputs": {"name": "old"},
                               "outputs": {"name": "old", "arn": "arn:old"}}
    program = 'a = Thing("a", opts=O(id="old"))\nThing("b", {"of": a.arn})'
    assert operations(lab.up(program)) == {"a": "read", "b": "create"}
    assert lab.cloud.received["b"]["of"] == "arn:old"
    assert lab.resource("a")["external"] is True
    lab.destroy()
    assert list(lab.cloud.things) == ["old"]


def test_getting_what_is_not_there_is_an_error_that_names_the_line(lab: Lab) -> None:
    with pytest.raises(DeploymentFailed) as caught:
        lab.preview('Thing("a", opts=O(id="nowhere"))')
    assert "nowhere" in str(caught.value)
    assert "__main__.py:" in str(caught.value)


def test_custom_timeouts_reach_the_provider_in_seconds(lab: Lab) -> None:
    lab.up('Thing("a", opts=O(custom_timeouts=pulumi.CustomTimeouts(create="1m30s")))')
    assert lab.cloud.timeouts["a"] == 90.0
    assert lab.resource("a")["customTimeouts"] == {"create": 90.0}


def test_the_default_provider_is_configured_from_the_settings_of_its_package(lab: Lab) -> None:
    lab.write('Thing("a")', settings="config:\n  aws:region: eu-north-1\n  aws:defaultTags: {tags: {team: ml}}\n")
    lab.up()
    assert lab.cloud.configurations[0] == ("aws", {"region": "eu-north-1", "defaultTags": {"tags": {"team": "ml"}}})


def test_an_explicit_provider_serves_what_names_it_and_the_children_of_what_does(lab: Lab) -> None:
    lab.up("""
        p = Provider("p", {"region": "us-east-1"})
        g = Group("g", O(providers=[p]))
        Thing("a", opts=O(provider=p))
        Thing("b", opts=O(parent=g))
        Thing("c")
    """)
    provider = lab.resource("p")
    reference = f"{provider['urn']}::{provider['id']}"
    assert lab.resource("a")["provider"] == lab.resource("b")["provider"] == reference
    assert "::default" in lab.resource("c")["provider"]
    assert {tuple(sorted(settings.items())) for _, settings in lab.cloud.configurations} == {
        (("region", "us-east-1"),), (("region", "eu-west-1"),)}


def test_another_region_of_a_provider_replaces_what_is_in_it(lab: Lab) -> None:
    lab.up('p = Provider("p", {"region": "us-east-1"})\nThing("a", opts=O(provider=p))')
    lab.write('p = Provider("p", {"region": "us-east-2"})\nThing("a", opts=O(provider=p))')
    assert operations(lab.preview()) == {"p": "replace", "a": "replace"}
    assert operations(lab.up()) == {"p": "replace", "a": "replace"}
    assert len(lab.cloud.things) == 1
    assert lab.up().changes == []


def test_another_setting_of_a_provider_changes_it_alone(lab: Lab) -> None:
    lab.up('p = Provider("p", {"region": "r", "profile_name": "x"})\nThing("a", opts=O(provider=p))')
    plan = lab.up('p = Provider("p", {"region": "r", "profile_name": "y"})\nThing("a", opts=O(provider=p))')
    assert operations(plan) == {"p": "update", "a": "same"}


def test_settings_given_with_a_source_stand_in_place_of_the_file_s(lab: Lab) -> None:
    directory = lab.write('Thing("a", {"word": pulumi.Config().require("word")})',
                          settings="config:\n  aws:region: eu-north-1\n  demo:word: written\n")
    source = StackSource(directory, "local", Path(sys.executable), {"aws:region": "us-east-1"})
    with Session([source], home=lab.home, provider=lab.cloud.factory) as session:
        (plan,) = session.up()
    assert lab.cloud.configurations[0] == ("aws", {"region": "us-east-1"})
    assert [step.inputs["word"] for step in plan.steps if step.name == "a"] == ["written"]


def test_a_new_provider_can_be_configured_by_outputs_that_a_preview_does_not_know(lab: Lab) -> None:
    program = 'x = Thing("x")\np = Provider("p", {"region": x.arn})\nThing("a", opts=O(provider=p))'
    assert operations(lab.preview(program)) == {"x": "create", "p": "create", "a": "create"}
    assert operations(lab.up()) == {"x": "create", "p": "create", "a": "create"}


def test_resource_transforms_change_what_is_registered(lab: Lab) -> None:
    lab.up("""
        def tagged(args):
            return pulumi.ResourceTransformResult({**args.props, "tag": "t"}, args.opts)
        def guarded(args):
            return pulumi.ResourceTransformResult(args.props, O.merge(args.opts, O(protect=True)))
        pulumi.runtime.register_resource_transform(tagged)
        g = Group("g", O(transforms=[guarded]))
        Thing("a")
        Thing("b", opts=O(parent=g))
    """)
    assert lab.cloud.received["a"]["tag"] == lab.cloud.received["b"]["tag"] == "t"
    assert lab.resource("b")["protect"] is True
    assert "protect" not in lab.resource("a")


def test_a_failing_transform_is_told_with_its_own_message(lab: Lab) -> None:
    with pytest.raises(DeploymentFailed, match="too bad"):
        lab.preview("""
            def broken(args):
                raise ValueError("too bad")
            Thing("a", opts=O(transforms=[broken]))
        """)


def test_invoke_transforms_change_what_is_asked(lab: Lab) -> None:
    plan = lab.up("""
        def more(args):
            return pulumi.InvokeTransformResult({**args.args, "more": 1}, args.opts)
        pulumi.runtime.register_invoke_transform(more)
        pulumi.export("echo", pulumi.runtime.invoke_output("aws:x/get:get", {"q": 1}).apply(lambda r: r["echo"]))
    """)
    assert plan.outputs["echo"] == {"q": 1, "more": 1}


def test_invokes_answer_and_those_on_unknowns_wait_for_up(lab: Lab) -> None:
    program = """
        a = Thing("a")
        pulumi.export("now", pulumi.runtime.invoke("aws:x/get:get", {"q": 1}).value["q"])
        pulumi.export("later", pulumi.runtime.invoke_output("aws:x/get:get", {"q": a.arn}).apply(lambda r: r["q"]))
    """
    from mlstead_toolkit.engine import UNKNOWN

    planned = lab.preview(program).outputs
    assert planned["now"] == 1
    assert planned["later"] is UNKNOWN
    assert lab.up().outputs["later"] == lab.thing("a")["outputs"]["arn"]


def test_a_failing_invoke_is_told_with_the_providers_message(lab: Lab) -> None:
    with pytest.raises(DeploymentFailed, match="the cloud said no") as caught:
        lab.preview('pulumi.runtime.invoke("aws:x/get:fails", {})')
    assert "()" not in str(caught.value)


@pytest.mark.parametrize(("program", "named"), [
    ('import pulumi.dynamic as d\nclass P(d.ResourceProvider):\n    pass\n'
     'class D(d.Resource):\n    def __init__(self): super().__init__(P(), "d", {})\nD()', "dynamic provider"),
    ('class R(pulumi.ComponentResource):\n    def __init__(self): super().__init__("x:y:R", "r", {}, None, True)\nR()',
     "remote component"),
    ('def h(args): pass\nThing("a", opts=O(hooks=pulumi.ResourceHookBinding(before_create=[h])))', "hook"),
])
def test_what_the_engine_does_not_run_it_refuses_by_name(lab: Lab, program: str, named: str) -> None:
    lab.write(program)
    with pytest.raises(DeploymentFailed, match=named):
        lab.preview()


def test_the_first_error_of_a_check_does_not_hide_the_others(lab: Lab) -> None:
    with pytest.raises(DeploymentFailed) as caught:
        lab.preview('Thing("a", {"badSize": 1, "badTag": 1})\nThing("b", {"badName": 1})\nThing("c")')
    assert {failure.message.split(":")[0] for failure in caught.value.failures} == {"badSize", "badTag", "badName"}
    assert step(caught.value.plans[0], "c")


def test_assets_are_compared_by_their_content(lab: Lab) -> None:
    directory = lab.write('Thing("a", {"file": pulumi.FileAsset("data.txt"), "text": pulumi.StringAsset("x")})')
    (directory / "data.txt").write_text("one")
    lab.up()
    assert lab.cloud.received["a"]["file"].path == str(directory / "data.txt")
    assert operations(lab.up()) == {"a": "same"}
    (directory / "data.txt").write_text("two")
    assert operations(lab.up()) == {"a": "update"}


def test_archives_are_compared_by_their_content(lab: Lab) -> None:
    directory = lab.write("""
        Thing("a", {"code": pulumi.AssetArchive({"x.txt": pulumi.StringAsset("x"), "d": pulumi.FileArchive("folder")})})
    """)
    (directory / "folder").mkdir()
    (directory / "folder" / "f.txt").write_text("one")
    lab.up()
    assert operations(lab.up()) == {"a": "same"}
    (directory / "folder" / "f.txt").write_text("two")
    assert operations(lab.up()) == {"a": "update"}


def test_a_missing_asset_is_an_error_that_names_the_file(lab: Lab) -> None:
    with pytest.raises(DeploymentFailed, match=r"missing\.txt"):
        lab.preview('Thing("a", {"file": pulumi.FileAsset("missing.txt")})')
