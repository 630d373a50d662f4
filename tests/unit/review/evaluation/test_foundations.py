"""Who answers a program that reads the foundation's outputs."""

from __future__ import annotations

from evaluation_lab import SETTINGS, Lab, operations, resource

from mlstead_toolkit.engine.plan import Operation

NAME = "organization/mlstead-foundation/dev"
READER = """
foundation = pulumi.StackReference("{name}")
Parameter("vpc", foundation.get_output("vpc"))
"""
PROGRAM = READER.format(name=NAME)


def test_each_side_is_answered_by_what_it_has_checked_in(lab: Lab) -> None:
    lab.foundations = {"base": {"dev": {"vpc": "vpc-1"}}, "head": {"dev": {"vpc": "vpc-2"}}}
    found = lab.change(PROGRAM, PROGRAM)
    assert resource(found.before, "vpc")["value"] == "vpc-1"
    assert resource(found.after, "vpc")["value"] == "vpc-2"
    assert operations(found)["vpc"] is Operation.UPDATE
    assert found.after is not None and found.after.references == {NAME: {"vpc": "vpc-2"}}
    assert not found.notes


def test_one_sides_foundation_answers_for_both_and_a_note_says_so(lab: Lab) -> None:
    lab.foundations = {"head": {"dev": {"vpc": "vpc-2"}}}
    found = lab.change(PROGRAM, PROGRAM)
    assert resource(found.before, "vpc")["value"] == "vpc-2"
    assert operations(found)["vpc"] is Operation.SAME
    (note,) = found.notes
    assert "checked in on the head side alone" in note


def test_mlsteads_own_foundation_stands_in_where_none_is_checked_in(lab: Lab) -> None:
    program = """
    foundation = pulumi.StackReference("organization/mlstead-foundation/dev")
    Parameter("key", foundation.get_output("operations_key_arn"))
    """
    found = lab.change(program, program)
    assert not found.problems
    assert resource(found.after, "key")["value"] == "arn:aws:kms:eu-west-1:⟨account⟩:key/⟨operations-key⟩"
    assert operations(found)["key"] is Operation.SAME
    (note,) = found.notes
    assert "mlstead outputs <environment> --foundation" in note


def test_a_foundation_of_another_name_is_known_by_the_setting(lab: Lab) -> None:
    lab.foundations = {"base": {"dev": {"vpc": "vpc-1"}}, "head": {"dev": {"vpc": "vpc-1"}}}
    settings = {"dev": f"{SETTINGS}  demo:foundation: acme/ground/dev\n"}
    for side in ("base", "head"):
        lab.write(side, READER.format(name="acme/ground/dev"), settings)
    (found,) = lab.compare()
    assert not found.problems
    assert resource(found.after, "vpc")["value"] == "vpc-1"


def test_another_stack_is_refused_by_name(lab: Lab) -> None:
    found = lab.change('Bucket("raw")', READER.format(name="acme/network/dev"))
    assert "reads the stack network/dev" in found.problems[0].message


def test_a_program_that_reads_no_foundation_hears_nothing_of_one(lab: Lab) -> None:
    assert not lab.change('Bucket("raw")', 'Bucket("raw")').notes
