"""`mlstead review` fails by how bad the change is, and writes its document whole."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.output_file import refuse_place, write
from mlstead_toolkit.cli.review_format import ReviewFormat
from mlstead_toolkit.cli.review_run import ReviewProgress, binding_settings, changed_settings, document, exit_code
from mlstead_toolkit.review.comparison import BASE, HEAD, Problem
from mlstead_toolkit.review.report import EnvironmentReview, Review
from mlstead_toolkit.review.settings import read_settings
from mlstead_toolkit.review.sides.sides import Sides
from mlstead_toolkit.review.verdict import Verdict

COMMAND = [sys.executable, "-m", "mlstead_toolkit", "review"]
LOST = Verdict.CANNOT_BE_DEPLOYED


def review(*verdicts: tuple[Verdict, ...], problem: str = "") -> Review:
    environments = tuple(EnvironmentReview(f"env{number}", found, (), 0) for number, found in enumerate(verdicts))
    problems = (Problem("", problem, "It is broken."),) if problem else ()
    return Review("shop", "main (1a2b3c4)", "this change", environments, problems)


@pytest.mark.parametrize(("found", "fail_on", "code"), [
    (review((Verdict.SAFE,)), Verdict.COSTS_MORE, 0),
    (review((Verdict.DOWNTIME, Verdict.COSTS_MORE)), Verdict.MAY_LOSE_DATA, 0),
    (review((Verdict.DOWNTIME, Verdict.COSTS_MORE)), Verdict.DOWNTIME, 13),
    (review((Verdict.SAFE,), (Verdict.WEAKENS_A_CONTROL,)), Verdict.COSTS_MORE, 16),
    (review((LOST,)), LOST, 17),
    (review((Verdict.SAFE,), problem=HEAD), LOST, 17),
    (review((), problem=BASE), LOST, 1),
    (review((), (Verdict.SAFE,)), LOST, 1),
    (review((), (LOST,)), LOST, 17),
    (review((), (Verdict.DOWNTIME,)), LOST, 1),
])
def test_the_exit_code_is_the_worst_verdicts_from_the_threshold_on(found: Review, fail_on: Verdict, code: int) -> None:
    assert exit_code(found, fail_on) == code


def test_every_format_says_the_verdict_and_is_the_same_twice() -> None:
    found = review((Verdict.WEAKENS_A_CONTROL, Verdict.COSTS_MORE))
    for form in ReviewFormat:
        text = document(found, form)
        assert text == document(found, form) and text.endswith("\n"), form
        assert form is ReviewFormat.SARIF or "weakens a control" in text, form


def test_what_was_not_compared_never_reads_safe() -> None:
    for form in (ReviewFormat.MARKDOWN, ReviewFormat.HTML, ReviewFormat.JSON):
        text = document(review((), problem=BASE), form)
        assert "not compared" in text and "safe" not in text.replace("safe-", ""), form


def test_a_file_that_could_not_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(MlsteadError, match="not there") as refused:
        refuse_place(tmp_path / "build" / "review.md")
    assert "mkdir -p" in str(refused.value.fix)
    with pytest.raises(MlsteadError, match="a folder"):
        refuse_place(tmp_path)


def test_a_failed_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "review.md"
    write(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write(file, "\ud800")
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def test_progress_is_on_stderr_alone_and_silent_for_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    for quiet, told in ((True, ""), (False, "evaluating dev\n")):
        with ReviewProgress(quiet=quiet) as progress:
            progress("evaluating dev")
        assert capsys.readouterr() == ("", told)


def test_a_change_that_lowers_its_own_bar_says_so(tmp_path: Path) -> None:
    def folder(name: str, fail_on: str) -> Path:
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(f'[tool.mlstead.review]\nfail_on = "{fail_on}"\n')
        return tmp_path / name

    before, after = folder("base", "downtime"), folder("head", "cannot be deployed")
    sides = Sides("shop", None, None, "main", "this change", ("dev",), after, before)
    (note,) = changed_settings(sides, read_settings(after))
    assert "fail on cannot be deployed; until now it was on downtime" in note
    assert changed_settings(replace(sides, base_settings=after), read_settings(after)) == []


@pytest.mark.parametrize(("before", "after", "fail_on", "environments"), [
    ('fail_on = "downtime"', 'fail_on = "cannot be deployed"', Verdict.DOWNTIME, ()),
    ("", 'fail_on = "downtime"', Verdict.DOWNTIME, ()),
    ("", 'environments = ["dev"]', Verdict.CANNOT_BE_DEPLOYED, ()),
    ('environments = ["prod", "gone"]', 'environments = ["dev"]', Verdict.CANNOT_BE_DEPLOYED, ("dev", "prod")),
])
def test_no_change_lowers_its_own_bar(tmp_path: Path, before: str, after: str, fail_on: Verdict,
                                      environments: tuple[str, ...]) -> None:
    for name, line in (("base", before), ("head", after)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(f"[tool.mlstead.review]\n{line}\n")
    sides = Sides("shop", None, None, "main", "this change", ("dev", "prod"), tmp_path / "head", tmp_path / "base")
    binding = binding_settings(sides, read_settings(sides.settings))
    assert (binding.fail_on, binding.environments) == (fail_on, environments)


@pytest.mark.parametrize(("words", "told"), [
    (["--fail-on", "danger"], "one of costs more, replaces"),
    (["--output", "nowhere/review.md"], "mkdir -p nowhere"),
    ([], "git init"),
])
def test_what_cannot_be_reviewed_is_one_error_with_its_fix_and_exit_code_1(
        tmp_path: Path, words: list[str], told: str) -> None:
    done = subprocess.run([*COMMAND, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60,
                          env=os.environ | {"MLSTEAD_HOME": str(tmp_path / "home"),
                                            "GIT_CEILING_DIRECTORIES": str(tmp_path)})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ") and told in done.stderr and "Traceback" not in done.stderr
