"""The data pipeline as a command sees it: an event starts it, the command follows, and ends when the books say so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from mlstead_toolkit.cli.data_declarations import DataError
from mlstead_toolkit.cli.data_zones import data_zones
from mlstead_toolkit.cli.pipeline_execution import DATA, newest, start

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment

LOCAL_PATIENCE, PATIENCE = 10.0, 90.0  # seconds in which an event is expected to start the pipeline
LOOK_AGAIN = 0.2
LOOKED_AT = 20  # executions: more than start at once
TRIES = 3


def known_executions(deployed: Deployment) -> set[str]:
    """Name the executions that there are, so that one that an event starts is told from them."""
    return {found["PipelineExecutionArn"] for found in newest(deployed, DATA, LOOKED_AT)}


def settle(deployed: Deployment, before: set[str], done: Callable[[], bool], *, quiet: bool) -> None:
    """Follow the executions that an event has started until what it was about is done.

    Args:
        deployed: whose pipeline.
        before: the executions that there were before the event.
        done: whether the books have it.
        quiet: print no steps.

    Raises:
        ExecutionFailed: an execution ended otherwise.
        DataError: executions succeed and the books still lack it.
    """
    from mlstead_toolkit.cli.console import note

    for _ in range(TRIES):
        arn = _started(deployed, before)
        if arn is None:
            note("The event has started nothing so far; starting the pipeline.")
            arn = start(deployed, [], DATA)
        before.add(arn)
        run(deployed, arn, quiet=quiet)
        if done():
            return
    raise DataError("The pipeline ran, and the books do not have what was delivered.",
                    where=f"pipeline {deployed.output(DATA)}",
                    fix=f"mlstead logs {deployed.environment} Ingest says what it did")


def run(deployed: Deployment, arn: str, *, quiet: bool) -> None:
    """Follow an execution of the data pipeline to its end.

    Raises:
        ExecutionFailed: it did not succeed.
    """
    from mlstead_toolkit.cli.execution_view import failure, watch

    state = watch(deployed, arn, DATA, quiet=quiet)
    if state.status != "Succeeded":
        raise failure(deployed, state, DATA, f"mlstead data run {deployed.environment}")


def require_curated(deployed: Deployment) -> None:
    """Refuse where there is nothing that the gates have let through; a stack without a data pipeline passes.

    Raises:
        DataError: curated is empty.
    """
    if deployed.outputs.get(DATA) is None:
        return
    zones = data_zones(deployed)
    if next(iter(zones.curated.entries("")), None) is not None:
        return
    delivered = next(iter(zones.raw.entries("manifests/")), None) is not None
    raise DataError(
        "No data has passed the gates yet." if delivered else "There is no data to train on yet.",
        where=zones.curated.uri(), fix=f"mlstead data {'status' if delivered else 'ingest'} {deployed.environment}")


def _started(deployed: Deployment, before: set[str]) -> str | None:
    """Wait for an execution that was not there before; None: none came."""
    until = time.monotonic() + (LOCAL_PATIENCE if deployed.local else PATIENCE)
    while True:
        fresh = [found["PipelineExecutionArn"] for found in newest(deployed, DATA, LOOKED_AT)]
        if new := [arn for arn in fresh if arn not in before]:
            return str(new[-1])
        if time.monotonic() > until:
            return None
        time.sleep(LOOK_AGAIN)
