"""Who comes with a token: a role's trust says whose, for which audience and of which subject."""

import pytest
from people import ACCOUNT, VOUCHED

ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
TRUST = [{
    "Effect": "Allow", "Principal": {"Federated": VOUCHED.arn}, "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {"gitlab.com:aud": "sts.amazonaws.com"},
                  "StringLike": {"gitlab.com:sub": "project_path:acme/*:ref_type:branch:ref:main"}},
}]
MAIN = {"gitlab.com:aud": "sts.amazonaws.com", "gitlab.com:sub": "project_path:acme/x:ref_type:branch:ref:main"}


@pytest.mark.parametrize(("claims", "allowed"), [
    (MAIN, True),
    (MAIN | {"gitlab.com:sub": "project_path:acme/x:ref_type:branch:ref:other"}, False),
    (MAIN | {"gitlab.com:aud": "https://gitlab.com"}, False),
    ({}, False),
])
def test_a_token_opens_a_role_by_what_it_claims(decide, claims, allowed):
    decision = decide(VOUCHED, "sts:AssumeRoleWithWebIdentity", ROLE, claims, resource_policy=TRUST,
                      resource_must_allow=True)
    assert decision.allowed is allowed
