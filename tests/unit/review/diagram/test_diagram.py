"""What a change touches, drawn."""

import re

from changed_stack import BUCKET, ROLE, Resource, compared
from hypothesis import given, settings
from hypothesis import strategies as st

from mlstead_toolkit.review.changes import changes_of
from mlstead_toolkit.review.diagram import diagram_of
from mlstead_toolkit.review.diagram.mermaid import label
from mlstead_toolkit.review.report import AccessChange, AccessKind

MINUS = "\N{MINUS SIGN}"
PIPELINE = "aws:sagemaker/pipeline:Pipeline"
GAIN = AccessChange(AccessKind.GAINS, "training role", "training role may now read curated/ of the lake")


def drawn(*resources: Resource, access: tuple[AccessChange, ...] = ()) -> list[str]:
    comparison = compared(*resources)
    return [line.strip() for line in diagram_of(comparison, changes_of(comparison), access).splitlines()]


def changed(name: str, type_: str = BUCKET, **more: object) -> Resource:
    return Resource(name, type_, before={"a": 1}, after={"a": 2}, **more)  # type: ignore[arg-type]


def test_nothing_changed_draws_nothing() -> None:
    comparison = compared(Resource("one"))
    assert diagram_of(comparison, (), ()) == ""


def test_signs_and_classes_tell_what_happens_to_each() -> None:
    lines = drawn(Resource("new", before=None), changed("old"), Resource("gone", after=None),
                  changed("other", replaces=("a",)))
    assert {line for line in lines if re.match(r"r\d", line)} == {
        f'r0["{MINUS} Bucket<br/>gone"]:::deleted', 'r1["± Bucket<br/>other"]:::replaced',
        'r2["#43; Bucket<br/>new"]:::added', 'r3["~ Bucket<br/>old"]:::changed'}


def test_only_styles_that_are_used_are_written() -> None:
    styles = [line.split()[1] for line in drawn(changed("one")) if line.startswith("classDef")]
    assert styles == ["changed"]


def test_what_a_changed_resource_uses_and_what_uses_it_stands_beside_it() -> None:
    role = Resource("role", ROLE)
    pipeline = changed("pipeline", PIPELINE, needs={"roleArn": [role.urn]})
    rule = Resource("target", "aws:cloudwatch/eventTarget:EventTarget", needs={"arn": [pipeline.urn]})
    lines = drawn(role, pipeline, rule, Resource("far away"))
    assert 'r1["EventTarget<br/>target"]:::beside' in lines and 'r2["Role<br/>role"]:::beside' in lines
    assert "r0 --> r2" in lines and "r1 --> r0" in lines
    assert not any("far away" in line for line in lines)


def test_an_arrow_names_the_property_that_differs_and_no_other() -> None:
    role = Resource("role", ROLE)
    pipeline = Resource("pipeline", PIPELINE, before={"roleArn": "a"}, after={"roleArn": "b"},
                        needs={"roleArn": [role.urn]})
    assert 'r0 -->|"roleArn"| r1' in drawn(role, pipeline)


def test_changed_resources_stand_in_their_outermost_component() -> None:
    outer = Resource("data", "mlstead:index:DataPipeline", custom=False)
    inner = Resource("data-gate", "mlstead:index:ExecutionRole", custom=False, parent=outer.urn)
    lines = drawn(outer, inner, changed("data-gate", ROLE, parent=inner.urn), changed("lake"))
    assert lines[1:4] == ['subgraph g0["DataPipeline data"]', 'r1["~ Role<br/>data-gate"]:::changed', "end"]
    assert 'r0["~ Bucket<br/>lake"]:::changed' in lines


def test_providers_and_references_to_other_stacks_are_not_drawn() -> None:
    foundation = Resource("org/foundation/dev", "pulumi:pulumi:StackReference")
    assert not any("foundation" in line for line in drawn(foundation, changed("one", needs={"a": [foundation.urn]})))


def test_a_resource_that_goes_keeps_its_arrows_from_the_base() -> None:
    key = Resource("key", "aws:kms/key:Key")
    assert "r0 --> r1" in drawn(key, Resource("gone", after=None, needs={"kmsKeyId": [key.urn]}))


def test_of_many_changes_the_worst_are_drawn_and_the_others_counted() -> None:
    lines = drawn(*(changed(f"one-{number:02}") for number in range(40)), Resource("gone", after=None))
    assert sum(bool(re.match(r"r\d+\[", line)) for line in lines) == 25
    assert f'r0["{MINUS} Bucket<br/>gone"]:::deleted' in lines
    assert 'more["… 16 more changed resources"]:::beside' in lines


def test_neighbours_take_only_the_room_that_is_left() -> None:
    one = changed("one")
    others = [Resource(f"other-{number:02}", ROLE, needs={"bucket": [one.urn]}) for number in range(40)]
    assert sum(bool(re.match(r"r\d+\[", line)) for line in drawn(one, *others)) == 25


def test_who_gains_access_is_drawn_with_what_he_may_do_now() -> None:
    lines = drawn(changed("one"), access=(GAIN,))
    assert 'p0(["training role"]):::access' in lines
    assert 'a0["#43; read curated/ of the lake"]:::access' in lines and 'p0 -.->|"may now"| a0' in lines


def test_who_loses_access_is_not_drawn() -> None:
    lost = AccessChange(AccessKind.LOSES, "training role", "training role may no longer read it", widens=False)
    assert not any("training role" in line for line in drawn(changed("one"), access=(lost,)))


def test_a_diagram_is_the_same_however_the_resources_are_ordered() -> None:
    role = Resource("role", ROLE)
    parts = [role, changed("a", needs={"roleArn": [role.urn]}), changed("b", needs={"roleArn": [role.urn]})]
    assert drawn(*parts) == drawn(*reversed(parts))


def test_a_label_holds_no_syntax() -> None:
    assert label('a "b" [c] {d} <e> `f` #g; |h|') == (
        '"a #34;b#34; #91;c#93; #123;d#125; #60;e#62; #96;f#96; #35;g#59; #124;h#124;"')


def test_no_line_of_a_label_begins_a_list() -> None:
    assert label("+ a", "- b", "1. c", "2) d", "* e") == (
        '"#43; a<br/>#45; b<br/>1#46; c<br/>2#41; d<br/>#42; e"')


def test_no_line_of_a_label_is_code_or_a_link() -> None:
    assert label("~~~", "http://x", "www.x") == '"#126;#126;#126;<br/>http#58;//x<br/>www#46;x"'


def test_a_long_label_is_shortened() -> None:
    assert len(label("x" * 500)) < 70


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_whatever_a_name_holds_its_label_is_one_quoted_line(name: str) -> None:
    written = label(name)
    inside = re.sub(r"#\d+;", "", written[1:-1])
    assert written[0] == written[-1] == '"' and not re.search(r'["\n\r\[\]{}<>`|#;&*_\\]', inside)
