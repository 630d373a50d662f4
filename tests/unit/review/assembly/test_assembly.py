"""The verdict follows from the remarks, and only what this change brings counts."""

from __future__ import annotations

import pytest

from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.review import assembly
from mlstead_toolkit.review.assembly import assemble, by_risk, counts_of, unchanged_of, verdicts_of
from mlstead_toolkit.review.comparison import BASE, HEAD, Comparison, Graph, Problem
from mlstead_toolkit.review.report import EnvironmentReview, Remark, ResourceChange, Review
from mlstead_toolkit.review.verdict import Verdict

NOTHING = Graph((), {}, {}, Report("shop", "dev", ()))
MILD, WORSE, WORST = Verdict.COSTS_MORE, Verdict.MAY_LOSE_DATA, Verdict.CANNOT_BE_DEPLOYED


def remark(verdict: Verdict, subject: str = "a", text: str = "it would") -> Remark:
    return Remark(verdict, text, subject, "aws:s3/bucket:Bucket")


def problem(side: str, environment: str = "dev") -> Problem:
    return Problem(environment, side, "It raises.", "infra/__main__.py:3", "mend it")


def reviewed(comparison: Comparison, *problems: Problem) -> Review:
    return assemble([comparison], base="main (1a2b3c4)", head="this change", problems=problems)


def test_what_differs_in_nothing_is_safe() -> None:
    found = reviewed(Comparison("shop", "dev", NOTHING, NOTHING))
    assert found.verdicts == (Verdict.SAFE,) and found.words == "safe" and found.compared


def test_a_verdict_names_all_that_hold_the_worst_first() -> None:
    found = verdicts_of([remark(MILD), remark(WORSE), remark(MILD, "b")], [])
    assert found == (WORSE, MILD)
    assert EnvironmentReview("dev", found, (), 0).words == "may lose data · costs more"


def test_a_reviewer_looks_first_at_the_worst_and_reads_nothing_twice() -> None:
    found = by_risk([remark(MILD, "b"), remark(MILD, "a"), remark(WORSE, "z"), remark(MILD, "b")])
    assert [(one.verdict, one.subject) for one in found] == [(WORSE, "z"), (MILD, "a"), (MILD, "b")]


def test_what_is_wrong_with_the_head_cannot_be_deployed() -> None:
    found = reviewed(Comparison("shop", "dev", NOTHING, None, problems=(problem(HEAD),)))
    assert found.verdicts == (WORST,) and found.environments[0].problems == (problem(HEAD),)


def test_a_head_that_is_refused_once_it_is_planned_cannot_be_deployed() -> None:
    assert reviewed(Comparison("shop", "dev", NOTHING, NOTHING), problem(HEAD)).verdicts == (WORST,)


def test_a_base_that_cannot_be_evaluated_is_no_fault_of_the_head_and_no_safe_change_either() -> None:
    found = reviewed(Comparison("shop", "dev", None, NOTHING, problems=(problem(BASE),)))
    assert found.verdicts == () and found.words == "not compared" and not found.compared
    assert found.environments[0].changes == () and assembly.UNJUDGED in found.environments[0].notes


def test_a_problem_of_the_whole_base_leaves_every_environment_unjudged() -> None:
    comparisons = [Comparison("shop", name, None, NOTHING) for name in ("dev", "prod")]
    found = assemble(comparisons, base="main", head="this change", problems=[problem(BASE, "")])
    assert [one.verdicts for one in found.environments] == [(), ()]
    assert found.problems == (problem(BASE, ""),)  # told once
    assert all(one.problems == () for one in found.environments)


def test_what_was_not_compared_shows_beside_what_was() -> None:
    comparisons = [Comparison("shop", "dev", NOTHING, None, problems=(problem(HEAD),)),
                   Comparison("shop", "prod", None, NOTHING, problems=(problem(BASE, "prod"),))]
    found = assemble(comparisons, base="main", head="this change")
    assert found.words == "cannot be deployed · not compared" and found.verdict is WORST


def test_where_the_base_has_no_such_environment_everything_is_new_and_judged() -> None:
    assert reviewed(Comparison("shop", "dev", None, NOTHING)).compared


def test_an_environment_that_goes_is_no_danger_and_says_what_stays() -> None:
    (found,) = reviewed(Comparison("shop", "dev", NOTHING, None)).environments
    assert found.verdicts == (Verdict.SAFE,) and "Pulumi.dev.yaml is gone" in found.notes[0]


def test_without_a_base_what_no_base_excuses_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlstead_toolkit.review.policies.remarks_of_policies",
                        lambda _: (remark(WORST, "exception"), remark(Verdict.WEAKENS_A_CONTROL)))
    found = reviewed(Comparison("shop", "dev", None, NOTHING, problems=(problem(BASE),)))
    assert found.verdicts == (WORST,) and [one.subject for one in found.environments[0].remarks] == ["exception"]


def test_counts_are_in_the_order_of_a_plan_and_components_are_not_counted() -> None:
    changes = [ResourceChange(operation, "aws:s3/bucket:Bucket", "x") for operation in
               (Operation.DELETE, Operation.CREATE, Operation.DELETE)]
    assert counts_of(changes) == (("create", 1), ("delete", 2))
    steps = (Step(Operation.SAME, "u", "t", "n"), Step(Operation.SAME, "c", "t", "n", custom=False),
             Step(Operation.UPDATE, "v", "t", "n"))
    assert unchanged_of(Comparison("shop", "dev", NOTHING, NOTHING, steps)) == 1


def test_problems_of_the_sides_join_their_environment_once() -> None:
    comparison = Comparison("shop", "dev", NOTHING, NOTHING, problems=(problem(BASE),))
    found = reviewed(comparison, problem(BASE), problem(HEAD, "prod")).environments[0]
    assert found.problems == (problem(BASE),) and found.verdicts == (Verdict.SAFE,)
