"""A step that fails says why, where SageMaker looks; words that may hold cells are not told."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_jobs.container import run

CELL = "ada@example.com"


class Refused(MlsteadError):
    """A failure that was foreseen."""


@pytest.fixture
def failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a step that fails; give the reason, which both files and the log must hold."""
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))

    def run_it(step: Callable[[], None], **how: type[Exception]) -> tuple[str, str]:
        with pytest.raises(SystemExit) as ended:
            run(step, **how)
        assert ended.value.code == 1
        reason, message = ((tmp_path / "output" / name).read_text() for name in ("failure", "message"))
        assert reason == message
        return reason, "".join(capsys.readouterr())

    return run_it


def wrong() -> None:
    raise ValueError(f"could not convert {CELL}")


def refused() -> None:
    try:
        wrong()
    except ValueError as error:
        raise Refused("The file is broken.", where="flights-04.csv", fix="deliver it again") from error


def full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_projects_own_step_tells_its_errors_in_their_words(failed):
    reason, log = failed(wrong)
    assert reason == f"ValueError: could not convert {CELL}" and "Traceback" in log


def test_where_personal_data_is_worked_on_an_error_that_nobody_foresaw_is_told_by_its_place_alone(failed):
    reason, log = failed(wrong, tells=MlsteadError)
    assert reason.startswith(f"ValueError in {__file__}:{wrong.__code__.co_firstlineno + 1}, called from ")
    assert CELL not in reason + log and "ValueError in" in log


def test_what_was_foreseen_is_told_with_what_to_do_and_without_what_led_to_it(failed):
    reason, log = failed(refused, tells=MlsteadError)
    assert "The file is broken." in reason and "deliver it again" in reason and "flights-04.csv" in log
    assert CELL not in reason + log


@pytest.mark.parametrize("how", [{}, {"tells": MlsteadError}])
def test_a_full_disk_is_told_with_what_makes_it_larger(failed, how):
    reason, log = failed(full, **how)
    assert "The disk of the job is full." in reason and "VOLUME_GB in pipelines/_steps.py" in reason
    assert "VOLUME_GB" in log
