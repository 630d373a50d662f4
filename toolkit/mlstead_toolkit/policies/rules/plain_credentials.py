"""Credentials that stand in clear where everybody who may describe a resource reads them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final

from mlstead_toolkit.policies import Block, Level, Malformed, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.pipeline_jobs import PIPELINE, Step, steps
from mlstead_toolkit.policies.plain_credential import credentials, is_in_clear
from mlstead_toolkit.policies.rules.glue import JOB
from mlstead_toolkit.policies.rules.sagemaker_jobs import TRAINING_JOB, TUNING_JOB
from mlstead_toolkit.policies.rules.sagemaker_models import MODEL
from mlstead_toolkit.policies.rules.sagemaker_monitoring import JOB_DEFINITION, SCHEDULE
from mlstead_toolkit.policies.rules.sagemaker_notebooks import NOTEBOOK
from mlstead_toolkit.policies.rules.sagemaker_studio import APP_IMAGE_CONFIGURATION, DOMAIN, SPACE, USER_PROFILE

CODE_REPOSITORY: Final = "aws:sagemaker/codeRepository:CodeRepository"
NOTEBOOK_SCRIPT: Final = (
    "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration"
)
STUDIO_SCRIPT: Final = "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig"

# Where each type has a map of settings.
_SETTINGS: Final = {
    APP_IMAGE_CONFIGURATION: tuple(f"{app}.containerConfig.containerEnvironmentVariables"
                                   for app in ("jupyterLabImageConfig", "codeEditorAppImageConfig")),
    JOB: ("defaultArguments", "nonOverridableArguments"),
    JOB_DEFINITION: ("dataQualityAppSpecification.environment",),
    MODEL: ("primaryContainer.environment",),
    SCHEDULE: ("monitoringScheduleConfig.monitoringJobDefinition.environment",),
    TRAINING_JOB: ("environment", "hyperParameters"),
    TUNING_JOB: ("trainingJobDefinition.environment", "trainingJobDefinition.staticHyperParameters"),
}
_SCRIPTS: Final = {NOTEBOOK_SCRIPT: ("onCreate", "onStart"), STUDIO_SCRIPT: ("studioLifecycleConfigContent",)}


def _not_in_settings(resource: Resource, _stack: Stack) -> Iterator[str]:
    for path in _SETTINGS[resource.type]:
        for name in credentials(resource, path):
            yield f"{name} in {path} is a credential in clear"
    for container in resource.blocks("containers") if resource.type == MODEL else ():
        for name in credentials(container, "environment"):
            yield f"{name} in a container's environment is a credential in clear"


def _not_in_steps(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    for step in steps(pipeline):
        for path in ("Environment", "HyperParameters", "StaticHyperParameters"):
            resolved = Block({path: _resolved(step, step.get(path, {}))})
            for name in credentials(resolved, path):
                yield f"{name} in {path} of step {step.name} is a credential in clear"


def _not_in_scripts(resource: Resource, _stack: Stack) -> Iterator[str]:
    for path in _SCRIPTS[resource.type]:
        try:
            script = base64.b64decode(resource.get(path, ""), validate=True).decode(errors="replace")
        except binascii.Error as error:
            raise Malformed(f"{path} is not in base64") from error
        if is_in_clear(script):
            yield f"{path} has a credential in clear"


def _not_in_addresses(resource: Resource, _stack: Stack) -> Iterator[str]:
    for address in _addresses(resource):
        if is_in_clear(address):
            yield "an address of a Git repository has a password or token in it"
        elif address.startswith("http://"):
            yield f"code comes from {address} in clear"


def _addresses(resource: Resource) -> Iterator[str]:
    if resource.type == CODE_REPOSITORY:
        yield resource.get("gitConfig.repositoryUrl", "")
    elif resource.type == NOTEBOOK:
        yield resource.get("defaultCodeRepository", "")
        yield from resource.get("additionalCodeRepositories", [])
    else:
        for settings in ("defaultUserSettings", "defaultSpaceSettings", "userSettings", "spaceSettings"):
            for app in ("jupyterLabAppSettings", "jupyterServerAppSettings"):
                for repository in resource.blocks(f"{settings}.{app}.codeRepositories"):
                    yield repository.get("repositoryUrl", "")


def _resolved(step: Step, settings: dict[str, Any]) -> dict[str, Any]:
    return {name: step.resolved(value) for name, value in settings.items()}


_FIX: Final = "Put it into Secrets Manager, and give the job the secret's ARN and its role the right to read it."

RULES: Final = (
    Rule(
        id="no-credentials-in-settings",
        level=Level.MANDATORY,
        controls=(own_controls.NO_PLAIN_CREDENTIALS,),
        title="No password, token or key stands in the environment or the parameters of a job, model or notebook.",
        fix=_FIX,
        types=tuple(_SETTINGS),
        check=_not_in_settings,
    ),
    Rule(
        id="no-credentials-in-pipelines",
        level=Level.MANDATORY,
        controls=(own_controls.NO_PLAIN_CREDENTIALS,),
        title="No password, token or key stands in a pipeline's definition.",
        fix=_FIX,
        types=(PIPELINE,),
        check=_not_in_steps,
    ),
    Rule(
        id="no-credentials-in-scripts",
        level=Level.MANDATORY,
        controls=(own_controls.NO_PLAIN_CREDENTIALS,),
        title="No token or key stands in a script that starts a notebook.",
        fix=_FIX,
        types=tuple(_SCRIPTS),
        check=_not_in_scripts,
    ),
    Rule(
        id="no-credentials-in-git-addresses",
        level=Level.MANDATORY,
        controls=(own_controls.NO_PLAIN_CREDENTIALS,),
        title="Notebooks get code over TLS, and no password or token stands in the address.",
        fix="Write https://host/repository, and set secret_arn in git_config.",
        types=(CODE_REPOSITORY, NOTEBOOK, DOMAIN, USER_PROFILE, SPACE),
        check=_not_in_addresses,
    ),
)
