"""The worst comes first, and whatever widens access is a remark."""

from __future__ import annotations

from access_lab import STRANGER, changes, grant, resource, role, statement

from mlstead_toolkit.review.access import remarks_of_access
from mlstead_toolkit.review.comparison import Problem
from mlstead_toolkit.review.report import AccessKind, Remark
from mlstead_toolkit.review.verdict import Verdict

TRAINING, PIPELINE = role(), role("pipeline")
BEFORE = [TRAINING, PIPELINE, grant(statement("sns:Publish", "*"), to=TRAINING, name="old")]
AFTER = [
    role("training", {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": STRANGER}}), PIPELINE,
    grant(statement("s3:GetObject"), statement("kms:PutKeyPolicy", "*"), statement("sqs:SendMessage", "*"),
          to=TRAINING),
    grant(statement("iam:PassRole", TRAINING.outputs["arn"]), to=PIPELINE, name="pass"),
    resource("aws:lambda/functionUrl:FunctionUrl", "flights-url", {"authorizationType": "NONE"}),
]


def test_exposure_comes_first_then_trust_roles_handed_on_gains_by_level_and_losses_last() -> None:
    found = changes(BEFORE, AFTER)
    assert [one.kind for one in found] == [
        AccessKind.EXPOSURE, AccessKind.TRUST, AccessKind.PASS_ROLE, *[AccessKind.GAINS] * 3, *[AccessKind.LOSES] * 2]
    assert [one.text.partition("may now ")[2].partition(" ")[0] for one in found[3:6]] == ["decide", "send", "read"]
    assert [one.widens for one in found] == [True] * 6 + [False] * 2


def test_whatever_widens_is_a_remark_in_the_same_order() -> None:
    found = changes(BEFORE, AFTER)
    remarks = remarks_of_access(found)
    assert [one.text for one in remarks] == [one.text for one in found if one.widens]
    assert {one.verdict for one in remarks} == {Verdict.WIDENS_ACCESS}


def test_a_remark_names_the_principal_and_the_place() -> None:
    policy = grant(statement(), to=TRAINING)
    (found,) = changes([TRAINING], [TRAINING, policy], places={policy.urn: "infra/__main__.py:12"})
    assert remarks_of_access((found,)) == (Remark(
        Verdict.WIDENS_ACCESS, "training role may now read curated/ of the lake", "training role",
        place="infra/__main__.py:12"),)


def test_nothing_is_told_where_a_side_could_not_be_evaluated() -> None:
    assert changes(None, AFTER, problems=(Problem("dev", "base", "it raises"),)) == ()
    assert changes(BEFORE, None) == ()


def test_in_a_new_environment_everything_is_new() -> None:
    assert [one.text for one in changes(None, [TRAINING, grant(statement(), to=TRAINING)])] == [
        "training role may now be assumed by sagemaker.amazonaws.com for this account",
        "training role is new: it may read curated/ of the lake",
    ]
