"""`mlstead logs`: what the project's jobs and its endpoint wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mlstead_toolkit.cli.arguments import Environment
from mlstead_toolkit.project import ProjectError, did_you_mean, find_project

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.cli.job_logs import LogSource

Of = Annotated[str | None, typer.Argument(
    metavar="WHAT", show_default=False,
    help="endpoint, training, processing, or a step: of the last training (Train, Prepare, …), or of the last data to "
         "come in (Ingest, Gate). Default: every step of the training.")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on printing as lines come; Ctrl-C ends it.")]


def logs(environment: Environment, what: Of = None, follow: Follow = False) -> None:
    """Print the lines that the endpoint, or the steps of the last training and of the last data that came in, wrote."""
    from mlstead_toolkit.cli import job_logs
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import note, out

    deployed = deployment(find_project(), environment)
    sources = _sources(deployed, what)
    client, console = deployed.client("logs"), out()
    if follow:
        if len(sources) > 1:
            raise ProjectError("Following takes one thing at a time.", where="WHAT",
                               fix=f"one of {', '.join(['endpoint', *sources])}")
        for event in job_logs.follow(client, next(iter(sources.values()))):
            console.print(f"{job_logs.clock(event)}  {event['message'].rstrip()}", markup=False)
    for name, source in sources.items():
        if len(sources) > 1:
            console.print(name, style="bold", markup=False)
        found = job_logs.lines(client, source)
        if not found:
            note(f"{name} has written nothing.")
        for event in found:
            console.print(f"{job_logs.clock(event)}  {event['message'].rstrip()}", markup=False)


def _sources(deployed: Deployment, what: str | None) -> dict[str, LogSource]:
    """Find the log streams that are meant, by the name that the user typed or would type."""
    from mlstead_toolkit.cli.job_logs import endpoint_source, job_source
    from mlstead_toolkit.cli.pipeline_execution import DATA, TRAINING

    if what is not None and what.lower() == "endpoint":
        return {"endpoint": endpoint_source(deployed.output("endpoint_name"))}
    jobs, of_data = _jobs(deployed, TRAINING), _jobs(deployed, DATA)
    if not jobs and (what is None or not of_data):
        raise ProjectError(f"No training has run in {deployed.environment!r} yet.",
                           where=deployed.output("pipeline_name"), fix=f"mlstead train {deployed.environment}")
    if what is None:
        chosen = jobs
    elif what.lower() in ("training", "processing"):
        chosen = {name: job for name, job in jobs.items() if job[0].lower().startswith(what.lower())}
    else:
        chosen = {name: job for name, job in {**of_data, **jobs}.items() if name.lower() == what.lower()}
    if not chosen:
        known = ["endpoint", "training", "processing", *jobs, *of_data]
        raise ProjectError(f"There is no {what!r} to print{did_you_mean(str(what), known)}.", where="WHAT",
                           fix=f"one of {', '.join(known)}")
    return {name: job_source(*job) for name, job in chosen.items()}


def _jobs(deployed: Deployment, pipeline: str) -> dict[str, tuple[str, str]]:
    """Give the jobs of a pipeline's last execution by the names of their steps; none where nothing ran."""
    from mlstead_toolkit.cli.pipeline_execution import latest

    last = latest(deployed, pipeline) if pipeline in deployed.outputs else None
    return {step.name: step.job for step in last.steps if step.job} if last else {}
