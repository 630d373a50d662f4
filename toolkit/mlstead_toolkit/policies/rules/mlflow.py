"""MLflow: experiments in a place of their own, and no model registered because somebody tried something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls

TRACKING_SERVER: Final = "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer"
APP: Final = "aws:sagemaker/mlflowApp:MlflowApp"

_WITH_PREFIX: Final = re.compile(r"s3://[^/]+/[^/]")


def _asked_for(server: Resource, _stack: Stack) -> Iterator[str]:
    automatic = server.flag("automaticModelRegistration")
    if automatic or server.value("modelRegistrationMode") == "AutoModelRegistrationEnabled":
        yield "whatever a notebook logs becomes a version in the model registry"


def _own_place(server: Resource, _stack: Stack) -> Iterator[str]:
    uri = server.get("artifactStoreUri", "")
    if not _WITH_PREFIX.match(uri):
        yield f"artifacts take the whole of {uri or 'a bucket'}"


def _pinned(server: Resource, _stack: Stack) -> Iterator[str]:
    if not server.filled("mlflowVersion"):
        yield "the next server made from this has another version of MLflow"


RULES: Final = (
    Rule(
        id="mlflow-registration-asked-for",
        level=Level.ADVISORY,
        controls=(own_controls.SEPARATE_DUTIES,),
        title="A model enters the registry because a pipeline registers it, not because it was logged.",
        fix="Leave automatic_model_registration out.",
        types=(TRACKING_SERVER, APP),
        check=_asked_for,
    ),
    Rule(
        id="mlflow-own-prefix",
        level=Level.ADVISORY,
        controls=(own_controls.OWN_STORAGE,),
        title="MLflow's artifacts have a prefix of their own.",
        fix="Write s3://bucket/project/mlflow, so that grants can be given by prefix.",
        types=(TRACKING_SERVER, APP),
        check=_own_place,
    ),
    Rule(
        id="mlflow-version-pinned",
        level=Level.ADVISORY,
        controls=(own_controls.REVIEWED_CODE,),
        title="A tracking server has the version of MLflow that clients were tried with.",
        fix='Set mlflow_version, for example "3.0".',
        types=(TRACKING_SERVER,),
        check=_pinned,
    ),
)
