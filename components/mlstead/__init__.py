"""Pulumi components that stand up machine-learning projects on AWS.

Names are loaded when first used: `import mlstead.errors` costs no import of Pulumi, and a stack pays only for the AWS
services that it uses.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlstead.access_logs import AccessLogs, AccessLogsArgs
    from mlstead.alarm_topic import AlarmTopic, AlarmTopicArgs
    from mlstead.bootstrap_settings import BootstrapSettings
    from mlstead.bucket import Bucket, BucketArgs
    from mlstead.catalog import Catalog, CatalogArgs
    from mlstead.catalog_governance import CatalogGovernance, CatalogGovernanceArgs
    from mlstead.context import Context
    from mlstead.data_lake import DataLake, DataLakeArgs
    from mlstead.domain_key import DomainKey, DomainKeyArgs
    from mlstead.endpoint import Endpoint, EndpointArgs
    from mlstead.endpoint_alarms import EndpointAlarms, EndpointAlarmsArgs
    from mlstead.errors import MlsteadError
    from mlstead.foundation import FoundationReference
    from mlstead.foundation_settings import FoundationSettings
    from mlstead.image_repository import ImageRepository, ImageRepositoryArgs
    from mlstead.job_logs import JobLogs, JobLogsArgs
    from mlstead.lake_grants import ZONES
    from mlstead.lake_reference import LakeReference
    from mlstead.model_registry import ModelRegistry, ModelRegistryArgs
    from mlstead.network import Network, NetworkArgs
    from mlstead.policy import Statement
    from mlstead.project_settings import ProjectSettings
    from mlstead.query_workgroup import QueryWorkgroup, QueryWorkgroupArgs
    from mlstead.refusal import Refusal
    from mlstead.role import ExecutionRole, ExecutionRoleArgs
    from mlstead.state_backend import StateBackend, StateBackendArgs
    from mlstead.tables import Tables, TablesArgs
    from mlstead.training_pipeline import TrainingPipeline, TrainingPipelineArgs
    from mlstead.weakened import Weakened

_HOMES = {
    "access_logs": ("AccessLogs", "AccessLogsArgs"),
    "alarm_topic": ("AlarmTopic", "AlarmTopicArgs"),
    "bootstrap_settings": ("BootstrapSettings",),
    "bucket": ("Bucket", "BucketArgs"),
    "catalog": ("Catalog", "CatalogArgs"),
    "catalog_governance": ("CatalogGovernance", "CatalogGovernanceArgs"),
    "context": ("Context",),
    "data_lake": ("DataLake", "DataLakeArgs"),
    "domain_key": ("DomainKey", "DomainKeyArgs"),
    "endpoint": ("Endpoint", "EndpointArgs"),
    "endpoint_alarms": ("EndpointAlarms", "EndpointAlarmsArgs"),
    "errors": ("MlsteadError",),
    "foundation": ("FoundationReference",),
    "foundation_settings": ("FoundationSettings",),
    "image_repository": ("ImageRepository", "ImageRepositoryArgs"),
    "job_logs": ("JobLogs", "JobLogsArgs"),
    "lake_grants": ("ZONES",),
    "lake_reference": ("LakeReference",),
    "model_registry": ("ModelRegistry", "ModelRegistryArgs"),
    "network": ("Network", "NetworkArgs"),
    "policy": ("Statement",),
    "project_settings": ("ProjectSettings",),
    "query_workgroup": ("QueryWorkgroup", "QueryWorkgroupArgs"),
    "refusal": ("Refusal",),
    "role": ("ExecutionRole", "ExecutionRoleArgs"),
    "state_backend": ("StateBackend", "StateBackendArgs"),
    "tables": ("Tables", "TablesArgs"),
    "training_pipeline": ("TrainingPipeline", "TrainingPipelineArgs"),
    "weakened": ("Weakened",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ZONES", "AccessLogs", "AccessLogsArgs", "AlarmTopic", "AlarmTopicArgs", "BootstrapSettings", "Bucket",
    "BucketArgs", "Catalog", "CatalogArgs", "CatalogGovernance", "CatalogGovernanceArgs", "Context", "DataLake",
    "DataLakeArgs", "DomainKey", "DomainKeyArgs", "Endpoint", "EndpointAlarms", "EndpointAlarmsArgs", "EndpointArgs",
    "ExecutionRole", "ExecutionRoleArgs", "FoundationReference", "FoundationSettings", "ImageRepository",
    "ImageRepositoryArgs", "JobLogs", "JobLogsArgs", "LakeReference", "MlsteadError", "ModelRegistry",
    "ModelRegistryArgs", "Network", "NetworkArgs", "ProjectSettings", "QueryWorkgroup", "QueryWorkgroupArgs", "Refusal",
    "StateBackend", "StateBackendArgs", "Statement", "Tables", "TablesArgs", "TrainingPipeline", "TrainingPipelineArgs",
    "Weakened",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'mlstead' has no attribute {name!r}")
    value: object = getattr(import_module(f"mlstead.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
