"""Each condition operator decides as AWS documents it; so do its negations, sets, IfExists, and keys that are absent.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import pytest

from mlstead_toolkit.access import PolicyError

ABSENT = None
KEY = "aws:TagKeys"
ROLE_ARN = "arn:aws:iam::111122223333:role/ada"

# operator, value or values of the policy, value or values of the request, whether the condition is met
TABLE = [
    ("StringEquals", "red", "red", True),
    ("StringEquals", "red", "Red", False),
    ("StringEquals", ["red", "blue"], "blue", True),
    ("StringEquals", "re*", "red", False),
    ("StringEquals", "red", ABSENT, False),
    ("StringNotEquals", "red", "blue", True),
    ("StringNotEquals", ["red", "blue"], "blue", False),
    ("StringNotEquals", "red", ABSENT, True),
    ("StringEqualsIgnoreCase", "red", "RED", True),
    ("StringNotEqualsIgnoreCase", "red", "RED", False),
    ("StringLike", "r*d", "read", True),
    ("StringLike", "r?d", "read", False),
    ("StringLike", "?*", "x", True),
    ("StringLike", "?*", ABSENT, False),
    ("StringLike", "a.c", "abc", False),
    ("StringLike", "a/*", "a/b/c", True),
    ("StringNotLike", ["r*", "b*"], "green", True),
    ("StringNotLike", ["r*", "b*"], "blue", False),
    ("StringNotLike", "r*", ABSENT, True),
    ("StringNotEquals", "${aws:PrincipalTag/absent}", "red", False),
    ("StringNotEquals", "${aws:PrincipalTag/absent, 'blue'}", "red", True),
    ("StringNotEquals", "${aws:PrincipalTag/project}", "red", True),
    ("NumericEquals", "10", "10.0", True),
    ("NumericNotEquals", "10", "11", True),
    ("NumericNotEquals", "10", ABSENT, True),
    ("NumericNotEquals", "10", "ten", False),
    ("NumericLessThan", "10", "9", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericGreaterThan", "10", "10", False),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericGreaterThanEquals", "10", "100", True),
    ("NumericLessThan", "10", ABSENT, False),
    ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", True),
    ("DateGreaterThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", False),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", True),
    ("DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", True),
    ("DateLessThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", True),
    ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", True),
    ("Bool", "true", "true", True),
    ("Bool", "true", "false", False),
    ("Bool", "false", ABSENT, False),
    ("BoolIfExists", "false", ABSENT, True),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
    ("BinaryEquals", "QmluYXJ5", "qmluyxj5", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
    ("IpAddress", "203.0.113.0/24", "203.0.114.7", False),
    ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
    ("IpAddress", "203.0.113.7", "203.0.113.7", True),
    ("IpAddress", "203.0.113.0/24", ABSENT, False),
    ("NotIpAddress", "203.0.113.0/24", "203.0.114.7", True),
    ("NotIpAddress", "203.0.113.0/24", ABSENT, True),
    ("NotIpAddress", "203.0.113.0/24", "localhost", False),
    ("ArnEquals", "arn:aws:iam::111122223333:role/*", ROLE_ARN, True),
    ("ArnLike", "arn:aws:iam::*:role/ada", ROLE_ARN, True),
    ("ArnLike", "arn:aws:*:role/ada", ROLE_ARN, False),
    ("ArnLike", "arn:aws:iam::111122223333:role/a?a", ROLE_ARN, True),
    ("ArnNotLike", "arn:aws:iam::*:role/bob", ROLE_ARN, True),
    ("ArnNotEquals", "arn:aws:iam::*:role/*", ROLE_ARN, False),
    ("ArnNotLike", "arn:aws:iam::*:role/bob", ABSENT, True),
    ("Null", "true", ABSENT, True),
    ("Null", "true", "x", False),
    ("Null", "false", "x", True),
    ("Null", "false", ABSENT, False),
    ("StringEqualsIfExists", "red", ABSENT, True),
    ("StringEqualsIfExists", "red", "blue", False),
    ("StringNotEqualsIfExists", "red", "red", False),
    ("StringNotEqualsIfExists", "red", ABSENT, True),
    ("IpAddressIfExists", "203.0.113.0/24", ABSENT, True),
    ("NumericLessThanIfExists", "3", "4", False),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
    ("ForAllValues:StringEquals", ["a", "b"], ["a"], True),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
    ("ForAllValues:StringEquals", ["a", "b"], ABSENT, True),
    ("ForAnyValue:StringEquals", ["a", "b"], ["a", "c"], True),
    ("ForAnyValue:StringEquals", ["a", "b"], ["c"], False),
    ("ForAnyValue:StringEquals", ["a", "b"], ABSENT, False),
    ("ForAllValues:StringNotLike", "key1*", ["key1:x", "key2"], False),
    ("ForAllValues:StringNotLike", "key1*", ["key2", "key3"], True),
    ("ForAllValues:StringNotLike", "key1*", ABSENT, True),
    ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
    ("ForAnyValue:StringNotEquals", ["a"], ["a"], False),
    ("ForAnyValue:StringLike", ["a*"], ["xa", "ab"], True),
]


@pytest.mark.parametrize(("operator", "policy", "request_", "met"), TABLE)
def test_a_condition_is_met_as_its_operator_is_documented(decide, operator, policy, request_, met):
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {operator: {KEY: policy}}}
    context = {} if request_ is ABSENT else {KEY: request_}
    assert decide(context=context, identity=[statement]).allowed is met


def test_every_condition_of_a_statement_must_be_met(decide):
    condition = {"StringEquals": {"aws:a": "1", "aws:b": "2"}, "Bool": {"aws:c": "true"}}
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}
    complete = {"aws:a": "1", "aws:b": "2", "aws:c": True}
    assert decide(context=complete, identity=[statement]).allowed
    for missing in complete:
        rest = {key: value for key, value in complete.items() if key != missing}
        assert not decide(context=rest, identity=[statement]).allowed


def test_names_of_context_keys_know_no_case(decide):
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
                 "Condition": {"StringEquals": {"AWS:principaltag/TEAM": "blue"}}}
    assert decide(identity=[statement]).allowed


@pytest.mark.parametrize("condition", [
    {"StringSortOf": {"a": "b"}}, {"StringLikeNot": {"a": "b"}}, {"NumericNotLessThan": {"a": "1"}},
    {"NotBool": {"a": "true"}}, {"ForSomeValues:StringLike": {"a": "b"}}, {"Null": {"a": "maybe"}},
    {"NumericEquals": {"a": "ten"}}, {"IpAddress": {"a": "300.1.1.1"}},
])
def test_what_is_no_condition_is_an_error_and_never_a_decision(decide, condition):
    with pytest.raises(PolicyError):
        decide(identity=[{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}])
