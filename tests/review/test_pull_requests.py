"""The comment of each prepared pull request is the one that was read and signed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pull_requests import EXPIRES, PULL_REQUESTS, PullRequest, in_three_months
from reviewed_project import Checked, Copy, review_of, side

from mlstead_toolkit.review.evaluations import Evaluations
from mlstead_toolkit.review.rendering import markdown

GOLDEN = Path(__file__).parent / "comments"


@pytest.mark.parametrize("pull_request", PULL_REQUESTS, ids=lambda one: one.name)
def test_the_comment_is_the_one_that_was_signed(pull_request: PullRequest, base: Checked, evaluations: Evaluations,
                                                 older_mlstead: Path, tmp_path: Path) -> None:
    if pull_request.before is not None:
        copy = Copy(base[0].root).copied_to(tmp_path / "base")
        pull_request.before(copy)
        base = side("base", copy)
    head = Copy(base[0].root).copied_to(tmp_path / "head")
    pull_request.change(head)
    if pull_request.other_mlstead:
        base = side("base", Copy(base[0].root), older_mlstead)

    comment = markdown(review_of(base, side("head", head), evaluations)).replace(in_three_months(), EXPIRES)

    golden = GOLDEN / f"{pull_request.name}.md"
    if os.environ.get("MLSTEAD_SIGN_COMMENTS"):
        golden.write_text(comment, encoding="utf-8")
    assert comment == golden.read_text(encoding="utf-8")
