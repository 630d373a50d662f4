"""`mlstead train`: run the training pipeline and follow it."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.cli.project import find_project

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.cli.pipeline_execution import ExecutionState, PipelineStep

Parameters = Annotated[list[str] | None, typer.Option(
    "--parameter", "-p", help="Override one of the pipeline's parameters, as Name=value; may be repeated.",
    metavar="NAME=VALUE")]
LAST_LINES = 15


def train(environment: Environment, parameter: Parameters = None, json: AsJson = False) -> None:
    """Run the training pipeline, follow it step by step, and print what the new model is worth."""
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.pipeline_execution import start

    deployed = deployment(find_project(), environment)
    arn = start(deployed, parameter or [])
    state = _follow(deployed, arn, json=json)
    if state.status != "Succeeded":
        raise _failure(deployed, state)
    _conclude(deployed, state, json=json)


def _follow(deployed: Deployment, arn: str, *, json: bool) -> ExecutionState:
    from mlstead_toolkit.cli.console import err, note
    from mlstead_toolkit.cli.pipeline_execution import ENDED, follow

    note(f"Pipeline {deployed.output('pipeline_name')}, execution {arn.rsplit('/', 1)[-1]}")
    told: set[str] = set()
    try:
        with err().status("starting") as live:
            for state in follow(deployed, arn):
                for step in takewhile(lambda step: step.status in ENDED, state.steps):
                    if step.name not in told:
                        told.add(step.name)
                        if not json:
                            _print_step(step)
                running = [step.name for step in state.steps if step.status not in ENDED]
                live.update(f"{', '.join(running)} …" if running else "…")
        return state
    except KeyboardInterrupt:
        note("\nNo longer following; the execution goes on. To stop it: "
             f"aws sagemaker stop-pipeline-execution --pipeline-execution-arn {arn}"
             + (' (after eval "$(mlstead env local)")' if deployed.local else ""))
        raise


def _print_step(step: PipelineStep) -> None:
    from rich.text import Text

    from mlstead_toolkit.cli.console import out

    mark, style = {"Succeeded": ("✓", "green"), "Failed": ("✗", "bold red")}.get(step.status, ("-", "yellow"))
    seconds = "" if step.seconds is None else f"{step.seconds:6.1f} s"
    out().print(Text.assemble((f" {mark} ", style), f"{step.name:<24}{seconds}"))


def _conclude(deployed: Deployment, state: ExecutionState, *, json: bool) -> None:
    from mlstead_toolkit.cli.console import next_step, say, say_json
    from mlstead_toolkit.cli.metrics_view import print_metrics
    from mlstead_toolkit.cli.model_registry import evaluation

    package = next((step.model_package for step in state.steps if step.model_package), None)
    version = int(package.rsplit("/", 1)[-1]) if package else None
    measured = evaluation(deployed, package) if package else {}
    if json:
        say_json({"execution": state.arn, "status": state.status, "model_version": version, "model_package": package,
                  "metrics": measured, "steps": {step.name: {"status": step.status, "seconds": step.seconds}
                                                 for step in state.steps}})
        return
    if measured:
        say()
        print_metrics(measured)
        say()
    if version is None:
        say("The pipeline succeeded and registered no model.")
    else:
        group = deployed.output("model_package_group")
        say(f"Registered as version {version} of {group}, waiting for approval.", "bold")
        next_step(f"mlstead approve {deployed.environment} {version}")


def _failure(deployed: Deployment, state: ExecutionState) -> Exception:
    """Say which step failed and why, with its last lines."""
    from mlstead_toolkit.cli.console import err
    from mlstead_toolkit.cli.job_logs import job_source, messages, without_tracebacks
    from mlstead_toolkit.cli.pipeline_execution import TrainingFailed

    failed = next((step for step in state.steps if step.status == "Failed"), None)
    if failed is None:
        return TrainingFailed(f"The execution ended {state.status}: {state.failure or 'no reason given'}",
                              where=state.arn, fix=f"mlstead train {deployed.environment} starts another")
    hint = f"mlstead logs {deployed.environment} {failed.name} shows all it wrote" if failed.job else (
        "change what it asks for, or the data and the model, then train again")
    where = f"pipeline {deployed.output('pipeline_name')}, step {failed.name}"
    if failed.job is not None:
        last, frames = without_tracebacks(messages(deployed.client("logs"), job_source(*failed.job)))
        if last:
            err().print(f"The last lines of {failed.name}:", style="bold")
            for line in last[-LAST_LINES:]:
                err().print(f"  {line}", style="dim", markup=False)
        where = _own_place(deployed, frames) or where
        if not last and not frames:
            hint = f"it wrote nothing; mlstead train {deployed.environment} starts another"
        if "is not authorized to perform" in (failed.failure or ""):
            hint = (f"grant it in infra/__main__.py, such as lake.grant_read(training, \"features\"), then type: "
                    f"mlstead up {deployed.environment}")
    return TrainingFailed(f"{failed.name} failed: {failed.failure or state.failure or 'no reason given'}",
                          where=where, fix=hint)


def _own_place(deployed: Deployment, frames: list[tuple[str, int]]) -> str | None:
    """Name the innermost line of the project's own code, relative to its root."""
    root = f"{deployed.project.root}/"
    own = [(file.removeprefix(root), line) for file, line in frames if file.startswith(f"{root}src/")]
    return f"{own[-1][0]}:{own[-1][1]}" if own else None
