"""The comment: what it says first, what it says once, and what a code host makes of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from rich_review import MAIN, PIPELINE, SERVING, environment, review, safe

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.comparison import Problem
from mlstead_toolkit.review.rendering import markdown
from mlstead_toolkit.review.rendering.comment import LONGEST
from mlstead_toolkit.review.report import (
    AccessChange,
    AccessKind,
    Difference,
    EnvironmentReview,
    Remark,
    ResourceChange,
    Review,
)
from mlstead_toolkit.review.verdict import Verdict

ROLE = "aws:iam/role:Role"


def of(*environments: EnvironmentReview, problems: tuple[Problem, ...] = ()) -> Review:
    return Review("shop", "main (1a2b3c4)", "this change", environments, problems)


def section(text: str, title: str) -> str:
    found = re.search(rf"(?ms)^### {title}.*?\n(.*?)(?=^### |\Z)", text)
    return found[1] if found else ""


def headings(text: str) -> list[str]:
    return re.findall(r"(?m)^### (.*)$", text)


def test_what_to_mind_comes_before_what_changes() -> None:
    assert headings(markdown(review())) == [
        "Look at first", "What could not be reviewed", "What changes", "Access", "Policies", "Monthly cost",
        "What it touches in dev, staging, prod", "In the cloud", "Notes"]


def test_a_safe_change_is_told_in_two_sentences() -> None:
    assert markdown(safe()) == (
        "<!-- mlstead review -->\n## Infrastructure review: safe\n\n"
        "`flight-delays`: this change compared with main (1a2b3c4). Nothing changes in dev (153 resources), "
        "staging (153 resources), prod (153 resources).\n\n"
        "Made from the code alone, without credentials. The same on a laptop: `mlstead review --base main`.\n")


def test_what_the_cloud_says_is_told_beside_the_code() -> None:
    told = section(markdown(review()), "In the cloud")
    assert "- **dev**: 5 to change, 148 unchanged" in told
    assert "Drift" in told and "`tags.by`: `hand` (new)" in told
    assert "Pulumi's previews" in markdown(review())


def test_a_change_that_many_resources_share_is_told_once() -> None:
    owner = (Difference("tags.owner", "", "ml"),)
    tagged = tuple(ResourceChange(Operation.UPDATE, ROLE, f"role-{number}",
                                  (f"Pipeline {number % 2}", f"Step {number}"), owner, place=MAIN)
                   for number in range(34))
    other = ResourceChange(Operation.UPDATE, ROLE, "other", PIPELINE, (Difference("path", "/a/", "/b/"),))
    told = section(markdown(of(replace(environment("dev"), changes=(*tagged, other)))), "What changes")
    assert told.count("tags.owner") == 1 and "**34 resources**, each:" in told
    assert "`Pipeline 0`: `role-0` Role, `role-10` Role" in told
    assert told.count("`role-") == 34
    assert "- `~` `other` aws:iam:Role" in told


def test_a_change_that_three_resources_share_is_told_of_each() -> None:
    tagged = tuple(ResourceChange(Operation.UPDATE, ROLE, f"role-{number}", PIPELINE, (Difference("a", "1", "2"),))
                   for number in range(3))
    told = section(markdown(of(replace(environment("dev"), changes=tagged))), "What changes")
    assert told.count("`a`: `1` → `2`") == 3


def test_a_head_that_raises_is_looked_at_first_and_says_what_is_missing() -> None:
    stopped = EnvironmentReview("dev", (Verdict.CANNOT_BE_DEPLOYED,), (), 0, problems=(
        Problem("dev", "head", "KeyError: 'instance'.", "infra/__main__.py:12", "write it"),))
    text = markdown(of(stopped))
    assert section(text, "Look at first").startswith(
        "\n1. **cannot be deployed**: KeyError: 'instance'. Fix: write it (`infra/__main__.py:12`)")
    assert "this change stops before its end" in section(text, "What could not be reviewed")


def test_a_head_that_is_refused_and_was_compared_was_reviewed() -> None:
    refused = EnvironmentReview("dev", (Verdict.CANNOT_BE_DEPLOYED,), (("update", 1),), 3, problems=(
        Problem("dev", "head", "It is protected.", MAIN),))
    text = markdown(of(refused))
    assert "What could not be reviewed" not in headings(text)
    assert "It is protected" in section(text, "Look at first")


def test_a_base_that_raises_is_no_fault_of_the_change() -> None:
    open_ = EnvironmentReview("dev", (), (), 0, problems=(Problem("dev", "base", "KeyError: 'instance'."),))
    text = markdown(of(open_))
    assert "the base" in section(text, "What could not be reviewed")
    assert "Look at first" not in headings(text)


def test_a_cause_of_several_resources_is_looked_at_once() -> None:
    remarks = tuple(Remark(Verdict.DOWNTIME, "it stands still", f"queue-{number}", "aws:sqs/queue:Queue", MAIN)
                    for number in range(5))
    told = section(markdown(of(replace(environment("dev"), remarks=remarks))), "Look at first")
    assert told.strip() == ("1. **downtime**: `queue-0` (Queue), `queue-1` (Queue), `queue-2` (Queue) and 2 more: "
                            "it stands still (`infra/__main__.py:31`)")


def test_sentences_of_one_policy_are_looked_at_once_and_all_told_below() -> None:
    texts = [f"anybody may now read part {number}" for number in range(4)]
    remarks = tuple(Remark(Verdict.WIDENS_ACCESS, text, "anybody", "", MAIN) for text in texts)
    access = tuple(AccessChange(AccessKind.EXPOSURE, "anybody", text, place=MAIN) for text in texts)
    text = markdown(of(replace(environment("dev"), remarks=remarks, access=access)))
    first = section(text, "Look at first")
    assert first.strip() == ("1. **widens access**: anybody may now read part 0, and 3 more like it "
                             "(`infra/__main__.py:31`)")
    assert all(each in section(text, "Access") for each in texts)


def test_ten_causes_are_looked_at_first_and_the_others_are_folded() -> None:
    remarks = tuple(Remark(Verdict.MAY_LOSE_DATA, f"part {number} is lost", f"bucket-{number:02}")
                    for number in range(14))
    told = section(markdown(of(replace(environment("dev"), remarks=remarks))), "Look at first")
    assert "\n10. " in told and "\n11. " not in told
    assert "<summary>… and 4 more</summary>" in told and "part 13 is lost" in told


def test_a_resource_replaced_the_hard_way_says_which_goes_first() -> None:
    changed = section(markdown(review()), "What changes")
    assert "`-+` `scratch` aws:s3:Bucket **replaced, the old one goes first**" in changed
    assert "before `old-configuration`" in changed and f"in `{SERVING[0]}` › `{SERVING[1]}`" in changed  # noqa: RUF001


def test_less_is_paid_with_a_minus_sign() -> None:
    dearer = environment("dev").cost
    assert dearer is not None
    cheaper = tuple(replace(one, before=one.after, after=one.before) for one in dearer.changes)
    text = markdown(of(replace(environment("dev"), cost=replace(dearer, before=dearer.after, after=dearer.before,
                                                                changes=cheaper))))
    assert "−\\$93.44" in text and "-\\$" not in text  # noqa: RUF001


@pytest.mark.parametrize(("written", "shown"), [
    ("ml-platform@example.com", "ml-platform@example.com"),  # nobody is called by it, and it can be copied
    ("ask @team", "ask @\u2060team"),
    ("of #12 and !34", "of \\#\u206012 and \\!\u206034"),
])
def test_nobody_is_called_and_addresses_stay(written: str, shown: str) -> None:
    remark = Remark(Verdict.DOWNTIME, written, "queue")
    assert shown in markdown(of(replace(environment("dev"), remarks=(remark,))))


def test_nothing_is_put_into_what_stands_as_code() -> None:
    change = ResourceChange(Operation.UPDATE, ROLE, "role", (), (Difference("owner", "@team", "a@b"),))
    assert "`owner`: `@team` → `a@b`" in markdown(of(replace(environment("dev"), changes=(change,))))


def test_fences_stand_within_their_items() -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(markdown(review()))
    diffs = [token for token in tokens if token.type == "fence" and token.info == "diff"]
    assert diffs and all(token.level >= 4 for token in diffs)


def many(number: int, length: int) -> Review:
    changes = tuple(ResourceChange(Operation.UPDATE, ROLE, f"role-{each}-{'x' * length}", (f"Part {each}",), tuple(
        Difference(f"tags.t{tag}-{each}", "a" * length, "b" * length) for tag in range(5))) for each in range(number))
    remarks = tuple(Remark(Verdict.MAY_LOSE_DATA, f"cause {each} {'x' * length}", f"role-{each}", ROLE)
                    for each in range(number))
    access = tuple(AccessChange(AccessKind.GAINS, f"p{each}", f"p{each} may {'y' * length}", ("d" * length,) * 40)
                   for each in range(number))
    return of(*(replace(environment(name), changes=changes, remarks=remarks, access=access)
                for name in ("dev", "prod")))


@pytest.mark.parametrize(("number", "length"), [(120, 30), (600, 100), (600, 2000)])
def test_a_comment_is_short_enough_and_keeps_verdicts_and_the_first_causes(number: int, length: int) -> None:
    large = many(number, length)
    text = markdown(large)
    assert len(text) <= LONGEST
    assert f"## Infrastructure review: {large.words}" in text
    assert "\n10. **may lose data**" in text
    assert "`mlstead review --format html` writes the whole" in text


def test_the_same_review_gives_the_same_comment() -> None:
    assert markdown(review()) == markdown(review())
