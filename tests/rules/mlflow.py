"""Examples of the theme mlflow."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.mlflow import APP, TRACKING_SERVER


def _server(**changed: Any) -> Stack:
    return stack(resource(TRACKING_SERVER, **{
        "trackingServerName": "flights-dev", "roleArn": "arn:aws:iam::123456789012:role/mlflow",
        "artifactStoreUri": "s3://lake-artifacts/flights/mlflow", "mlflowVersion": "3.0",
    } | changed))


def _app(**changed: Any) -> Stack:
    return stack(resource(APP, **{
        "roleArn": "arn:aws:iam::123456789012:role/mlflow", "artifactStoreUri": "s3://lake-artifacts/flights/mlflow",
    } | changed))


GOOD = (_server(), _app())

EXAMPLES = {
    "mlflow-registration-asked-for": example(GOOD, (
        _server(automaticModelRegistration=True), _app(modelRegistrationMode="AutoModelRegistrationEnabled"),
    )),
    "mlflow-own-prefix": example(GOOD, (
        _server(artifactStoreUri="s3://lake-artifacts"), _app(artifactStoreUri="s3://lake-artifacts/"),
    )),
    "mlflow-version-pinned": example(GOOD[0], _server(mlflowVersion=None)),
}
