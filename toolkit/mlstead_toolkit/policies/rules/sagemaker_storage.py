"""Where machine learning writes: in no bucket that everyone's roles open.

AmazonSageMakerFullAccess, which most notebooks' roles have, opens every bucket with "sagemaker" in its name:
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFullAccess.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.rules.athena import WORKGROUP
from mlstead_toolkit.policies.rules.mlflow import APP, TRACKING_SERVER
from mlstead_toolkit.policies.rules.sagemaker_endpoints import ENDPOINT_CONFIGURATION
from mlstead_toolkit.policies.rules.sagemaker_features import FEATURE_GROUP
from mlstead_toolkit.policies.rules.sagemaker_jobs import FLOW_DEFINITION, LABELING_JOB, TRAINING_JOB, TUNING_JOB
from mlstead_toolkit.policies.rules.sagemaker_monitoring import JOB_DEFINITION, SCHEDULE

_OUTPUT: Final = "monitoringOutputs.s3Output.s3Uri"
_PLACES: Final = {
    WORKGROUP: ("configuration.resultConfiguration.outputLocation",),
    APP: ("artifactStoreUri",),
    TRACKING_SERVER: ("artifactStoreUri",),
    ENDPOINT_CONFIGURATION: ("dataCaptureConfig.destinationS3Uri", "asyncInferenceConfig.outputConfig.s3OutputPath"),
    FEATURE_GROUP: ("offlineStoreConfig.s3StorageConfig.s3Uri",),
    FLOW_DEFINITION: ("outputConfig.s3OutputPath",),
    LABELING_JOB: ("outputConfig.s3OutputPath",),
    TRAINING_JOB: ("outputDataConfig.s3OutputPath", "checkpointConfig.s3Uri"),
    TUNING_JOB: ("trainingJobDefinition.outputDataConfig.s3OutputPath",),
    JOB_DEFINITION: (f"dataQualityJobOutputConfig.{_OUTPUT}",),
    SCHEDULE: (f"monitoringScheduleConfig.monitoringJobDefinition.monitoringOutputConfig.{_OUTPUT}",),
}
_SHARED: Final = re.compile(r"s3://[^/]*sagemaker[^/]*", re.IGNORECASE)


def _own_bucket(resource: Resource, _stack: Stack) -> Iterator[str]:
    for path in _PLACES[resource.type]:
        if (found := _SHARED.match(resource.get(path, ""))) is not None:
            yield f"every role with AmazonSageMakerFullAccess opens {found.group()}"


RULES: Final = (
    Rule(
        id="sagemaker-own-bucket",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_STORAGE,),
        title="Nothing is written to SageMaker's default bucket, or another with sagemaker in its name.",
        fix="Write to a bucket of your own, with another name.",
        types=tuple(_PLACES),
        check=_own_bucket,
    ),
)
