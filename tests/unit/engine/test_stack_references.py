"""Stacks that build on each other."""

from __future__ import annotations

import pytest
from engine_lab import Lab, operations, step

from mlstead_toolkit.engine import UNKNOWN, DeploymentFailed, stacks_referring_to

BASE = 'a = Thing("a", {"size": 1})\npulumi.export("arn", a.arn)\npulumi.export("n", 1)\n' \
       'pulumi.export("key", pulumi.Output.secret("the-key-itself"))'
USER = 'base = pulumi.StackReference("organization/base/local")\n' \
       'Thing("u", {"arn": base.require_output("arn"), "n": base.get_output("n"), "key": base.get_output("key")})'


def write(lab: Lab) -> None:
    lab.write(BASE, project="base")
    lab.write(USER, project="user")


def test_a_preview_sees_the_planned_outputs_of_the_stack_before(lab: Lab) -> None:
    write(lab)
    with lab.session("base", "user") as session:
        plans = session.preview()
    assert step(plans[1], "u").inputs["arn"] is UNKNOWN
    with lab.session("base", "user") as session:
        session.up()
    lab.write(BASE.replace('"n", 1', '"n", 2'), project="base")
    with lab.session("base", "user") as session:
        assert step(session.preview()[1], "u").inputs["n"] == 2


def test_up_hands_real_outputs_on_and_keeps_secrets_secret(lab: Lab) -> None:
    write(lab)
    with lab.session("base", "user") as session:
        plans = session.up()
    assert lab.cloud.received["u"]["arn"] == lab.thing("a")["outputs"]["arn"]
    assert lab.cloud.received["u"]["key"] == "the-key-itself"
    assert step(plans[1], "u").inputs["key"] == "[secret]"
    assert "the-key-itself" not in (lab.home / ".pulumi/stacks/user/local.json").read_text()


def test_a_stack_alone_reads_the_state_of_the_other(lab: Lab) -> None:
    write(lab)
    with lab.session("base") as session:
        session.up()
    with lab.session("user") as session:
        session.up()
        assert operations(session.up()[0])["u"] == "same"
    assert lab.cloud.received["u"]["n"] == 1


def test_a_stack_that_is_not_there_is_an_error_with_the_fix(lab: Lab) -> None:
    write(lab)
    with pytest.raises(DeploymentFailed, match="mlstead up local"), lab.session("user") as session:
        session.preview()


def test_an_output_that_is_not_there_is_an_error_that_names_it(lab: Lab) -> None:
    lab.write(BASE, project="base")
    lab.write('pulumi.StackReference("organization/base/local").require_output("nothing")', project="user")
    with pytest.raises(DeploymentFailed, match="nothing"), lab.session("base", "user") as session:
        session.up()


def test_the_stacks_that_refer_to_one_are_known(lab: Lab) -> None:
    write(lab)
    with lab.session("base", "user") as session:
        session.up()
    assert stacks_referring_to(lab.home, "base", "local") == [("user", "local")]
    assert stacks_referring_to(lab.home, "user", "local") == []


def test_destroy_goes_from_the_last_stack_to_the_first(lab: Lab) -> None:
    write(lab)
    with lab.session("base", "user") as session:
        session.up()
        session.destroy()
    assert lab.cloud.names("delete") == ["u", "a"]


def test_a_stack_whose_foundation_fails_is_not_begun(lab: Lab) -> None:
    write(lab)
    lab.cloud.refuse = {("create", "a")}
    with pytest.raises(DeploymentFailed), lab.session("base", "user") as session:
        session.up()
    assert lab.cloud.names("create") == ["a"]
