"""Sides that do not load, environments that are missing: said with file and line, and the rest goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evaluation_lab import LINES, SETTINGS, Lab, operations

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.evaluations import Evaluations

ALL = {"dev": SETTINGS, "staging": SETTINGS, "prod": SETTINGS}
BROKEN_IN_STAGING = """
if pulumi.get_stack() == "staging":
    raise ValueError("no such thing")
Bucket("raw")
"""


def test_a_program_that_raises_is_told_with_its_line_and_the_others_go_on(lab: Lab) -> None:
    lab.write("base", 'Bucket("raw")', ALL)
    lab.write("head", BROKEN_IN_STAGING, ALL)
    dev, staging, prod = lab.compare(*ALL)
    (problem,) = staging.problems
    assert (problem.side, problem.environment) == ("head", "staging")
    assert problem.message == "ValueError: no such thing"
    assert problem.where == f"infra/__main__.py:{LINES + 2}"
    assert staging.after is None and staging.before is not None and staging.steps == ()
    for other in (dev, prod):
        assert not other.problems and operations(other) == {"raw": Operation.SAME}


def test_a_base_that_raises_leaves_the_head_reviewed_by_itself(lab: Lab) -> None:
    lab.write("base", BROKEN_IN_STAGING, ALL)
    lab.write("head", 'Bucket("raw")', ALL)
    _, staging, _ = lab.compare(*ALL)
    (problem,) = staging.problems
    assert problem.side == "base" and problem.where == f"infra/__main__.py:{LINES + 2}"
    assert staging.before is None and staging.after is not None
    assert staging.steps == ()


def test_a_program_with_a_syntax_error_is_told_with_its_line(lab: Lab) -> None:
    found = lab.change('Bucket("raw")', 'Bucket("raw"\n)\ndef (')
    (problem,) = found.problems
    assert problem.message.startswith("SyntaxError") and problem.where == f"infra/__main__.py:{LINES + 3}"


def test_a_refusal_of_a_component_is_told_with_the_line_that_asked_for_it(lab: Lab) -> None:
    found = lab.change('Bucket("raw")', """
    class MlsteadError(Exception):
        pass
    def component():
        raise MlsteadError("The size is wrong.\\n  where: Endpoint e\\n  fix:   write ml.m5.large")
    component()
    """)
    (problem,) = found.problems
    assert problem.message == "The size is wrong. (Endpoint e)"
    assert problem.fix == "write ml.m5.large"
    assert problem.where == f"infra/__main__.py:{LINES + 4}"


def test_an_environment_that_is_new_is_all_made(lab: Lab) -> None:
    lab.write("base", 'Bucket("raw")')
    lab.write("head", 'Bucket("raw")', ALL)
    _, prod = lab.compare("dev", "prod")
    assert prod.before is None and prod.after is not None and not prod.problems
    assert operations(prod) == {"raw": Operation.CREATE}


def test_an_environment_that_is_gone_is_said_by_leaving_its_after_out(lab: Lab) -> None:
    lab.write("base", 'Bucket("raw")', ALL)
    lab.write("head", 'Bucket("raw")')
    dev, prod = lab.compare("dev", "prod")
    assert prod.before is not None and prod.after is None and prod.steps == () and not prod.problems
    assert dev.after is not None


def test_a_side_that_is_not_there_is_compared_with_nothing(lab: Lab) -> None:
    lab.write("head", 'Bucket("raw")')
    (found,) = lab.compare()
    assert found.before is None and operations(found) == {"raw": Operation.CREATE}


def test_settings_that_cannot_be_read_are_a_problem_of_their_environment(lab: Lab) -> None:
    lab.write("base", 'Bucket("raw")', ALL)
    lab.write("head", 'Bucket("raw")', ALL | {"prod": "config: [\n"})
    dev, prod = lab.compare("dev", "prod")
    (problem,) = prod.problems
    assert problem.where == "infra/Pulumi.prod.yaml:2" and "YAML" in problem.message
    assert not dev.problems


def test_a_property_that_aws_would_refuse_is_told_with_the_resources_line(lab: Lab) -> None:
    found = lab.change('Bucket("raw")', '\nBucket("raw", buckett="x")')
    (problem,) = found.problems
    assert problem.message.startswith("raw: buckett:") and problem.where == f"infra/__main__.py:{LINES + 1}"


def test_what_both_sides_are_refused_for_is_no_problem_of_the_change(lab: Lab) -> None:
    found = lab.change('Bucket("bad", buckett="x")\nBucket("raw")', 'Bucket("bad", buckett="x")\nBucket("raw")')
    assert not found.problems
    (note,) = found.notes
    assert note.startswith("On both sides: bad: buckett:")


def test_exceptions_that_cannot_be_read_are_a_problem(lab: Lab) -> None:
    lab.write("base", 'Bucket("raw")')
    lab.write("head", 'Bucket("raw")')
    (lab.folder / "head" / "policy-exceptions.toml").write_text("[[exception]]\nrule = 7\n")
    (found,) = lab.compare()
    (problem,) = found.problems
    assert problem.where.startswith("policy-exceptions.toml")


def test_a_process_that_dies_is_told_and_the_next_environment_has_another(lab: Lab) -> None:
    lab.write("base", 'Bucket("raw")', ALL)
    lab.write("head", 'import os\nif pulumi.get_stack() == "staging":\n    os._exit(3)\nBucket("raw")', ALL)
    _, staging, prod = lab.compare(*ALL)
    assert "ended by itself (exit code 3)" in staging.problems[0].message
    assert operations(prod) == {"raw": Operation.SAME}


def test_a_program_gets_no_credentials_of_whoever_reviews_it(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "GITHUB_TOKEN", "CI_JOB_TOKEN", "PULUMI_CONFIG_PASSPHRASE",
             "ACTIONS_ID_TOKEN_REQUEST_URL", "MLSTEAD_FORGE_TOKEN", "DATABASE_PASSWORD")
    for name in names:
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("HARMLESS", "x")
    lab.write("base", 'Bucket("raw")', {"dev": SETTINGS})
    seen = f"sorted({{*os.environ}} & {{*{[*names, 'HARMLESS']}}})"
    lab.write("head", f"import os\nraise ValueError({seen})", {"dev": SETTINGS})
    with Evaluations() as fresh:
        (dev,) = replace(lab, evaluations=fresh).compare("dev")
    (problem,) = dev.problems
    assert problem.message == "ValueError: ['HARMLESS']"
