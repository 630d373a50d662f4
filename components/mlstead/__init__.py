"""Pulumi components that stand up machine-learning projects on AWS.

Names are loaded when first used: `import mlstead.errors` costs no import of Pulumi, and a stack pays only for the AWS
services that it uses.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlstead.alarm_topic import AlarmTopic, AlarmTopicArgs
    from mlstead.bucket import Bucket, BucketArgs
    from mlstead.context import Context
    from mlstead.data_lake import DataLake, DataLakeArgs
    from mlstead.domain_key import DomainKey, DomainKeyArgs
    from mlstead.endpoint import Endpoint, EndpointArgs
    from mlstead.endpoint_alarms import EndpointAlarms, EndpointAlarmsArgs
    from mlstead.errors import MlsteadError
    from mlstead.foundation import foundation_output
    from mlstead.image_repository import ImageRepository, ImageRepositoryArgs
    from mlstead.job_logs import JobLogs, JobLogsArgs
    from mlstead.lake_grants import ZONES
    from mlstead.lake_reference import LakeReference
    from mlstead.model_registry import ModelRegistry, ModelRegistryArgs
    from mlstead.policy import Statement
    from mlstead.refusal import Refusal
    from mlstead.role import ExecutionRole, ExecutionRoleArgs
    from mlstead.settings import FoundationSettings, ProjectSettings
    from mlstead.training_pipeline import TrainingPipeline, TrainingPipelineArgs
    from mlstead.weakened import Weakened

_HOMES = {
    "alarm_topic": ("AlarmTopic", "AlarmTopicArgs"),
    "bucket": ("Bucket", "BucketArgs"),
    "context": ("Context",),
    "data_lake": ("DataLake", "DataLakeArgs"),
    "domain_key": ("DomainKey", "DomainKeyArgs"),
    "endpoint": ("Endpoint", "EndpointArgs"),
    "endpoint_alarms": ("EndpointAlarms", "EndpointAlarmsArgs"),
    "errors": ("MlsteadError",),
    "foundation": ("foundation_output",),
    "image_repository": ("ImageRepository", "ImageRepositoryArgs"),
    "job_logs": ("JobLogs", "JobLogsArgs"),
    "lake_grants": ("ZONES",),
    "lake_reference": ("LakeReference",),
    "model_registry": ("ModelRegistry", "ModelRegistryArgs"),
    "policy": ("Statement",),
    "refusal": ("Refusal",),
    "role": ("ExecutionRole", "ExecutionRoleArgs"),
    "settings": ("FoundationSettings", "ProjectSettings"),
    "training_pipeline": ("TrainingPipeline", "TrainingPipelineArgs"),
    "weakened": ("Weakened",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ZONES", "AlarmTopic", "AlarmTopicArgs", "Bucket", "BucketArgs", "Context", "DataLake", "DataLakeArgs", "DomainKey",
    "DomainKeyArgs", "Endpoint", "EndpointAlarms", "EndpointAlarmsArgs", "EndpointArgs", "ExecutionRole",
    "ExecutionRoleArgs", "FoundationSettings", "ImageRepository", "ImageRepositoryArgs", "JobLogs", "JobLogsArgs",
    "LakeReference", "MlsteadError", "ModelRegistry", "ModelRegistryArgs", "ProjectSettings", "Refusal", "Statement",
    "TrainingPipeline", "TrainingPipelineArgs", "Weakened", "foundation_output",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'mlstead' has no attribute {name!r}")
    value: object = getattr(import_module(f"mlstead.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
