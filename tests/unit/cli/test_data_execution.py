"""The event that starts the pipeline is waited for, not a time; where none comes, the command starts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli import data_execution
from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.data_execution import TRIES, known_executions, settle
from mlstead_toolkit.cli.pipeline_execution import DATA
from mlstead_toolkit.cli.project_process import run_module
from mlstead_toolkit.project import Project


class FakeSageMaker:
    """A data pipeline with executions e0, e1, …; an event starts one more when it is looked at so many times."""

    def __init__(self, event_after: int | None, status: str = "Succeeded") -> None:
        self.executions, self.event_after, self.looks, self.status = ["e0"], event_after, 0, status
        self.started = 0

    def list_pipeline_executions(self, **_: Any) -> dict[str, Any]:
        self.looks += 1
        if self.looks == self.event_after:
            self.executions.append(f"e{len(self.executions)}")
        return {"PipelineExecutionSummaries": [{"PipelineExecutionArn": arn} for arn in reversed(self.executions)]}

    def start_pipeline_execution(self, **_: Any) -> dict[str, str]:
        self.started += 1
        self.executions.append(f"e{len(self.executions)}")
        return {"PipelineExecutionArn": self.executions[-1]}

    def describe_pipeline_execution(self, **_: Any) -> dict[str, str]:
        return {"PipelineExecutionStatus": self.status}

    def get_paginator(self, _: str) -> FakeSageMaker:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"PipelineExecutionSteps": []}]


def deployed(monkeypatch: pytest.MonkeyPatch, fake: FakeSageMaker) -> Deployment:
    monkeypatch.setattr(Deployment, "client", lambda self, service: fake)
    monkeypatch.setattr(data_execution, "LOCAL_PATIENCE", 0.3)
    monkeypatch.setattr(data_execution, "LOOK_AGAIN", 0.01)
    return Deployment(Project(Path(), "p"), "local", {DATA: "p-local-data"})


def test_the_execution_that_an_event_starts_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSageMaker(event_after=4)
    project = deployed(monkeypatch, fake)
    settle(project, known_executions(project), lambda: len(fake.executions) > 1, quiet=True)
    assert fake.started == 0


def test_where_no_event_comes_the_command_starts_the_pipeline_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = FakeSageMaker(event_after=None)
    project = deployed(monkeypatch, fake)
    settle(project, known_executions(project), lambda: fake.started > 0, quiet=True)
    assert fake.started == 1 and "started nothing" in capsys.readouterr().err


def test_an_execution_that_began_before_the_files_were_there_is_followed_by_another(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeSageMaker(event_after=2)
    project = deployed(monkeypatch, fake)
    settle(project, known_executions(project), lambda: len(fake.executions) > 2, quiet=True)
    assert fake.executions == ["e0", "e1", "e2"]


def test_books_that_never_have_it_end_the_command_with_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSageMaker(event_after=None)
    project = deployed(monkeypatch, fake)
    with pytest.raises(MlsteadError, match="mlstead logs local Ingest"):
        settle(project, known_executions(project), lambda: False, quiet=True)
    assert fake.started == TRIES


def test_a_failed_execution_names_the_command_that_starts_another(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSageMaker(event_after=2, status="Failed")
    project = deployed(monkeypatch, fake)
    with pytest.raises(MlsteadError, match="mlstead data run local starts another"):
        settle(project, known_executions(project), lambda: True, quiet=True)


def test_a_child_that_fails_is_told_by_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    reason = "error: no such oven.\n  where: kitchen\n  fix:   buy one"
    (tmp_path / "broken.py").write_text(f"import sys; sys.exit({reason!r})")
    (tmp_path / "chatty.py").write_text("import sys; print('7'); print('half way', file=sys.stderr)")
    monkeypatch.setattr("mlstead_toolkit.cli.project_process.ensure_environment", lambda *_: Path(sys.executable))
    told: list[str] = []
    with pytest.raises(MlsteadError) as caught:
        run_module(Project(tmp_path, "p"), "broken", [], told.append)
    assert (caught.value.what, caught.value.where, caught.value.fix) == ("no such oven.", "kitchen", "buy one")
    assert run_module(Project(tmp_path, "p"), "chatty", [], told.append) == "7\n" and told == ["half way"]
