"""What a rule reads from a statement, whichever way it is written, and what it takes for somebody in particular."""

from __future__ import annotations

from typing import Any

import pytest
from stack_builder import policy, resource

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Malformed, NotDecided
from mlstead_toolkit.policies.addresses import anywhere
from mlstead_toolkit.policies.identity_policy import ROLE_POLICY
from mlstead_toolkit.policies.statement import ON_WHOSE_BEHALF, WHOSE, Statement, allowances, statements

ACCOUNT = "123456789012"


def _read(document: Any) -> list[Statement]:
    return statements(resource(ROLE_POLICY, policy=document))


def _conditioned(**condition: dict[str, Any]) -> Statement:
    return _read(policy({"Action": "s3:GetObject", "Resource": "*", "Condition": condition}))[0]


@pytest.mark.parametrize("written", [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["*"]}],
], ids=["an object and texts", "lists"])
def test_a_statement_says_the_same_as_an_object_and_in_a_list(written: Any) -> None:
    (read,) = _read({"Version": "2012-10-17", "Statement": written})
    assert (read.actions, read.resources, read.everywhere) == (("s3:GetObject",), ("*",), True)


@pytest.mark.parametrize(("principal", "everybody"), [
    ("*", True), ({"AWS": "*"}, True), ({"AWS": [ACCOUNT, "*"]}, True), ({"CanonicalUser": "*"}, True),
    ({"AWS": ACCOUNT}, False), ({"Service": "events.amazonaws.com"}, False), (None, False),
])
def test_everybody_is_told_from_somebody_however_it_is_written(principal: Any, everybody: bool) -> None:
    (read,) = _read(policy({"Principal": principal, "Action": "s3:GetObject", "Resource": "*"}))
    assert read.to_everybody is everybody


def test_all_but_some_principals_are_everybody() -> None:
    (read,) = _read(policy({"NotPrincipal": {"AWS": ACCOUNT}, "Action": "s3:GetObject", "Resource": "*"}))
    assert read.to_everybody


@pytest.mark.parametrize(("written", "reached"), [
    ({"Action": "s3:Get*"}, ["s3:GetObject"]), ({"Action": "S3:getobject"}, ["s3:GetObject"]),
    ({"Action": "*"}, ["s3:GetObject", "iam:PassRole"]), ({"NotAction": "s3:*"}, ["iam:PassRole"]),
    ({"Action": "s3:GetObjectVersion"}, []),
])
def test_an_action_is_reached_by_what_covers_it(written: dict[str, str], reached: list[str]) -> None:
    (read,) = _read(policy(written | {"Resource": "*"}))
    assert read.reaches("s3:GetObject", "iam:PassRole") == reached


@pytest.mark.parametrize(("condition", "holds"), [
    ({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, True),
    ({"StringEquals": {"AWS:sourceaccount": [ACCOUNT, "210987654321"]}}, True),
    ({"ArnLike": {"aws:SourceArn": f"arn:aws:events:*:{ACCOUNT}:rule/*"}}, True),
    ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::acme-lake-*"}}, True),
    ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}, True),
    ({"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}, True),
    ({"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}, False),
    ({"StringEquals": {"aws:PrincipalAccount": "${aws:username}"}}, False),
    ({"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}, False),
    ({"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/"}}, False),
    ({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}, False),
    ({"Null": {"aws:SourceAccount": "false"}}, False),
    ({"StringLike": {"aws:SourceAccount": "*"}}, False),
    ({"StringLike": {"aws:PrincipalOrgID": "o-*"}}, False),
    ({"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/flights"}}, False),
    ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, False),
    ({"StringEquals": {"aws:SourceAccount": []}}, False),
    ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, True),
    ({"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "::/0"]}}, False),
    ({"StringEquals": {"aws:PrincipalTag/team": "flights"}}, False),
])
def test_a_condition_holds_to_somebody_only_where_nobody_else_can_meet_it(
    condition: dict[str, dict[str, Any]], holds: bool
) -> None:
    assert _conditioned(**condition).held_to(*WHOSE) is holds


def test_one_of_several_conditions_is_enough_as_all_must_hold() -> None:
    read = _conditioned(Bool={"aws:SecureTransport": "true"}, StringEquals={"aws:SourceAccount": ACCOUNT})
    assert read.held_to(*ON_WHOSE_BEHALF)


def test_denials_allow_nothing() -> None:
    denial = resource(ROLE_POLICY, policy=policy({"Effect": "Deny", "Action": "*", "Resource": "*"}))
    assert list(allowances(denial)) == []


@pytest.mark.parametrize("document", ["{", '["s3"]', {"Statement": ["s3:GetObject"]}, {"Statement": [{"Action": "*"}]},
                                      {"Statement": [{"Effect": "Allow", "Condition": "none"}]}])
def test_what_is_no_policy_is_said_to_be_none(document: Any) -> None:
    with pytest.raises(Malformed):
        _read(document)


def test_a_policy_with_anything_unknown_in_it_is_not_decided() -> None:
    for document in (UNKNOWN, {"Statement": {"Effect": "Allow", "Action": "*", "Resource": UNKNOWN}}):
        with pytest.raises(NotDecided):
            _read(document)


@pytest.mark.parametrize(("cidr", "wide"), [
    ("0.0.0.0/0", True), ("::/0", True), ("128.0.0.0/1", True), ("2000::/3", True), ("10.0.0.0/8", False),
    ("192.168.0.0/16", False), ("203.0.113.7/32", False), ("fd00::/8", False), ("2001:db8::/32", False),
])
def test_the_internet_is_known_whole_and_in_large_parts(cidr: str, wide: bool) -> None:
    assert anywhere(cidr) is wide


@pytest.mark.parametrize(("arn", "everywhere"), [
    ("*", True), ("arn:*", True), ("arn:aws:*", True), ("arn:aws:*:*:*:*", True), ("arn:aws:s3:::*", False),
    ("arn:aws:iam::123456789012:role/*", False),
])
def test_a_resource_is_everything_however_many_stars_say_so(arn: str, everywhere: bool) -> None:
    (read,) = _read(policy({"Action": "s3:GetObject", "Resource": arn}))
    assert read.everywhere is everywhere


def test_a_whole_service_is_told_from_actions_that_are_named_beside_it() -> None:
    (read,) = _read(policy({"Action": ["glue:*", "s3:?*", "kms:Dec*", "*"], "Resource": "*"}))
    assert read.whole_services == ["glue:*", "s3:?*", "*"]
    assert read.names("kms:Decrypt", "s3:GetObject") == ["kms:Decrypt"]


def test_all_but_some_actions_names_none() -> None:
    (read,) = _read(policy({"NotAction": "iam:*", "Resource": "*"}))
    assert (read.names("s3:GetObject"), read.whole_services) == ([], [])
