"""Pulumi components that stand up machine-learning projects on AWS.

Names are loaded when first used: `import mlstead.errors` costs no import of Pulumi, and a stack pays only for the AWS
services that it uses.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlstead.access.boundary import PermissionsBoundary, PermissionsBoundaryArgs
    from mlstead.access.delivery_role import DeliveryRole, DeliveryRoleArgs
    from mlstead.access.deploy_role import DeployRole, DeployRoleArgs
    from mlstead.access.foundation_deploy_role import FoundationDeployRole, FoundationDeployRoleArgs
    from mlstead.access.oidc import OidcProvider, OidcProviderArgs
    from mlstead.access.plan_role import PlanRole, PlanRoleArgs
    from mlstead.access.repository import Repository
    from mlstead.access.team_roles import TeamRoles, TeamRolesArgs
    from mlstead.alarm_topic import AlarmTopic, AlarmTopicArgs
    from mlstead.catalog.catalog import Catalog, CatalogArgs
    from mlstead.catalog.governance import CatalogGovernance, CatalogGovernanceArgs
    from mlstead.catalog.query_workgroup import QueryWorkgroup, QueryWorkgroupArgs
    from mlstead.catalog.tables import Tables, TablesArgs
    from mlstead.context import Context
    from mlstead.errors import MlsteadError
    from mlstead.exploration.studio_domain import StudioDomain, StudioDomainArgs
    from mlstead.exploration.studio_image import StudioImage, StudioImageArgs
    from mlstead.exploration.studio_profiles import StudioProfiles, StudioProfilesArgs
    from mlstead.foundation import FoundationReference
    from mlstead.ingestion.data_pipeline import DataPipeline, DataPipelineArgs
    from mlstead.job_logs import JobLogs, JobLogsArgs
    from mlstead.keys.domain_key import DomainKey, DomainKeyArgs
    from mlstead.keys.token_key import TokenKey, TokenKeyArgs
    from mlstead.lake.access_logs import AccessLogs, AccessLogsArgs
    from mlstead.lake.bucket import Bucket, BucketArgs
    from mlstead.lake.data_lake import DataLake, DataLakeArgs
    from mlstead.lake.reference import LakeReference
    from mlstead.lake.zones import ZONES
    from mlstead.network.network import Network, NetworkArgs
    from mlstead.policy import Statement
    from mlstead.refusal import Refusal
    from mlstead.role import ExecutionRole, ExecutionRoleArgs
    from mlstead.serving.endpoint import Endpoint, EndpointArgs
    from mlstead.serving.endpoint_alarms import EndpointAlarms, EndpointAlarmsArgs
    from mlstead.settings.bootstrap_settings import BootstrapSettings
    from mlstead.settings.foundation_settings import FoundationSettings
    from mlstead.settings.project_settings import ProjectSettings
    from mlstead.state_backend import StateBackend, StateBackendArgs
    from mlstead.training.image_repository import Image, ImageRepository, ImageRepositoryArgs
    from mlstead.training.model_registry import ModelRegistry, ModelRegistryArgs
    from mlstead.training.training_pipeline import TrainingPipeline, TrainingPipelineArgs
    from mlstead.weakened import Weakened

_HOMES = {
    "access.boundary": ("PermissionsBoundary", "PermissionsBoundaryArgs"),
    "access.delivery_role": ("DeliveryRole", "DeliveryRoleArgs"),
    "access.deploy_role": ("DeployRole", "DeployRoleArgs"),
    "access.foundation_deploy_role": ("FoundationDeployRole", "FoundationDeployRoleArgs"),
    "access.oidc": ("OidcProvider", "OidcProviderArgs"),
    "access.plan_role": ("PlanRole", "PlanRoleArgs"),
    "access.repository": ("Repository",),
    "access.team_roles": ("TeamRoles", "TeamRolesArgs"),
    "alarm_topic": ("AlarmTopic", "AlarmTopicArgs"),
    "catalog.catalog": ("Catalog", "CatalogArgs"),
    "catalog.governance": ("CatalogGovernance", "CatalogGovernanceArgs"),
    "catalog.query_workgroup": ("QueryWorkgroup", "QueryWorkgroupArgs"),
    "catalog.tables": ("Tables", "TablesArgs"),
    "context": ("Context",),
    "errors": ("MlsteadError",),
    "exploration.studio_domain": ("StudioDomain", "StudioDomainArgs"),
    "exploration.studio_image": ("StudioImage", "StudioImageArgs"),
    "exploration.studio_profiles": ("StudioProfiles", "StudioProfilesArgs"),
    "foundation": ("FoundationReference",),
    "ingestion.data_pipeline": ("DataPipeline", "DataPipelineArgs"),
    "job_logs": ("JobLogs", "JobLogsArgs"),
    "keys.domain_key": ("DomainKey", "DomainKeyArgs"),
    "keys.token_key": ("TokenKey", "TokenKeyArgs"),
    "lake.access_logs": ("AccessLogs", "AccessLogsArgs"),
    "lake.bucket": ("Bucket", "BucketArgs"),
    "lake.data_lake": ("DataLake", "DataLakeArgs"),
    "lake.reference": ("LakeReference",),
    "lake.zones": ("ZONES",),
    "network.network": ("Network", "NetworkArgs"),
    "policy": ("Statement",),
    "refusal": ("Refusal",),
    "role": ("ExecutionRole", "ExecutionRoleArgs"),
    "serving.endpoint": ("Endpoint", "EndpointArgs"),
    "serving.endpoint_alarms": ("EndpointAlarms", "EndpointAlarmsArgs"),
    "settings.bootstrap_settings": ("BootstrapSettings",),
    "settings.foundation_settings": ("FoundationSettings",),
    "settings.project_settings": ("ProjectSettings",),
    "state_backend": ("StateBackend", "StateBackendArgs"),
    "training.image_repository": ("Image", "ImageRepository", "ImageRepositoryArgs"),
    "training.model_registry": ("ModelRegistry", "ModelRegistryArgs"),
    "training.training_pipeline": ("TrainingPipeline", "TrainingPipelineArgs"),
    "weakened": ("Weakened",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ZONES", "AccessLogs", "AccessLogsArgs", "AlarmTopic", "AlarmTopicArgs", "BootstrapSettings", "Bucket",
    "BucketArgs", "Catalog", "CatalogArgs", "CatalogGovernance", "CatalogGovernanceArgs", "Context", "DataLake",
    "DataLakeArgs", "DataPipeline", "DataPipelineArgs", "DeliveryRole", "DeliveryRoleArgs", "DeployRole",
    "DeployRoleArgs", "DomainKey", "DomainKeyArgs", "Endpoint", "EndpointAlarms", "EndpointAlarmsArgs", "EndpointArgs",
    "ExecutionRole", "ExecutionRoleArgs", "FoundationDeployRole", "FoundationDeployRoleArgs", "FoundationReference",
    "FoundationSettings", "Image", "ImageRepository", "ImageRepositoryArgs", "JobLogs", "JobLogsArgs", "LakeReference",
    "MlsteadError", "ModelRegistry", "ModelRegistryArgs", "Network", "NetworkArgs", "OidcProvider", "OidcProviderArgs",
    "PermissionsBoundary", "PermissionsBoundaryArgs", "PlanRole", "PlanRoleArgs", "ProjectSettings", "QueryWorkgroup",
    "QueryWorkgroupArgs", "Refusal", "Repository", "StateBackend", "StateBackendArgs", "Statement", "StudioDomain",
    "StudioDomainArgs", "StudioImage", "StudioImageArgs", "StudioProfiles", "StudioProfilesArgs", "Tables",
    "TablesArgs", "TeamRoles", "TeamRolesArgs", "TokenKey", "TokenKeyArgs", "TrainingPipeline", "TrainingPipelineArgs",
    "Weakened",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'mlstead' has no attribute {name!r}")
    value: object = getattr(import_module(f"mlstead.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
