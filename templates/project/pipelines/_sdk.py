"""The SageMaker SDK, held so that compiling a pipeline calls nobody: no AWS, no credentials, no telemetry.

Files that start with an underscore are not pipelines; `mlstead compile` passes them by.
"""

import json
import logging
import os
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sagemaker.core.workflow.pipeline_context import PipelineSession
    from sagemaker.mlops.workflow.pipeline import Pipeline

# The SDK looks a configuration up on this machine and lets it into the definition, unless these point nowhere.
for override in ("SAGEMAKER_ADMIN_CONFIG_OVERRIDE", "SAGEMAKER_USER_CONFIG_OVERRIDE", "AWS_CONFIG_FILE"):
    os.environ[override] = os.devnull
# It also wants a region and credentials, and writes neither into a definition.
os.environ |= {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true"}
os.environ |= {"AWS_ACCESS_KEY_ID": "compile", "AWS_SECRET_ACCESS_KEY": "compile"}
# And it would ask IAM what a role may do.
os.environ["SAGEMAKER_VALIDATE_ROLE"] = "false"

UNRESOLVED_ROLE = "arn:aws:iam::000000000000:role/filled-by-infra"
"""For constructors that take a role as plain text only; it never gets into the definition."""

SETTINGS = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}}


def pipeline_session() -> "PipelineSession":
    """Give a session that only records what would be asked of SageMaker."""
    import boto3
    from sagemaker.core.workflow.pipeline_context import PipelineSession

    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    return PipelineSession(boto_session=boto3.Session(), sagemaker_config=SETTINGS, default_bucket="unused")


def print_definition(pipeline: "Pipeline") -> None:
    """Print the definition the same way every time: keys sorted, steps in the order they were written down in."""
    definition = json.loads(pipeline.definition())
    written = [step.name for step in pipeline.steps]
    definition["Steps"].sort(key=lambda step: written.index(step["Name"]))
    print(json.dumps(_without_blanks(definition), indent=2, sort_keys=True))  # noqa: T201 - this is its output


def _without_blanks(value: Any) -> Any:
    """Leave out what the SDK writes as null or as an empty block; SageMaker refuses some of them."""
    if isinstance(value, dict):
        return {key: _without_blanks(item) for key, item in value.items() if item is not None and item != {}}
    return [_without_blanks(item) for item in value] if isinstance(value, list) else value
