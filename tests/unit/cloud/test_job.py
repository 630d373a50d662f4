"""The orderly end of jobs and of the steps that wait for them, and the folders that they are held to."""

from __future__ import annotations

import gzip
import io
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.cloud.failure import AlgorithmFailure, ClientFailure
from mlstead_toolkit.cloud.sagemaker.job import Bench, Stopped
from mlstead_toolkit.cloud.sagemaker.model_server import _extract
from mlstead_toolkit.cloud.sagemaker.pipeline_definition import Step
from mlstead_toolkit.cloud.sagemaker.processing_job import ProcessingJob, _local
from mlstead_toolkit.cloud.sagemaker.step_run import StepRun


class StoppedContainer:
    """A container that is stopped in the moment in which it would start."""

    def __init__(self, job: ProcessingJob) -> None:
        self._job = job

    def start(self) -> None:
        self._job.stop()
        raise AlgorithmFailure("stopped before it started")

    def stop(self) -> None:
        """Nothing has started."""


class RunningJob:
    """A job that has not been told of its own end yet."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def stop(self) -> None:
        raise AssertionError("a step that has ended has nothing to stop")


def test_a_job_that_is_stopped_as_it_starts_is_stopped_and_not_failed() -> None:
    nothing: Any = None
    job = ProcessingJob("job", "arn", {"ProcessingJobStatus": "InProgress"}, [], "eu-west-1", nothing)
    container: Any = StoppedContainer(job)
    with pytest.raises(Stopped):
        job.contain(nothing, container, None)


def test_a_step_that_has_ended_stays_as_it_ended_when_it_is_stopped() -> None:
    nothing: Any = None
    run = StepRun(Step("Train", "Training", {}, frozenset(), None), nothing)
    job: Any = RunningJob()
    run._job = job
    run._end("Succeeded")
    run.stop()
    assert run.status == "Succeeded"


@pytest.mark.parametrize("path", ["/etc", "/opt/ml/../../etc", "/opt/ml/processing/../../../etc", "opt/ml/input"])
def test_a_folder_outside_opt_ml_is_refused(path: str, tmp_path: Path) -> None:
    nothing: Any = None
    with pytest.raises(ClientFailure, match="LocalPath"):
        _local(Bench(tmp_path, nothing, nothing, {}, nothing), path)


def test_an_archive_that_was_cut_off_is_the_callers_fault(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        entry = tarfile.TarInfo("model.bin")
        entry.size = 100_000
        archive.addfile(entry, io.BytesIO(bytes(range(250)) * 400))
    packed = gzip.compress(whole.getvalue())
    with pytest.raises(ClientFailure, match="Failed to extract model data archive"):
        _extract(packed[: len(packed) // 2], tmp_path, "s3://bucket/model.tar.gz")
