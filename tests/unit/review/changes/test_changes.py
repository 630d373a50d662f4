"""What a reviewer reads of each changed resource."""

import json
from typing import Any

from changed_stack import BUCKET, ROLE, STACK, Resource, compared
from hypothesis import given, settings
from hypothesis import strategies as st

from mlstead_toolkit.engine.plan import Operation, PropertyChange
from mlstead_toolkit.engine.values import UNKNOWN, Asset, Secret
from mlstead_toolkit.review.changes import changes_of
from mlstead_toolkit.review.changes.property import differences_of
from mlstead_toolkit.review.report import Difference, ResourceChange

PIPELINE = "aws:sagemaker/pipeline:Pipeline"


def differences(before: object, after: object, path: str = "setting") -> tuple[Difference, ...]:
    (change,) = changes_of(compared(Resource("one", before={path: before}, after={path: after})))
    return change.differences


def test_nothing_changed_gives_nothing() -> None:
    assert changes_of(compared(Resource("one"), Resource("two", before={"a": [1]}, after={"a": [1]}))) == ()


def test_a_new_and_a_deleted_resource_are_told_without_their_properties() -> None:
    found = changes_of(compared(Resource("new", before=None), Resource("old", before={"a": 1}, after=None)))
    assert [(one.operation, one.name, one.differences) for one in found] == [
        (Operation.CREATE, "new", ()), (Operation.DELETE, "old", ())]


def test_a_resource_is_told_with_the_components_around_it_and_the_line_that_makes_it() -> None:
    outer = Resource("data", "mlstead:index:DataPipeline", custom=False)
    inner = Resource("data-gate", "mlstead:index:ExecutionRole", custom=False, parent=outer.urn)
    role = Resource("data-gate", ROLE, before={"path": "/a/"}, after={"path": "/b/"}, parent=inner.urn)
    (change,) = changes_of(compared(outer, inner, role))
    assert change.component == ("DataPipeline data", "ExecutionRole data-gate")
    assert change.place == "infra/__main__.py:12"


def test_components_the_stack_and_providers_are_no_rows_of_their_own() -> None:
    component = Resource("data", "mlstead:index:DataPipeline", {"tag": "a"}, {"tag": "b"}, custom=False)
    provider = Resource("default", "pulumi:providers:aws", {"version": "7.1"}, {"version": "7.2"})
    assert changes_of(compared(component, provider)) == ()


def test_a_provider_is_told_where_it_alone_changes() -> None:
    (change,) = changes_of(compared(
        Resource("default", "pulumi:providers:aws", {"region": "eu-west-1"}, {"region": "eu-west-2"})))
    assert change.differences == (Difference("region", "eu-west-1", "eu-west-2"),)


def test_a_name_that_an_alias_ties_to_another_is_told_with_both() -> None:
    (change,) = changes_of(compared(Resource("new-name", old_name="old-name", before={"a": 1}, after={"a": 2})))
    assert (change.operation, change.name, change.old_name) == (Operation.UPDATE, "new-name", "old-name")


def test_a_rename_that_an_alias_covers_and_that_changes_nothing_gives_nothing() -> None:
    assert changes_of(compared(Resource("new-name", old_name="old-name"))) == ()


def test_what_forces_a_replacement_is_marked_and_its_order_told() -> None:
    (change,) = changes_of(compared(Resource(
        "one", before={"name": "a", "tag": "x"}, after={"name": "b", "tag": "y"}, replaces=("name",),
        delete_before_replace=True)))
    assert (change.operation, change.delete_before_replace) == (Operation.REPLACE, True)
    assert [(one.path, one.replaces) for one in change.differences] == [("name", True), ("tag", False)]


def test_protection_taken_off_is_told_though_no_property_changes() -> None:
    (change,) = changes_of(compared(Resource("one", protected=(True, False))))
    assert change == ResourceChange(Operation.UPDATE, BUCKET, "one", place="infra/__main__.py:10",
                                    differences=(Difference("option protect", "true", "false"),))


def test_the_order_of_the_steps_does_not_show() -> None:
    parts = [Resource(name, type_, before={"a": 1}, after={"a": 2}) for type_ in (BUCKET, ROLE) for name in ("b", "a")]
    found = changes_of(compared(*parts))
    assert [(one.type, one.name) for one in found] == sorted((one.type, one.name) for one in found)


def test_a_property_is_one_line_in_plain_words() -> None:
    assert differences("ml.m5.large", "ml.m5.xlarge") == (Difference("setting", "ml.m5.large", "ml.m5.xlarge"),)


def test_a_property_that_appears_or_goes_has_one_side_alone() -> None:
    assert differences(None, "a") == (Difference("setting", "", "a"),)
    assert differences("a", None) == (Difference("setting", "a", ""),)


def test_a_number_and_its_text_are_told_apart() -> None:
    assert differences(1, "1") == (Difference("setting", "1", '"1"'),)


def test_long_values_show_where_they_differ() -> None:
    (found,) = differences("x" * 150 + "-old", "x" * 150 + "-new")
    assert found.before.endswith("x-old") and found.after.endswith("x-new") and len(found.before) <= 100


def test_parts_of_a_block_are_a_line_each() -> None:
    assert differences([{"name": "a", "size": 1, "type": "x"}], [{"name": "a", "size": 2, "type": "y"}]) == (
        Difference("setting[a].size", "1", "2"), Difference("setting[a].type", "x", "y"))


def test_an_element_that_joins_a_list_of_values_is_told_alone() -> None:
    assert differences(["subnet-a", "subnet-b"], ["subnet-b", "subnet-c", "subnet-a"]) == (
        Difference("setting", "", "subnet-c"),)


def test_another_order_of_a_list_shows_both() -> None:
    assert differences({"a": ["x", "y"]}, {"a": ["y", "x"]}) == (
        Difference("setting.a", '["x", "y"]', '["y", "x"]'),)


def test_a_long_block_that_is_new_is_told_leaf_by_leaf() -> None:
    block = {"rules": [{"id": f"rule-{number}", "days": 30, "status": "Enabled"} for number in range(5)]}
    (found,) = differences(None, block)
    assert "+ rules[4].id: rule-4" in found.lines


def test_a_secret_stays_one_and_the_unknown_is_said_to_be_so() -> None:
    (found,) = differences(Secret("one"), Secret("two"))
    assert (found.before, found.after) == ("[secret]", "[secret]")
    (found,) = differences("arn:old", UNKNOWN)
    assert found.after == "known after the deployment"


def test_a_file_is_told_by_its_name_and_digest_never_by_the_place_where_it_lies() -> None:
    (found,) = differences(Asset(path="/home/ann/job.py", hash="a" * 64), Asset(path="/home/bob/job.py", hash="b" * 64))
    assert (found.before, found.after) == (f"job.py (SHA-256 {'a' * 12})", f"job.py (SHA-256 {'b' * 12})")


def test_a_json_document_is_compared_by_path() -> None:
    (found,) = differences(json.dumps({"source": ["aws.s3"], "detail": {"size": 1}}),
                           json.dumps({"detail": {"size": 2}, "source": ["aws.s3", "aws.ecr"]}))
    assert found.lines == ("+ source: aws.ecr", "~ detail.size: 1 → 2")


def test_a_document_that_only_looks_different_says_so() -> None:
    (found,) = differences('{"a": 1, "b": 2}', '{"b":2,"a":1}')
    assert found.lines == ("  only its wording differs",)


def test_a_long_text_shows_the_lines_that_differ() -> None:
    text = [f"line {number}" for number in range(40)]
    (found,) = differences("\n".join(text), "\n".join([*text[:20], "another", *text[21:]]))
    assert (found.before, found.after) == ("40 lines", "40 lines")
    assert found.lines == ("  line 19", "- line 20", "+ another", "  line 21")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=8) | st.sampled_from(["a" * 250, "a\nb", "[1]"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "Name", "a", "b.c"]), inner),
    max_leaves=12)


@settings(max_examples=150, deadline=None)
@given(before=JSON, after=JSON, text=st.booleans())
def test_whatever_differs_gives_a_line_and_nothing_else_does(before: Any, after: Any, text: bool) -> None:
    if text:
        before, after = json.dumps(before), json.dumps(after)
    found = differences_of(PropertyChange("setting", "update", before, after))
    shown = [one for one in found if one.before != one.after or one.lines]
    assert bool(shown) == (repr(before) != repr(after)) or before == after


def test_a_reason_that_lies_in_no_property_is_said_in_words() -> None:
    import dataclasses

    from mlstead_toolkit.engine import property_change

    comparison = compared(Resource("one", before={"a": 1}, after={"a": 2}))
    (step,) = comparison.steps
    step = dataclasses.replace(step, operation=Operation.REPLACE, changes=property_change.because("provider"))
    (change,) = changes_of(dataclasses.replace(comparison, steps=(step,)))
    assert change.differences == (
        Difference("provider", "", "", True, ("  its provider is another, or has another configuration",)),)


def test_what_follows_a_replacement_is_said_by_the_resource_and_not_by_made_up_digits() -> None:
    model = Resource("model", "aws:sagemaker/model:Model", before={"name": "shop-1111111", "image": "a"},
                     after={"name": "shop-2222222", "image": "b"}, replaces=("image",), automatic=("name",))
    user = Resource("user", before={"model": "shop-1111111", "text": '{"a": "arn:shop-1111111"}'},
                    after={"model": "shop-2222222", "text": '{"a": "arn:shop-2222222"}'})
    follows = changes_of(compared(model, user))[0]
    assert follows.differences[0] == Difference("model", "⟨old Model model⟩", "⟨new Model model⟩")
    assert follows.differences[1].lines == ("~ a: arn:⟨old Model model⟩ → arn:⟨new Model model⟩",)


def test_a_name_that_the_program_gives_is_said_itself() -> None:
    bucket = Resource("lake", before={"bucket": "shop-a"}, after={"bucket": "shop-b"}, replaces=("bucket",))
    user = Resource("user", ROLE, before={"place": "shop-a"}, after={"place": "shop-b"})
    assert changes_of(compared(bucket, user))[0].differences == (Difference("place", "shop-a", "shop-b"),)


def test_a_component_below_the_stack_has_no_component_itself() -> None:
    (change,) = changes_of(compared(Resource("one", before={"a": 1}, after={"a": 2}, parent=STACK)))
    assert change.component == ()


def test_the_environments_own_account_is_written_alike_everywhere_and_anothers_is_not() -> None:
    def topic(account: str) -> dict[str, str]:
        return {"arn": f"arn:aws:sns:eu-west-1:{account}:alarms"}

    own, other = "111122223333", "999988887777"
    made = Resource("alarms", "aws:sns/topic:Topic", outputs=(topic(own), topic(own)))
    arns = Resource("one", before={"a": f"arn:aws:kms::{own}:key/x", "b": own}, after={"a": other, "b": f"{own}0"})
    (change,) = changes_of(compared(made, arns))
    assert [(one.before, one.after) for one in change.differences] == [
        ("arn:aws:kms::⟨account⟩:key/x", other), ("⟨account⟩", f"{own}0")]


def test_an_account_that_one_side_alone_has_is_a_difference() -> None:
    def topic(account: str) -> dict[str, str]:
        return {"arn": f"arn:aws:sns:eu-west-1:{account}:alarms"}

    made = Resource("alarms", "aws:sns/topic:Topic", {"kind": "111122223333"}, {"kind": "999988887777"},
                    outputs=(topic("111122223333"), topic("999988887777")))
    (change,) = changes_of(compared(made))
    assert (change.differences[0].before, change.differences[0].after) == ("111122223333", "999988887777")
