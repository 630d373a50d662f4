"""An execution on a terminal: its steps as they end, and the reason of the one that failed."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from rich.markup import escape

from mlstead_toolkit.cli.pipeline_execution import ENDED, ExecutionFailed, follow

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.cli.pipeline_execution import ExecutionState, PipelineStep

LAST_LINES = 15


def watch(deployed: Deployment, arn: str, pipeline: str, *, quiet: bool) -> ExecutionState:
    """Follow an execution to its end; each step is printed once it has ended.

    Args:
        deployed: whose.
        arn: the execution's.
        pipeline: the output that names the pipeline.
        quiet: print no steps, as for --json.
    """
    from mlstead_toolkit.cli.console import err, note

    told: set[str] = set()
    try:
        note(f"Pipeline {deployed.output(pipeline)}, execution {arn.rsplit('/', 1)[-1]}")
        with err().status("starting") as live:
            for state in follow(deployed, arn):
                for step in takewhile(lambda step: step.status in ENDED, state.steps):
                    if step.name not in told:
                        told.add(step.name)
                        if not quiet:
                            _print_step(step)
                running = [step for step in state.steps if step.status not in ENDED]
                live.update(", ".join(f"{step.name}{_doing(deployed, step)}" for step in running) + " …")
        return state
    except KeyboardInterrupt:
        note("\nNo longer following; the execution goes on. To stop it: "
             f"aws sagemaker stop-pipeline-execution --pipeline-execution-arn {arn}"
             + (' (after eval "$(mlstead env local)")' if deployed.local else ""))
        raise


def failure(deployed: Deployment, state: ExecutionState, pipeline: str, again: str) -> ExecutionFailed:
    """Say which step failed and why, with its last lines.

    Args:
        deployed: whose.
        state: how the execution ended.
        pipeline: the output that names the pipeline.
        again: what to type to start another.
    """
    from mlstead_toolkit.cli.console import err
    from mlstead_toolkit.cli.job_logs import job_source, messages, without_tracebacks

    failed = next((step for step in state.steps if step.status == "Failed"), None)
    if failed is None:
        return ExecutionFailed(f"The execution ended {state.status}: {state.failure or 'no reason given'}",
                               where=state.arn, fix=f"{again} starts another")
    hint = f"mlstead logs {deployed.environment} {failed.name} shows all it wrote" if failed.job else (
        f"change what it asks for, or the data and the model, then type: {again}")
    where = f"pipeline {deployed.output(pipeline)}, step {failed.name}"
    if failed.job is not None:
        last, frames = without_tracebacks(messages(deployed.client("logs"), job_source(*failed.job)))
        if last:
            err().print(f"The last lines of {failed.name}:", style="bold")
            for line in last[-LAST_LINES:]:
                err().print(f"  {line}", style="dim", markup=False)
        where = _own_place(deployed, frames) or where
        if not last and not frames:
            hint = f"it wrote nothing; {again} starts another"
        if "is not authorized to perform" in (failed.failure or ""):
            hint = (f"grant it in infra/__main__.py, such as lake.grant_read(training, \"features\"), then type: "
                    f"mlstead up {deployed.environment}")
    return ExecutionFailed(f"{failed.name} failed: {failed.failure or state.failure or 'no reason given'}",
                           where=where, fix=hint)


def _doing(deployed: Deployment, step: PipelineStep) -> str:
    """Give the last line that a running step wrote, where somebody sits at the terminal and sees it."""
    from mlstead_toolkit.cli.console import err
    from mlstead_toolkit.cli.job_logs import job_source, last_message

    if step.job is None or not err().is_terminal:
        return ""
    written = last_message(deployed.client("logs"), job_source(*step.job))
    return f": {escape(written[:80])}" if written else ""


def _print_step(step: PipelineStep) -> None:
    from rich.text import Text

    from mlstead_toolkit.cli.console import out

    mark, style = {"Succeeded": ("✓", "green"), "Failed": ("✗", "bold red")}.get(step.status, ("-", "yellow"))
    seconds = "" if step.seconds is None else f"{step.seconds:6.1f} s"
    out().print(Text.assemble((f" {mark} ", style), f"{step.name:<24}{seconds}"))


def _own_place(deployed: Deployment, frames: list[tuple[str, int]]) -> str | None:
    """Name the innermost line of the project's own code, relative to its root."""
    root = f"{deployed.project.root}/"
    own = [(file.removeprefix(root), line) for file, line in frames if file.startswith(f"{root}src/")]
    return f"{own[-1][0]}:{own[-1][1]}" if own else None
