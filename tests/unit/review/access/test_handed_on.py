"""Roles handed to services, policies that others attach, and policies that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from access_lab import ACCOUNT, STRANGER, changes, document, grant, resource, role, statement, told

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.review.report import AccessKind

WEB, JOBS = role("web"), role("jobs")
UNREAD = "the policy shared may now allow anything: its policy cannot be read"


def function(by: ResourceState, name: str = "answers", **more: Any) -> ResourceState:
    return resource("aws:lambda/function:Function", f"flights-{name}", {"role": by.outputs["arn"]} | more)


def policy(written: Any, name: str = "shared") -> ResourceState:
    return resource("aws:iam/policy:Policy", f"flights-{name}", {"name": name, "policy": written},
                    f"arn:aws:iam::{ACCOUNT}:policy/{name}")


def test_a_new_resource_may_act_as_the_role_that_it_is_given() -> None:
    (found,) = changes([WEB], [WEB, function(WEB)])
    assert (found.kind, found.widens) == (AccessKind.PASS_ROLE, True)
    assert found.text == "the function answers may now act as web role"
    assert found.details == ("the function answers: role",)


def test_another_role_is_told_and_the_same_one_is_not() -> None:
    assert told([WEB, JOBS, function(JOBS)], [WEB, JOBS, function(WEB)]) == [
        "the function answers may now act as web role"]
    assert told([WEB, function(WEB)], [WEB, function(WEB, memorySize=512)]) == []


def test_a_role_that_is_replaced_is_no_news() -> None:
    other = role("web", physical="flights-web-ffffff0")
    assert told([WEB, function(WEB)], [other, function(other)]) == []


def test_what_takes_the_place_of_another_with_the_same_role_is_no_news_and_a_second_one_is() -> None:
    assert told([WEB, function(WEB, "one")], [WEB, function(WEB, "two")]) == []
    assert told([WEB, function(WEB, "one")], [WEB, function(WEB, "three"), function(WEB, "two")]) == [
        "the function two may now act as web role"]


def test_many_that_are_given_one_role_are_one_line() -> None:
    given = [function(WEB, name) for name in ("a1", "b1", "c1", "d1")]
    assert told([WEB], [WEB, *given]) == ["the function a1, the function b1 and 2 others may now act as web role"]


@pytest.mark.parametrize(("type_", "inputs", "said"), [
    ("aws:ec2/instance:Instance", {"iamInstanceProfile": "admins"}, "the instance x may now act as admins role"),
    ("aws:ec2/launchTemplate:LaunchTemplate", {"iamInstanceProfile": {"name": "admins"}},
     "the launch template x may now act as admins role"),
    ("aws:iam/instanceProfile:InstanceProfile", {"role": WEB.id}, "the instance profile x may now act as web role"),
    ("aws:ecs/taskDefinition:TaskDefinition", {"taskRoleArn": WEB.outputs["arn"]},
     "the task definition x may now act as web role"),
    ("aws:sagemaker/userProfile:UserProfile", {"userSettings": {"executionRole": WEB.outputs["arn"]}},
     "the user profile x may now act as web role"),
    ("aws:lambda/function:Function", {"role": UNKNOWN}, "the function x may now act as ⟨not known⟩ role"),
    ("aws:apigateway/integration:Integration", {"credentials": WEB.outputs["arn"]},
     "the integration x may now act as web role"),
    ("aws:scheduler/schedule:Schedule", {"target": {"roleArn": f"arn:aws:iam::{STRANGER}:role/theirs"}},
     f"the schedule x may now act as theirs role of account {STRANGER}"),
])
def test_a_role_is_found_wherever_a_resource_names_one(type_: str, inputs: dict[str, Any], said: str) -> None:
    assert said in told([WEB], [WEB, resource(type_, "x", inputs)])


@pytest.mark.parametrize("inputs", [
    {"environment": {"variables": {"ROLE_ARN": WEB.outputs["arn"]}}}, {"tags": {"role": WEB.outputs["arn"]}},
    {"userRole": "ADMIN"},
])
def test_a_role_that_is_only_mentioned_is_handed_to_nobody(inputs: dict[str, Any]) -> None:
    assert told([WEB], [WEB, resource("aws:lambda/function:Function", "x", inputs)]) == []


def test_a_policy_that_nothing_here_attaches_counts_for_whoever_has_it() -> None:
    narrow, wide = policy(document(statement())), policy(document(statement(["s3:GetObject", "s3:DeleteObject"])))
    (found,) = changes([WEB], [WEB, narrow])
    assert (found.text, found.widens) == ("whoever has the policy shared may now read curated/ of the lake", True)
    assert told([narrow], [wide]) == ["whoever has the policy shared may now delete curated/ of the lake"]
    assert [one[:2] for one in told([wide], [narrow])] == ["- "]
    assert told([narrow], [narrow]) == []


def test_a_policy_that_is_attached_here_or_bounds_is_told_as_before() -> None:
    shared = policy(document(statement()))
    by = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
        "role": WEB.id, "policyArn": shared.outputs["arn"]})
    assert told([WEB], [WEB, shared, by]) == ["web role may now read curated/ of the lake"]
    assert told([WEB, shared, by], [WEB, shared]) == ["- web role may no longer read curated/ of the lake"]
    assert told([WEB], [WEB, policy(document(statement()), "team-boundary")]) == []


@pytest.mark.parametrize("written", [
    UNKNOWN, "no policy", "{}", "[]", json.dumps({"statement": [statement()]}), document({"Effect": "Perhaps"}),
    document({"Effect": "Allow", "action": "*", "resource": "*"}), "⟨a policy⟩",
    document({"Effect": "Allow", "principal": "*", "Action": "*", "Resource": "*"}),
    json.dumps({"Statement": [], "statement": [statement()]}), json.dumps({"Statement": ["*"]}),
])
def test_a_policy_that_cannot_be_read_lets_in_whoever_it_may(written: Any) -> None:
    for before in ([WEB], [WEB, policy(document(statement()))]):
        assert UNREAD in told(before, [WEB, policy(written)])
    assert UNREAD not in told([policy(written)], [WEB, policy(written)])


def test_an_unreadable_policy_of_a_role_or_a_bucket_is_told() -> None:
    hidden = grant(to=WEB)
    hidden.inputs["policy"] = UNKNOWN
    assert told([WEB], [WEB, hidden]) == [
        "the role policy grant may now allow anything: its policy cannot be read"]
    bucket = resource("aws:s3/bucketPolicy:BucketPolicy", "site", {"bucket": "site", "policy": "{}"})
    assert told([WEB], [WEB, bucket]) == [
        "the bucket policy site may now allow anything: its policy cannot be read"]
    assert told([WEB], [WEB, resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", "x", {"policy": "{}"})]) == []
