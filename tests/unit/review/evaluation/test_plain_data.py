"""The comparison as data: the same bytes each time, no secret in it, no path of the machine."""

from __future__ import annotations

from evaluation_lab import LINES, SETTINGS, Lab

from mlstead_toolkit.engine.values import Secret, walk
from mlstead_toolkit.review.comparison import Comparison

MANY = """
groups = [Group(f"group-{{number}}") for number in range(4)]
keys = [Key(f"key-{{number}}", O(parent=groups[number % 4]), tags={{"b": "2", "a": "{owner}", "c": "3"}})
        for number in range(12)]
for number, key in enumerate(keys):
    Parameter(f"parameter-{{number}}", key.arn, O(depends_on=keys[:number]))
pulumi.export("arns", {{f"key-{{number}}": key.arn for number, key in enumerate(keys)}})
"""
HIDDEN = "correct-horse-battery"


def test_two_evaluations_are_equal_to_the_byte(lab: Lab) -> None:
    one, other = (repr(lab.change(MANY.format(owner="us"), MANY.format(owner="them"))) for _ in range(2))
    assert one == other


def test_every_resource_comes_after_what_it_refers_to(lab: Lab) -> None:
    found = lab.change(MANY.format(owner="us"), MANY.format(owner="us"))
    assert found.after is not None
    seen: set[str] = set()
    for state in found.after.resources:
        assert seen.issuperset(state.references())
        seen.add(state.urn)


def test_no_secret_is_in_what_is_told(lab: Lab) -> None:
    program = f"""
    Parameter("plain", pulumi.Output.secret("{HIDDEN}{{tail}}"), type="SecureString")
    pulumi.export("password", pulumi.Output.secret("{HIDDEN}"))
    """
    found = lab.change(program.format(tail="1"), program.format(tail="2"))
    assert found.after is not None
    assert found.after.outputs == {"password": "[secret]"}
    (state,) = [one for one in found.after.resources if one.urn.endswith("::plain")]
    assert isinstance(state.inputs["value"], Secret)
    assert HIDDEN not in repr(found)


def test_sealed_settings_stay_sealed_and_need_no_passphrase(lab: Lab) -> None:
    settings = {"dev": f"encryptionsalt: v1:abc:v1:def\n{SETTINGS}  demo:token:\n    secure: v1:nobody:can=read\n"}
    program = 'Parameter("token", pulumi.Config().require_secret("token"), type="SecureString")'
    for side in ("base", "head"):
        lab.write(side, program, settings)
    (found,) = lab.compare()
    assert not found.problems
    assert found.after is not None
    (state,) = [one for one in found.after.resources if one.urn.endswith("::token")]
    assert state.inputs["value"] == Secret("[secret]")


def test_no_path_of_the_machine_and_no_time_is_in_it(lab: Lab) -> None:
    program = """
    bucket = Bucket("raw")
    Thing("aws:s3/bucketObjectv2:BucketObjectv2", "page", {
        "bucket": bucket.id, "key": "page", "source": pulumi.FileAsset("page.txt")})
    """
    for side in ("base", "head"):
        (lab.write(side, program) / "page.txt").write_text(side)
    (found,) = lab.compare()
    assert not found.problems
    assert str(lab.folder) not in repr(found)
    assert "infra/page.txt" in repr(found)
    assert found.after is not None
    assert {one.created + one.modified for one in found.after.resources} == {""}


def test_nothing_is_kept_on_disk(lab: Lab) -> None:
    lab.change('Bucket("raw")', 'Bucket("raw")')
    home = lab.folder / "home"
    assert not [file for name in (".pulumi", "journals", "targets") for file in home.glob(f"{name}/**/*")]


def test_a_child_is_placed_where_the_program_makes_its_component(lab: Lab) -> None:
    found = lab.change('Bucket("gone")', """
    class Lake(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("lab:index:Lake", name)
            Bucket(f"{name}-raw", O(parent=self))
    Bucket("alone")
    Lake("lake")
    """)
    assert _placed(found) == {"alone": f"infra/__main__.py:{LINES + 5}", "lake": f"infra/__main__.py:{LINES + 6}",
                              "lake-raw": f"infra/__main__.py:{LINES + 6}",
                              "gone": f"infra/__main__.py:{LINES + 1}"}


def test_symbols_are_in_texts_alone(lab: Lab) -> None:
    found = lab.change('Key("k")', 'Key("k")')
    assert found.after is not None
    for state in found.after.resources:
        assert all(isinstance(value, str) for value in walk(state.outputs) if "⟨" in str(value) and
                   not isinstance(value, (dict, list)))


def _placed(comparison: Comparison) -> dict[str, str]:
    return {urn.rsplit("::", 1)[-1]: place for urn, place in comparison.places.items()}
