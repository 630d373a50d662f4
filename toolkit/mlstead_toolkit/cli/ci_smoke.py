"""`mlstead ci smoke`: whether what was deployed serves what the settings name, and answers."""

from __future__ import annotations

import math
import time
from typing import Any

from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.ci_delivery import delivery
from mlstead_toolkit.cli.console import next_step, note, say, say_json
from mlstead_toolkit.cli.endpoint import EndpointError, predict_samples, samples
from mlstead_toolkit.cli.settings_line import model_version
from mlstead_toolkit.forge.summary import add_to_summary
from mlstead_toolkit.project import find_project

_IN_SERVICE, _CHANGING, _PAUSE = "InService", ("Creating", "Updating", "SystemUpdating", "RollingBack"), 2.0


def smoke(environment: str, timeout: int, *, json: bool) -> None:
    """Check the endpoint of an environment.

    Raises:
        EndpointError: it is not in service in time, serves another version, or answers what is no prediction.
    """
    project = find_project()
    project.require(environment)
    file = project.settings_file(environment)
    wanted = model_version(file.read_bytes(), project.name, str(file))
    if wanted is None:
        told = f"No model is promoted in {environment} yet, so there is no endpoint to ask."
        if json:
            say_json({"environment": environment, "model_version": None, "prediction": None})
        else:
            say(told)
        add_to_summary(told)
        return
    deployed = delivery(project, environment)
    name = deployed.output("endpoint_name")
    configuration = _in_service(deployed, name, timeout)
    _check_version(deployed, name, configuration, wanted)
    row, began = samples(deployed, 1), time.monotonic()
    (prediction,) = predict_samples(deployed, row)
    seconds = time.monotonic() - began
    _check_answer(name, prediction.answer)
    told = f"{name} is in service with version {wanted}, and answered in {seconds:.2f} s: {prediction.answer}"
    add_to_summary(told)
    if json:
        say_json({"environment": environment, "endpoint": name, "model_version": wanted, "seconds": round(seconds, 3),
                  "prediction": prediction.answer})
    else:
        say(told)
        next_step(f"mlstead ci lead-time {environment}")


def _in_service(deployed: Deployment, name: str, timeout: int) -> str:
    """Wait until the endpoint is in service, and give the configuration that it has."""
    from botocore.exceptions import ClientError

    sagemaker, deadline, told = deployed.client("sagemaker"), time.monotonic() + timeout, ""
    while True:
        try:
            found = sagemaker.describe_endpoint(EndpointName=name)
        except ClientError as error:
            if "Could not find" not in str(error):
                raise
            raise EndpointError("The settings name a model, and there is no endpoint.", where=f"endpoint {name}",
                                fix=f"mlstead up {deployed.environment} --refresh") from error
        status = found["EndpointStatus"]
        if status == _IN_SERVICE:
            return str(found["EndpointConfigName"])
        if status not in _CHANGING:
            raise EndpointError(f"The endpoint is {status}: {found.get('FailureReason', 'no reason given')}",
                                where=f"endpoint {name}",
                                fix=f"mlstead logs {deployed.environment} endpoint; back again is the version before")
        if time.monotonic() >= deadline:
            raise EndpointError(f"The endpoint is still {status} after {timeout} seconds.", where=f"endpoint {name}",
                                fix=f"mlstead logs {deployed.environment} endpoint, or a longer --timeout")
        if status != told:
            note(f"{name} is {status} …")
            told = status
        time.sleep(_PAUSE)


def _check_version(deployed: Deployment, name: str, configuration: str, wanted: int) -> None:
    """Follow the endpoint to the model package that it serves: what the stack says of itself is no proof."""
    sagemaker = deployed.client("sagemaker")
    variants = sagemaker.describe_endpoint_config(EndpointConfigName=configuration)["ProductionVariants"]
    model = sagemaker.describe_model(ModelName=variants[0]["ModelName"])
    package = str(model.get("PrimaryContainer", {}).get("ModelPackageName", ""))
    if package.rpartition("/")[2] != str(wanted):
        raise EndpointError(f"The settings name version {wanted}, and the endpoint serves {package or 'no package'}.",
                            where=f"endpoint {name}, configuration {configuration}",
                            fix=f"mlstead up {deployed.environment}")


def _check_answer(name: str, answer: Any) -> None:
    """Hold an answer to what predictions look like: named values, finite numbers, probabilities from 0 to 1."""
    problem = ""
    if not isinstance(answer, dict) or not answer:
        problem = "it is no object with a value in it"
    elif bad := [key for key, value in answer.items() if isinstance(value, float) and not math.isfinite(value)]:
        problem = f"{bad[0]} is no number"
    elif not 0 <= float(answer.get("probability", 0)) <= 1:
        problem = "the probability is not from 0 to 1"
    if problem:
        raise EndpointError(f"The endpoint answered {answer!r}, which is no prediction: {problem}.",
                            where=f"endpoint {name}", fix="see serve.py and payload.py, or serve the version before")
