"""`mlstead train`: run the training pipeline and follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.project import find_project

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.cli.pipeline_execution import ExecutionState

Parameters = Annotated[list[str] | None, typer.Option(
    "--parameter", "-p", help="Override one of the pipeline's parameters, as Name=value; may be repeated.",
    metavar="NAME=VALUE")]


def train(environment: Environment, parameter: Parameters = None, json: AsJson = False) -> None:
    """Run the training pipeline, follow it step by step, and print what the new model is worth."""
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.data_execution import require_curated
    from mlstead_toolkit.cli.execution_view import failure, watch
    from mlstead_toolkit.cli.pipeline_execution import TRAINING, check, start

    deployed = deployment(find_project(), environment)
    parameters = check(deployed, parameter or [], TRAINING)
    require_curated(deployed)
    state = watch(deployed, start(deployed, parameters, TRAINING), TRAINING, quiet=json)
    if state.status != "Succeeded":
        raise failure(deployed, state, TRAINING, f"mlstead train {environment}")
    _conclude(deployed, state, json=json)


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
