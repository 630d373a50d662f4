"""What the project's endpoint answers, and the rows to ask it about."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.model_registry import report_location, require_version

MEDIA_TYPES = {".csv": "text/csv", ".json": "application/json"}
# Written by the template's evaluation beside its report: rows of the held-out month, and what happened.
SAMPLES = "samples.jsonl"


class EndpointError(MlsteadError):
    """The endpoint is not there, or it refused the request."""


@dataclass(frozen=True)
class Prediction:
    """One row: what was asked, what the model answered, and what happened where that is known."""

    features: dict[str, Any]
    answer: dict[str, Any]
    actual: Any = None


def served_version(deployment: Deployment) -> int:
    """Give the version that the endpoint serves.

    Raises:
        EndpointError: none, as after a first `up`.
    """
    version = deployment.outputs.get("endpoint_served_version")
    if version is None:
        raise EndpointError(f"Nothing is served in {deployment.environment!r} yet.", where=deployment.project.name,
                            fix=f"mlstead train {deployment.environment}, then approve and promote its model")
    return int(version)


def samples(deployment: Deployment, count: int) -> list[dict[str, Any]]:
    """Give rows of the month that the served model never saw: {"instance": {feature: value}, label: what happened}."""
    model = require_version(deployment, served_version(deployment))
    location = report_location(deployment, model.arn)
    if location is None:
        raise EndpointError(f"Version {model.version} was registered without an evaluation, so it has no samples.",
                            where=model.arn, fix=f"mlstead predict {deployment.environment} --file rows.csv")
    bucket, report = location
    key = f"{report.rsplit('/', 1)[0]}/{SAMPLES}"
    body = deployment.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8")
    return [json.loads(line) for line in body.splitlines()[:count]]


def predict_samples(deployment: Deployment, rows: list[dict[str, Any]]) -> list[Prediction]:
    """Ask the endpoint about sampled rows."""
    body = json.dumps({"instances": [row["instance"] for row in rows]}).encode()
    answers = json.loads(invoke(deployment, body, "application/json"))["predictions"]
    return [Prediction(row["instance"], answer, next((value for key, value in row.items() if key != "instance"), None))
            for row, answer in zip(rows, answers, strict=True)]


def predict_file(deployment: Deployment, file: Path) -> list[Prediction]:
    """Ask the endpoint about the rows of a CSV or JSON file, as it stands."""
    media_type = MEDIA_TYPES.get(file.suffix.lower())
    if media_type is None:
        raise EndpointError(f"{file.name} is neither CSV nor JSON.", where=str(file),
                            fix='give a file that ends in .csv (rows, no header) or .json ({"instances": […]})')
    if not file.is_file():
        raise EndpointError("There is no such file.", where=str(file), fix="mlstead predict ENV --sample 3 needs none")
    body = file.read_bytes()
    answer = invoke(deployment, body, media_type).decode("utf-8")
    if media_type == "text/csv":
        asked = [row for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) if row]
        return [Prediction({"row": ",".join(row)}, {"probability": float(line)})
                for row, line in zip(asked, answer.split(), strict=True)]
    instances = json.loads(body)["instances"]
    return [Prediction(row, found) for row, found in zip(instances, json.loads(answer)["predictions"], strict=True)]


def invoke(deployment: Deployment, body: bytes, media_type: str) -> bytes:
    """Send one request to the endpoint and give the body of its answer."""
    served_version(deployment)
    runtime = deployment.client("sagemaker-runtime")
    name = deployment.output("endpoint_name")
    try:
        answer = runtime.invoke_endpoint(EndpointName=name, Body=body, ContentType=media_type, Accept=media_type)
    except runtime.exceptions.ModelError as error:
        raise EndpointError(f"The model refused the request: {_reason(error.response)}", where=f"endpoint {name}",
                            fix=f"mend the rows, or see mlstead logs {deployment.environment} endpoint") from error
    except runtime.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "ServiceUnavailable":
            raise EndpointError(error.response["Error"]["Message"], where=f"endpoint {name}",
                                fix="ask again in a moment; "
                                    f"mlstead logs {deployment.environment} endpoint says why it ended") from error
        if "not found" not in str(error):
            raise
        raise EndpointError("The endpoint is gone.", where=f"endpoint {name}",
                            fix=f"mlstead up {deployment.environment} --refresh brings it back") from error
    return bytes(answer["Body"].read())


def _reason(response: dict[str, Any]) -> str:
    """Give the container's own sentence: its body, {"error": …} where it keeps to that."""
    message = response.get("OriginalMessage") or response.get("Error", {}).get("Message", "no reason given")
    try:
        return str(json.loads(message)["error"])
    except (ValueError, KeyError, TypeError):
        return str(message)
