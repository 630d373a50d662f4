"""`mlstead status`: what an environment has, serves and last trained, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.project import find_project

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment
    from mlstead_toolkit.cli.data_books import Books

MISSING = "Missing"  # what SageMaker has no word for: the stack says that there is an endpoint, and there is none


def status(environment: Environment, json: AsJson = False) -> None:
    """Show the data, the endpoint and the version it serves, the last training, and the alarms."""
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import next_step, say_json

    deployed = deployment(find_project(), environment)
    books, facts = _books(deployed), _facts(deployed)
    facts["data"] = books and books.totals() | {"adds_up": books.adds_up}
    if json:
        say_json(facts)
        return
    _print(facts, books)
    next_step(_next(deployed, facts))


def _books(deployed: Deployment) -> Books | None:
    """Read what the data's records say, without looking at the data itself; None where there is no data pipeline."""
    from mlstead_toolkit.cli.data_arrival import read_all
    from mlstead_toolkit.cli.pipeline_execution import DATA

    return read_all(deployed) if DATA in deployed.outputs else None


def _facts(deployed: Deployment) -> dict[str, Any]:
    from mlstead_toolkit.cli.model_registry import evaluation, versions
    from mlstead_toolkit.cli.pipeline_execution import latest

    registered = versions(deployed)
    served = deployed.outputs.get("endpoint_served_version")
    last = latest(deployed)
    of_interest = next((model for model in registered if served is None or model.version == int(served)), None)
    return {
        "project": deployed.project.name,
        "environment": deployed.environment,
        "endpoint": {"name": deployed.outputs.get("endpoint_name"), "status": _endpoint_status(deployed),
                     "served_version": None if served is None else int(served)},
        "model": {"latest": registered[0].version if registered else None,
                  "latest_approved": next((model.version for model in registered if model.approved), None),
                  "metrics_of": of_interest.version if of_interest else None,
                  "metrics": evaluation(deployed, of_interest.arn) if of_interest else {}},
        "last_training": None if last is None else {
            "execution": last.arn, "status": last.status, "failure": last.failure,
            "steps": {step.name: step.status for step in last.steps}},
        "alarms": _alarms(deployed),
    }


def _endpoint_status(deployed: Deployment) -> str | None:
    from botocore.exceptions import ClientError

    name = deployed.outputs.get("endpoint_name")
    if not name or deployed.outputs.get("endpoint_served_version") is None:
        return None
    try:
        return str(deployed.client("sagemaker").describe_endpoint(EndpointName=name)["EndpointStatus"])
    except ClientError as error:
        if "Could not find" in str(error):
            return MISSING
        raise


def _alarms(deployed: Deployment) -> dict[str, str]:
    names = list(deployed.outputs.get("alarms") or [])
    if not names:
        return {}
    found = deployed.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    return {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}


def _print(facts: dict[str, Any], books: Books | None) -> None:
    from mlstead_toolkit.cli.console import say
    from mlstead_toolkit.cli.data_view import in_a_line
    from mlstead_toolkit.cli.metrics_view import headline

    endpoint, model, last = facts["endpoint"], facts["model"], facts["last_training"]
    say(f"{facts['project']} in {facts['environment']}", "bold")
    serving = f"{endpoint['status']}, serves version {endpoint['served_version']}" if endpoint["status"] else "not yet"
    if endpoint["status"] == MISSING:
        serving = f"missing, should serve version {endpoint['served_version']}"
    if books is not None:
        _row("data", in_a_line(books))
    _row("endpoint", f"{endpoint['name']}: {serving}" if endpoint["name"] else serving)
    if model["latest"] is None:
        _row("model", "none registered")
    else:
        approved = f"latest approved {model['latest_approved']}" if model["latest_approved"] else "none approved"
        _row("model", f"latest version {model['latest']}, {approved}")
        _row("", f"version {model['metrics_of']}: {headline(model['metrics']) or 'not evaluated'}")
    _row("training", "never ran" if last is None else f"{last['status']}: " + ", ".join(
        name if state == "Succeeded" else f"{name} {state}" for name, state in last["steps"].items()))
    firing = [name for name, state in facts["alarms"].items() if state == "ALARM"]
    quiet = f"{len(facts['alarms'])} watching, none firing" if facts["alarms"] else "none"
    _row("alarms", ", ".join(f"{name} fires" for name in firing) or quiet)


def _row(label: str, text: str) -> None:
    from mlstead_toolkit.cli.console import say

    say(f"  {label:<10}{text}")


def _next(deployed: Deployment, facts: dict[str, Any]) -> str:
    environment, model, served = deployed.environment, facts["model"], facts["endpoint"]["served_version"]
    approved, last = model["latest_approved"], facts["last_training"]
    if last is not None and last["status"] == "Executing":
        running = next((name for name, state in last["steps"].items() if state == "Executing"), "")
        return f"mlstead logs {environment} {running} --follow".replace("  ", " ")
    if model["latest"] is None:
        fresh = facts["data"] is not None and not facts["data"]["rows_curated"]
        return f"mlstead data {'status' if facts['data']['rows_in'] else 'ingest'} {environment}" if fresh else (
            f"mlstead train {environment}")
    if approved is None:
        return f"mlstead approve {environment} {model['latest']}"
    if facts["endpoint"]["status"] == MISSING and served == approved:
        return f"mlstead up {environment} --refresh"
    if served != approved:
        return f"mlstead promote {environment} {approved}, then mlstead up {environment}"
    return f"mlstead predict {environment} --sample 3"
