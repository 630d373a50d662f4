"""The data pipeline: what was delivered goes into raw, and through the gates into curated, or into quarantine.

`mlstead compile` runs this file and keeps what it prints as data.json, which is committed and reviewed; infra/
provisions that, and starts it when a file arrives. Both steps take every table and batch that waits for them, and find
nothing to do where nothing does; their jobs talk to S3 and KMS themselves, through the private network's endpoints.
"""

from _sdk import print_definition  # first: it settles what the SDK reads
from _steps import (
    first_subnet,
    image,
    kms_key,
    processing_instance,
    processor,
    second_subnet,
    security_group,
    session,
)
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.retry import SageMakerJobExceptionTypeEnum, SageMakerJobStepRetryPolicy
from sagemaker.mlops.workflow.steps import ProcessingStep

# Filled by infra/ in each environment, as those of _steps.py are.
ingestion_role = ParameterString("IngestionRole")
gate_role = ParameterString("GateRole")
raw = ParameterString("RawUri")
quarantine = ParameterString("QuarantineUri")
curated = ParameterString("CuratedUri")
token_key = ParameterString("TokenKey")  # what tokens of personal data are made under

RULES = ["--tables", "tables.toml", "--rules", "gates.toml"]

# Nobody watches a run that a file has started: when the account has no instance left or AWS fails, it waits, at first
# a minute, for up to six hours. A job that has begun leaves off where the next can take up.
PATIENCE = SageMakerJobStepRetryPolicy(
    exception_types=[
        SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT,
        SageMakerJobExceptionTypeEnum.CAPACITY_ERROR,
        SageMakerJobExceptionTypeEnum.INTERNAL_ERROR,
    ],
    interval_seconds=60,
    expire_after_mins=6 * 60,
)

ingest = ProcessingStep(
    "Ingest",
    description="What was delivered, typed, a file and a manifest for each batch",
    step_args=processor("mlstead_jobs.ingest", ingestion_role, isolated=False).run(
        arguments=[*RULES, "--raw", raw, "--quarantine", quarantine],
    ),
    retry_policies=[PATIENCE],
)

gate = ProcessingStep(
    "Gate",
    description="Every new batch through the quality and PII gates of gates.toml",
    step_args=processor("mlstead_jobs.gate", gate_role, isolated=False).run(
        arguments=[*RULES, "--raw", raw, "--quarantine", quarantine, "--curated", curated, "--token-key", token_key],
    ),
    depends_on=[ingest],
    retry_policies=[PATIENCE],
)

pipeline = Pipeline(
    name="data",
    parameters=[
        image,
        ingestion_role,
        gate_role,
        first_subnet,
        second_subnet,
        security_group,
        kms_key,
        raw,
        quarantine,
        curated,
        token_key,
        processing_instance,
    ],
    steps=[ingest, gate],
    pipeline_experiment_config=None,  # an experiment for each run would want more rights, and says nothing new
    sagemaker_session=session,
)

if __name__ == "__main__":
    print_definition(pipeline)
