"""Policies are compared by what they say."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlstead_toolkit.engine.plan import PropertyChange
from mlstead_toolkit.review.changes.policy import is_policy, policy_lines
from mlstead_toolkit.review.changes.property import differences_of

READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": "arn:aws:s3:::lake/*"}
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::lake/*"}
TLS = {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::lake/*",
       "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def test_a_new_statement_is_what_it_allows() -> None:
    assert policy_lines(policy(READ), policy(WRITE, READ)) == (
        "+ allows s3:PutObject on arn:aws:s3:::lake/* (Write)",)


def test_a_statement_that_goes_is_what_it_denied_to_whom_and_if() -> None:
    assert policy_lines(policy(READ, TLS), policy(READ)) == (
        "- denies s3:* on arn:aws:s3:::lake/* to anybody if aws:SecureTransport is false (Tls)",)


def test_an_action_that_joins_a_statement_is_told_alone() -> None:
    more = READ | {"Action": ["s3:ListBucket", "s3:GetObjectVersion", "s3:GetObject"]}
    assert policy_lines(policy(READ), policy(more)) == (
        "+ allows s3:GetObjectVersion on arn:aws:s3:::lake/* (Read)",)


def test_a_resource_that_joins_a_statement_is_told_with_all_that_it_lets_do() -> None:
    more = READ | {"Resource": ["arn:aws:s3:::lake/*", "arn:aws:s3:::raw/*"]}
    assert policy_lines(policy(READ), policy(more)) == (
        "+ allows s3:GetObject, s3:ListBucket on arn:aws:s3:::raw/* (Read)",)


def test_a_condition_that_changes_shows_what_it_was_and_is() -> None:
    old = WRITE | {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1", "aws:SourceAccount": "123456789012"}}}
    new = WRITE | {"Condition": {"StringEquals": {"aws:SourceVpce": ["vpce-2", "vpce-1"],
                                                  "aws:SourceAccount": "123456789012"}}}
    assert policy_lines(policy(old), policy(new)) == (
        "  allows s3:PutObject on arn:aws:s3:::lake/* (Write)",
        "- only if aws:SourceVpce is vpce-1",
        "+ only if aws:SourceVpce is vpce-1 or vpce-2",
    )


def test_a_condition_that_goes_is_told_as_gone() -> None:
    assert policy_lines(policy(WRITE | {"Condition": {"Null": {"aws:PrincipalTag/team": "false"}}}), policy(WRITE)) == (
        "  allows s3:PutObject on arn:aws:s3:::lake/* (Write)",
        "- only if aws:PrincipalTag/team is there",
    )


def test_a_trust_policy_names_whom_it_trusts() -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    wider = trust | {"Principal": {"Service": "sagemaker.amazonaws.com", "AWS": "arn:aws:iam::123456789012:root"}}
    assert policy_lines(policy(trust), policy(wider)) == ("+ allows sts:AssumeRole to account 123456789012",)


def test_everything_but_is_said_so() -> None:
    but = {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "NotResource": "arn:aws:s3:::lake/*"}
    assert policy_lines(None, policy(but)) == (
        "+ denies everything but iam:*, sts:* on everything but arn:aws:s3:::lake/*",)


def test_another_version_is_told_since_variables_mean_another_thing() -> None:
    assert policy_lines(policy(READ) | {"Version": "2008-10-17"}, policy(READ)) == (
        "- version 2008-10-17", "+ version 2012-10-17")


@pytest.mark.parametrize(("old", "new"), [
    ([READ, WRITE], [WRITE, READ]),
    ([WRITE], [WRITE | {"Action": ["S3:putobject"], "Resource": ["arn:aws:s3:::lake/*"]}]),
    ([READ], [READ | {"Sid": "Another"}]),
    ([READ], [READ | {"Action": "s3:GetObject"}, READ | {"Action": "s3:ListBucket"}]),
    ([READ], [READ, READ]),
    ([TLS], [TLS | {"Condition": {"Bool": {"AWS:securetransport": False}}}]),
    ([TLS], [TLS | {"Principal": {"AWS": "*"}}]),
    ([TLS | {"Principal": {"AWS": "123456789012"}}],
     [TLS | {"Principal": {"AWS": ["arn:aws:iam::123456789012:root"]}}]),
], ids=["order", "lists and case", "sid", "split", "twice", "condition", "everybody", "account"])
def test_what_means_the_same_gives_no_lines(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    assert policy_lines(policy(*old), policy(*new)) == ()


def test_a_policy_that_means_the_same_is_said_to_be_worded_otherwise() -> None:
    (found,) = differences_of(PropertyChange("policy", "update", json.dumps(policy(READ, WRITE)),
                                             json.dumps(policy(WRITE, READ), indent=1)))
    assert found.lines == ("  only its wording differs",)


def test_a_policy_says_how_many_statements_it_has() -> None:
    (found,) = differences_of(PropertyChange("policy", "update", json.dumps(policy(READ)),
                                             json.dumps(policy(READ, WRITE))))
    assert (found.before, found.after) == ("1 statement", "2 statements")


def test_a_policy_that_nobody_can_read_is_compared_as_a_document() -> None:
    odd = policy(READ | {"Condition": "none"})
    (found,) = differences_of(PropertyChange("policy", "update", json.dumps(policy(READ)), json.dumps(odd)))
    assert found.lines == ("+ Statement[Read].Condition: none",)


def test_a_document_without_effects_is_no_policy() -> None:
    assert not is_policy({"Statement": [{"Action": "s3:*"}]})
    assert not is_policy({"Statement": []})


NAMES = st.lists(st.sampled_from(["s3:GetObject", "s3:PutObject", "kms:Decrypt", "logs:*"]), min_size=1, max_size=3)
PLACES = st.lists(st.sampled_from(["*", "arn:aws:s3:::lake", "arn:aws:s3:::lake/*"]), min_size=1, max_size=3)
PEOPLE = st.sampled_from(["*", {"Service": "sagemaker.amazonaws.com"}, {"AWS": ["123456789012", "210987654321"]}])
TESTS = st.sampled_from([
    {}, {"StringEquals": {"aws:SourceAccount": ["1", "2"]}}, {"Bool": {"aws:SecureTransport": "true"}}])
STATEMENTS = st.lists(st.fixed_dictionaries({
    "Effect": st.sampled_from(["Allow", "Deny"]), "Action": NAMES, "Resource": PLACES, "Principal": PEOPLE,
    "Condition": TESTS}), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(statements=STATEMENTS, data=st.data())
def test_no_shuffle_of_a_policy_gives_a_line(statements: list[dict[str, Any]], data: st.DataObject) -> None:
    shuffled = copy.deepcopy(data.draw(st.permutations(statements)))
    for number, statement in enumerate(shuffled):
        statement["Sid"] = f"Statement{number}"
        for key in ("Action", "Resource"):
            values = data.draw(st.permutations(statement[key]))
            statement[key] = values[0] if len(values) == 1 else values
        if not statement["Condition"]:
            del statement["Condition"]
    assert policy_lines(policy(*statements), policy(*shuffled)) == ()


@settings(max_examples=60, deadline=None)
@given(statements=STATEMENTS, more=STATEMENTS)
def test_lines_of_the_way_back_are_those_of_the_way_there_with_their_signs_turned(
        statements: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    there = policy_lines(policy(*statements), policy(*more))
    back = policy_lines(policy(*more), policy(*statements))
    turned = str.maketrans("+-", "-+")
    assert sorted(line[:1].translate(turned) + line[1:] for line in there) == sorted(back)


def test_a_long_sentence_is_broken_at_its_conditions_and_between_words_never_in_a_name() -> None:
    key = f"arn:aws:kms:eu-west-1:123456789012:key/{'a' * 36}"
    many = [f"s3:Get{name}" for name in "abcdefghijklmnopqrstuvwxyz"]
    held = {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key},
            "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"}}
    denied = {"Effect": "Deny", "Principal": "*", "Action": many, "Resource": "*", "Sid": "Own", "Condition": held}
    lines = policy_lines(None, policy(denied))
    assert all(len(line) <= 250 and line.startswith("+ ") for line in lines)
    assert lines[-2:] == (
        "+   if s3:x-amz-server-side-encryption-aws-kms-key-id is there",
        f"+   and s3:x-amz-server-side-encryption-aws-kms-key-id is not {key}")
    assert " ".join(line[2:].strip() for line in lines[:-2]) == f"denies {', '.join(many)} on * to anybody (Own)"
