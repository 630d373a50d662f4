"""What SageMaker lays out around a container: folders, hyperparameters, and where it looks for the reason of a failure.

SageMaker mounts everything below /opt/ml. SAGEMAKER_BASE_DIR moves that root, so that a step runs anywhere.
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
"""

import errno
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mlstead.errors import MlsteadError

_CALLS = 4  # of those that led to an error


def base_directory() -> Path:
    """Give the root of SageMaker's layout: /opt/ml, or what SAGEMAKER_BASE_DIR names."""
    return Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))


def processing_input(name: str) -> Path:
    """Give the folder that a processing job's input was downloaded to."""
    return base_directory() / "processing" / "input" / name


def processing_output(name: str) -> Path:
    """Give the folder that a processing job's output is uploaded from, made if missing."""
    return _made(base_directory() / "processing" / "output" / name)


def scratch() -> Path | None:
    """Give where a job's own files may be large: its volume, which is below the root; None: where the system says."""
    volume = base_directory() / "processing"
    return volume if volume.is_dir() and os.access(volume, os.W_OK) else None


def training_channel(name: str) -> Path:
    """Give the folder that a training job's channel was downloaded to."""
    return base_directory() / "input" / "data" / name


def model_directory() -> Path:
    """Give the folder that becomes model.tar.gz, and that an endpoint unpacks it to again; made if missing."""
    return _made(base_directory() / "model")


def hyperparameters() -> dict[str, str]:
    """Read the training job's hyperparameters; SageMaker passes every value as text."""
    path = base_directory() / "input" / "config" / "hyperparameters.json"
    return {} if not path.exists() else json.loads(path.read_text(encoding="utf-8"))


def run(step: Callable[[], None], *, tells: type[Exception] = Exception) -> None:
    """Run a step, logging to stdout; a failure is told where SageMaker picks up the reason, and ends with code 1.

    Args:
        step: what to run.
        tells: errors that are told in their own words. Of others only the type and the place are: where personal data
            is worked on, the words of an error that nobody foresaw may hold it.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logging.getLogger("botocore").setLevel(logging.WARNING)  # else it says where it found credentials, call by call
    try:
        step()
    except Exception as error:
        reason = _reason(error, tells)
        sys.stderr.write(f"{traceback.format_exc() if tells is Exception else _place(error)}\n{reason}\n")
        # A training job's reason is read from `failure`, a processing job's from `message`; both keep 1,024 characters.
        for name in ("failure", "message"):
            with suppress(OSError):  # of a full disk
                (_made(base_directory() / "output") / name).write_text(reason[:1024], encoding="utf-8")
        sys.exit(1)


def _reason(error: Exception, tells: type[Exception]) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return str(MlsteadError("The disk of the job is full.", where=str(scratch() or base_directory()),
                                fix="give it a larger volume: VOLUME_GB in pipelines/_steps.py"))
    if isinstance(error, tells):
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__} {_place(error)}"


def _place(error: Exception) -> str:
    """Say where an error was raised: the innermost calls, and nothing of what they were called with."""
    calls = traceback.extract_tb(error.__traceback__)[-_CALLS:]
    return "in " + ", called from ".join(f"{call.filename}:{call.lineno}" for call in reversed(calls))


def _made(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return directory
