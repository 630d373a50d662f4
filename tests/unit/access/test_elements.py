"""Actions, resources, principals and variables fit what AWS says they fit."""

from __future__ import annotations

import pytest
from people import ACCOUNT, ROLE, SERVICE, STRANGER, USER, VOUCHED

OBJECT = "arn:aws:s3:::lake/flights/a.csv"
SESSION_ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/training/SageMaker"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"

# element, value, request's action, request's resource, whether the statement fits
TABLE = [
    ("Action", "s3:GetObject", "s3:GetObject", OBJECT, True),
    ("Action", "s3:getobject", "s3:GetObject", OBJECT, True),
    ("Action", "s3:Get*", "s3:GetObject", OBJECT, True),
    ("Action", "s3:Get*", "s3:PutObject", OBJECT, False),
    ("Action", "s3:?etObject", "s3:GetObject", OBJECT, True),
    ("Action", "*", "kms:Decrypt", "*", True),
    ("Action", ["kms:Decrypt", "s3:Put*"], "s3:PutObject", OBJECT, True),
    ("NotAction", "s3:*", "s3:GetObject", OBJECT, False),
    ("NotAction", ["iam:*", "kms:*"], "s3:GetObject", OBJECT, True),
    ("Resource", OBJECT, "s3:GetObject", OBJECT, True),
    ("Resource", "arn:aws:s3:::lake/*", "s3:GetObject", OBJECT, True),
    ("Resource", "arn:aws:s3:::lake*", "s3:GetObject", "arn:aws:s3:::lake-of-others/x", True),
    ("Resource", "arn:aws:s3:::lake/flights", "s3:GetObject", OBJECT, False),
    ("Resource", "arn:aws:s3:::LAKE/*", "s3:GetObject", OBJECT, False),
    ("Resource", "arn:aws:s3:*:*:lake/*", "s3:GetObject", OBJECT, True),
    # A star that ends a segment reaches beyond the colon, says AWS; one within it does not.
    ("Resource", "arn:aws:kms:*:key/*", "kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k", True),
    ("Resource", "arn:aws:kms:*-1:key/*", "kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k", False),
    ("Resource", "arn:aws:kms*", "kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k", True),
    ("Resource", "arn:aws:kms:eu*1:key/k", "kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k", False),
    ("NotResource", "arn:aws:kms:*:key/k", "kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k", False),
    ("Resource", "arn:aws:s3:::lake/a:b:*", "s3:GetObject", "arn:aws:s3:::lake/a:b:c:d", True),
    ("Resource", "*", "ecr:GetAuthorizationToken", "*", True),
    ("NotResource", "arn:aws:s3:::lake/flights/*", "s3:GetObject", OBJECT, False),
    ("NotResource", ["arn:aws:s3:::lake/shared/*", "arn:aws:s3:::x/*"], "s3:GetObject", OBJECT, True),
]


@pytest.mark.parametrize(("element", "value", "action", "resource", "fits"), TABLE)
def test_a_statement_fits_the_actions_and_resources_that_it_names(decide, element, value, action, resource, fits):
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", element: value}
    if element.startswith("Not"):
        del statement[element.removeprefix("Not")]
    assert decide(action=action, resource=resource, identity=[statement]).allowed is fits


# the text of a Resource, the resource, whether it fits; the role has the tags project=flights and Team=blue
VARIABLES = [
    ("arn:aws:s3:::lake/${aws:PrincipalTag/project}/*", OBJECT, True),
    ("arn:aws:s3:::lake/${AWS:principaltag/PROJECT}/*", OBJECT, True),
    ("arn:aws:s3:::lake/${aws:PrincipalTag/project}/*", "arn:aws:s3:::lake/other/a.csv", False),
    ("arn:aws:s3:::lake/${aws:PrincipalTag/absent}/*", OBJECT, False),
    ("arn:aws:s3:::lake/${aws:PrincipalTag/absent, 'flights'}/*", OBJECT, True),
    ("arn:aws:s3:::lake/${aws:PrincipalTag/project, 'other'}/*", OBJECT, True),
    ("arn:aws:s3:::lake/${*}", "arn:aws:s3:::lake/*", True),
    ("arn:aws:s3:::lake/${*}", OBJECT, False),
    ("arn:aws:s3:::lake/${$}{x}", "arn:aws:s3:::lake/${x}", True),
]


@pytest.mark.parametrize(("text", "resource", "fits"), VARIABLES)
def test_variables_are_filled_from_the_request(decide, text, resource, fits):
    assert decide(resource=resource, identity=[{"Effect": "Allow", "Action": "*", "Resource": text}]).allowed is fits


def test_a_statement_on_all_but_what_a_variable_names_says_nothing_where_the_variable_is_empty(decide):
    """So the foundation's denies for projects ask first whether the principal is tagged at all."""
    for tag, fits in (("project", False), ("Team", True), ("absent", False)):
        resource = f"arn:aws:s3:::lake/${{aws:PrincipalTag/{tag}}}/*"
        assert decide(identity=[{"Effect": "Allow", "Action": "*", "NotResource": resource}]).allowed is fits


def test_a_variable_is_plain_text_in_a_policy_of_the_old_version(decide):
    statement = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::lake/${aws:PrincipalTag/project}/*"}
    assert decide(identity=[statement]).allowed
    assert not decide(identity=[statement], version="2008-10-17").allowed


def test_a_value_that_a_variable_brings_is_no_wildcard(decide):
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*",
                 "Condition": {"StringLike": {"s3:prefix": "${aws:PrincipalTag/any}/*"}}}
    wild = type(ROLE)(ROLE.arn, ROLE.session, {"any": "*"})
    assert not decide(wild, context={"s3:prefix": "others/x"}, identity=[statement]).allowed


# Principal, who asks, whether a resource policy's Deny for that principal denies him
PRINCIPALS = [
    ("*", ROLE, True),
    ("*", STRANGER, True),
    ("*", SERVICE, True),
    ({"AWS": "*"}, USER, True),
    ({"AWS": ACCOUNT}, ROLE, True),
    ({"AWS": ROOT}, USER, True),
    ({"AWS": ROOT}, STRANGER, False),
    ({"AWS": ROLE.arn}, ROLE, True),
    ({"AWS": SESSION_ARN}, ROLE, True),
    ({"AWS": [USER.arn, STRANGER.arn]}, ROLE, False),
    ({"AWS": ROLE.arn.replace("training", "*")}, ROLE, False),
    ({"Service": SERVICE.service}, SERVICE, True),
    ({"Service": "s3.amazonaws.com"}, SERVICE, False),
    ({"Service": SERVICE.service}, ROLE, False),
    ({"Service": "x.amazonaws.com", "AWS": ROOT}, ROLE, True),
    ({"Federated": VOUCHED.arn}, VOUCHED, True),
    ({"Federated": "arn:aws:iam::111122223333:oidc-provider/github.com"}, VOUCHED, False),
    ({"Federated": VOUCHED.arn}, ROLE, False),
    ({"AWS": ROOT}, VOUCHED, False),
]


@pytest.mark.parametrize(("principal", "who", "denied"), PRINCIPALS)
def test_a_deny_reaches_whom_its_principal_names(decide, principal, who, denied):
    decision = decide(who, identity=[{"Effect": "Allow", "Action": "*", "Resource": "*"}], resource_policy=[
        {"Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": "*"},
    ])
    assert (not decision.allowed and decision.explicit) is denied


def test_not_principal_spares_only_whom_it_lists_with_account_and_session(decide):
    def denied(*listed):
        statement = {"Effect": "Deny", "NotPrincipal": {"AWS": list(listed)}, "Action": "s3:*", "Resource": "*"}
        return decide(resource_policy=[statement]).explicit

    assert not denied(ROOT, ROLE.arn, SESSION_ARN)
    assert denied(ROOT) and denied(USER.arn)
