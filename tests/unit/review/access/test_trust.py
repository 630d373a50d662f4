"""Who may assume a role."""

from __future__ import annotations

from typing import Any

import pytest
from access_lab import ACCOUNT, BY_SAGEMAKER, STRANGER, changes, role, told

from mlstead_toolkit.review.report import AccessKind

GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"


def trusting(principal: Any, condition: Any = None, action: str = "sts:AssumeRole") -> dict[str, Any]:
    given = {"Effect": "Allow", "Action": action, "Principal": principal}
    return given | ({"Condition": condition} if condition else {})


def by_github(subject: str) -> dict[str, Any]:
    claims = "token.actions.githubusercontent.com"
    return trusting({"Federated": GITHUB}, {"StringEquals": {f"{claims}:aud": "sts.amazonaws.com"},
                                            "StringLike": {f"{claims}:sub": subject}}, "sts:AssumeRoleWithWebIdentity")


@pytest.mark.parametrize(("statement", "who"), [
    (trusting("*"), "anybody"),
    (trusting({"AWS": "*"}), "anybody"),
    (trusting({"AWS": STRANGER}), f"account {STRANGER}"),
    (trusting({"AWS": f"arn:aws:iam::{STRANGER}:root"}), f"account {STRANGER}"),
    (trusting({"AWS": f"arn:aws:iam::{STRANGER}:role/admin"}), f"admin role of account {STRANGER}"),
    (trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), "this account"),
    (trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
              {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/Data_*"}}), "any role named Data_*"),
    (trusting({"Service": "lambda.amazonaws.com"}), "lambda.amazonaws.com"),
    (by_github("repo:acme/flights:environment:staging"), "CI of acme/flights in environment staging"),
    (by_github("repo:acme/flights:environment:dev"), "CI of acme/flights in its own environment"),
    (by_github("repo:acme/flights:ref:refs/heads/main"), "CI of acme/flights on branch main"),
    (by_github("repo:acme/flights:pull_request"), "CI of acme/flights for pull requests"),
    (by_github("repo:acme/flights:*"), "CI of acme/flights, whatever runs"),
    (by_github("project_path:acme/flights:ref_type:branch:ref:main"), "CI of acme/flights on branch main"),
    (trusting({"Federated": GITHUB}, action="sts:AssumeRoleWithWebIdentity"),
     "anybody with a token of token.actions.githubusercontent.com"),
])
def test_new_trust_names_who_may_assume_the_role(statement: dict[str, Any], who: str) -> None:
    (found,) = changes([role()], [role("training", BY_SAGEMAKER, statement)])
    assert (found.kind, found.widens) == (AccessKind.TRUST, True)
    assert found.text == f"training role may now be assumed by {who}"


def test_trust_that_goes_is_a_loss() -> None:
    assert told([role("training", BY_SAGEMAKER, trusting({"AWS": STRANGER}))], [role()]) == [
        f"- training role may no longer be assumed by account {STRANGER}"]


def test_trust_on_nobodys_behalf_in_particular_is_looser_than_for_this_account() -> None:
    loose = trusting({"Service": "sagemaker.amazonaws.com"})
    assert told([role()], [role("training", loose)]) == [
        "training role may now be assumed by sagemaker.amazonaws.com, no longer only for this account"]


def test_trust_of_everybody_comes_first_and_makes_that_of_some_needless_to_tell() -> None:
    worst = changes([role()], [role("training", by_github("repo:acme/flights:*"), trusting("*"), trusting(
        {"AWS": STRANGER}))])
    assert [one.text for one in worst if one.widens] == [
        "training role may now be assumed by anybody",
        "training role may now be assumed by CI of acme/flights, whatever runs"]


def test_the_right_to_name_the_source_alone_is_no_right_to_assume() -> None:
    naming = trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, action="sts:SetSourceIdentity")
    assert told([role()], [role("training", BY_SAGEMAKER, naming)]) == [
        "this account may now say who works under training role"]
