"""One role for each kind of work: training, answering, pipelines, monitoring and people have one each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.pipeline_jobs import PIPELINE
from mlstead_toolkit.policies.rules.mlflow import TRACKING_SERVER
from mlstead_toolkit.policies.rules.sagemaker_features import FEATURE_GROUP
from mlstead_toolkit.policies.rules.sagemaker_jobs import TRAINING_JOB
from mlstead_toolkit.policies.rules.sagemaker_models import MODEL
from mlstead_toolkit.policies.rules.sagemaker_monitoring import JOB_DEFINITION
from mlstead_toolkit.policies.rules.sagemaker_notebooks import NOTEBOOK
from mlstead_toolkit.policies.rules.sagemaker_studio import USER_PROFILE

_ROLES: Final = {
    MODEL: ("a model", "executionRoleArn"),
    PIPELINE: ("a pipeline", "roleArn"),
    TRAINING_JOB: ("training", "roleArn"),
    JOB_DEFINITION: ("monitoring", "roleArn"),
    NOTEBOOK: ("people", "roleArn"),
    USER_PROFILE: ("people", "userSettings.executionRole"),
    TRACKING_SERVER: ("MLflow", "roleArn"),
    FEATURE_GROUP: ("a feature group", "roleArn"),
}


def _apart(resource: Resource, stack: Stack) -> Iterator[str]:
    kind, _ = _ROLES[resource.type]
    own = _role(resource, stack)
    for other in stack.of(*_ROLES):
        if _ROLES[other.type][0] != kind and own and own == _role(other, stack):
            yield f"its role is also that of {_ROLES[other.type][0]}, {other.name}"


def _role(resource: Resource, stack: Stack) -> str:
    """Give the ARN, or the URN where this stack makes the role."""
    path = _ROLES[resource.type][1]
    sources = resource.property_dependencies.get(path.partition(".")[0], ())
    for one in stack.resources:
        if one.type == "aws:iam/role:Role" and one.urn in sources:
            return one.urn
    return str(resource.get(path, ""))


RULES: Final = (
    Rule(
        id="sagemaker-roles-apart",
        level=Level.ADVISORY,
        controls=(own_controls.SEPARATE_DUTIES,),
        title="Models, pipelines, training, monitoring and people have a role each.",
        fix="Give each kind a role of its own, with what that kind needs.",
        types=tuple(_ROLES),
        check=_apart,
    ),
)
