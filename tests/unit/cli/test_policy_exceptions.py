"""`mlstead policies exceptions`: what is excepted, until when, and an exit code that a nightly job goes by."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mlstead_toolkit.cli import console
from mlstead_toolkit.cli.exception_view import Term, listed
from mlstead_toolkit.cli.main import app
from mlstead_toolkit.policies.exceptions import Exceptions
from mlstead_toolkit.policies.reviewed_exception import ReviewedException

Except = Callable[..., None]


def day(days: int) -> datetime.date:
    """The day so many days from today."""
    return datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=days)


@pytest.fixture
def agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Except:
    """Write exceptions of a project, each ending so many days from today; the working directory is its infra/."""
    (tmp_path / ".copier-answers.yml").write_text("project_name: flight-delays\n")
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "Pulumi.yaml").write_text("name: flight-delays\n")
    monkeypatch.chdir(tmp_path / "infra")

    def do(*days: int) -> None:
        (tmp_path / "policy-exceptions.toml").write_text("\n".join(f"""
[[exception]]
rule = "ecr-lifecycle-policy"
resource = "images-{number}"
reason = "every image is kept until the audit is over"
owner = "ml@example.com"
expires = {day(each)}
""" for number, each in enumerate(days)))

    return do


def run(*words: str) -> Result:
    console.out.cache_clear()
    return CliRunner().invoke(app, ["policies", "exceptions", *words])


def test_a_project_without_exceptions_says_so(agree: Except) -> None:
    result = run()
    assert result.exit_code == 0
    assert result.output == "No rule is excepted: policy-exceptions.toml has no [[exception]].\n"


def test_exceptions_are_listed_what_ends_first_first(agree: Except) -> None:
    agree(200, 3)
    result = run()
    assert result.exit_code == 0
    [last, first] = [line for line in result.output.splitlines() if "images-" in line]
    assert "in 3 days" in last and "images-1" in last and "ml@example.com" in last and "audit" in last
    assert "in 200 days" not in first and str(day(200)) in first


def test_one_that_has_expired_is_exit_code_3_and_says_what_to_do(agree: Except) -> None:
    agree(200, -1)
    result = run()
    assert result.exit_code == 3
    assert "expired" in result.output
    assert "Next: mend what is excepted" in result.output


def test_the_last_day_still_counts(agree: Except) -> None:
    agree(0)
    assert run().exit_code == 0


def test_how_soon_is_soon_can_be_said(agree: Except) -> None:
    agree(45)
    assert "in 45 days" not in run().output
    assert "in 45 days" in run("--within", "60").output


def test_a_script_reads_them(agree: Except) -> None:
    agree(10, -2)
    result = run("--json")
    assert result.exit_code == 3
    assert [(one["resource"], one["term"], one["days"], one["level"]) for one in json.loads(result.output)] == [
        ("images-1", "expired", -2, "advisory"), ("images-0", "expires soon", 10, "advisory")]


def test_a_script_reads_an_empty_list(agree: Except) -> None:
    assert json.loads(run("--json").output) == []


def test_a_file_that_cannot_be_read_is_refused(agree: Except) -> None:
    Path("../policy-exceptions.toml").write_text("[[exception]]\nrule = 3\n")
    result = run()
    assert result.exit_code != 0
    assert result.exception is not None


def test_terms_go_by_the_day() -> None:
    one = ReviewedException(rule="kms-rotation", resource="*", reason="it is torn down in spring", owner="ml",
                            expires=datetime.date(2028, 3, 1))
    terms = [listed(Exceptions((one,)), datetime.date(2028, 3, 1) - datetime.timedelta(days=days), 30)[0].term
             for days in (31, 30, 0, -1)]
    assert terms == [Term.COUNTS, Term.SOON, Term.SOON, Term.EXPIRED]
