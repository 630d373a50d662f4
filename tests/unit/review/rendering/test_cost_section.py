"""The monthly cost as a comment tells it: what differs, what is not known, and what is paid by use alone."""

from __future__ import annotations

from decimal import Decimal

from mlstead_toolkit.review.rendering import markdown
from mlstead_toolkit.review.report import Cost, CostChange, EnvironmentReview, Review
from mlstead_toolkit.review.verdict import Verdict

ENDPOINT, FUNCTION = "aws:sagemaker/endpoint:Endpoint", "aws:lambda/function:Function"
DEARER = CostChange("answers", ENDPOINT, Decimal("93.44"), Decimal("187.61"), "1 of ml.m5.xlarge, 730 h at $0.257")
NOT_KNOWN = CostChange("answers", ENDPOINT, Decimal("186.88"), None, "", "requests",
                       "what it costs is not known (3 of ml.x9.huge: no price is known for eu-west-1)",
                       unpriced=("head",))
BY_USE = CostChange("web", FUNCTION, None, Decimal("0.00"), "", "calls and their time")
UNKNOWN = ("2 of aws:sns/topic:Topic: messages",)


def told(**costs: Cost) -> list[str]:
    review = Review("shop", "main", "this change", tuple(
        EnvironmentReview(name, (Verdict.SAFE,), (), 3, cost=cost) for name, cost in costs.items()))
    text = markdown(review).replace("\\", "")
    section = text.partition("### Monthly cost")[2]
    return [line for line in section.splitlines() if line and not line.startswith("| ---")]


def test_an_environment_whose_sum_stays_has_no_row_and_no_list_of_uses() -> None:
    lines = told(dev=Cost(Decimal(90), Decimal(90), (), UNKNOWN),
                 prod=Cost(Decimal(100), Decimal("194.17"), (DEARER,), ("1 of aws:sqs/queue:Queue: requests",)))
    assert "| prod | $100.00 | $194.17 | **+$94.17** |" in lines
    assert not [line for line in lines if line.startswith("| dev") or "sns" in line]
    assert "- 1 of aws:sqs/queue:Queue: requests" in lines


def test_what_is_not_known_is_never_a_saving() -> None:
    lines = told(prod=Cost(Decimal("187.38"), Decimal("0.50"), (NOT_KNOWN,)))
    assert "| prod | $187.38 | at least $0.50, without answers | **not known** |" in lines
    assert [line for line in lines if line.startswith("| `answers`")] == [
        "| `answers` aws:sagemaker:Endpoint | $186.88 | not known | not known | what it costs is not known (3 of "
        "ml.x9.huge: no price is known for eu-west-1); not known: requests |"]
    assert not [line for line in lines if "-$" in line]


def test_what_is_known_of_the_difference_is_told_beside_what_is_not() -> None:
    key = CostChange("key", "aws:kms/key:Key", None, Decimal("1.00"), "1 key, $1 a month")
    lines = told(prod=Cost(Decimal("187.38"), Decimal("1.50"), (key, NOT_KNOWN)))
    assert "| prod | $187.38 | at least $1.50, without answers | **+$1.00** without answers |" in lines


def test_where_no_amount_differs_only_the_uses_are_told_a_line_each() -> None:
    gone = CostChange("reports", "aws:s3/bucket:Bucket", Decimal("0.00"), None, "", "storage at $0.023 per GB-month")
    lines = told(dev=Cost(Decimal(90), Decimal(90), (BY_USE, gone), UNKNOWN))
    assert lines[:3] == ["No amount differs. By use alone:", "- `web` aws:lambda:Function new: calls and their time",
                         "- `reports` aws:s3:Bucket goes: storage at $0.023 per GB-month"]
    assert not [line for line in lines if "$0.00" in line or "sns" in line or line.startswith("|")]


def test_a_cost_that_stays_what_it_was_is_not_told() -> None:
    assert told(dev=Cost(Decimal(90), Decimal(90), (), UNKNOWN)) == []


def test_an_estimate_is_told_as_one() -> None:
    guess = CostChange("answers", ENDPOINT, Decimal("93.44"), Decimal("187.61"), "…", estimated=True)
    lines = told(prod=Cost(Decimal("93.44"), Decimal("187.61"), (guess,)))
    assert "| prod | $93.44 | $187.61 | **about +$94.17** |" in lines
    assert [line for line in lines if "| about +$94.17 |" in line]
