"""Puts our SageMaker in the place of moto's: records where moto keeps its own, operations on moto's response class.

Signing, routing, serialising and tagging stay moto's. What we do not have falls through to moto's backend.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.models import SageMakerModelBackend, sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse

from mlstead_toolkit.cloud.sagemaker.app_image_config import AppImageConfigs
from mlstead_toolkit.cloud.sagemaker.calling import called_by
from mlstead_toolkit.cloud.sagemaker.domain import Domains
from mlstead_toolkit.cloud.sagemaker.endpoint import Endpoints
from mlstead_toolkit.cloud.sagemaker.endpoint_config import EndpointConfigs
from mlstead_toolkit.cloud.sagemaker.model import Models
from mlstead_toolkit.cloud.sagemaker.model_package import ModelPackages
from mlstead_toolkit.cloud.sagemaker.model_package_group import ModelPackageGroups
from mlstead_toolkit.cloud.sagemaker.pipeline import Pipelines
from mlstead_toolkit.cloud.sagemaker.pipeline_execution import PipelineExecutions
from mlstead_toolkit.cloud.sagemaker.processing_job import ProcessingJobs
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, refusal
from mlstead_toolkit.cloud.sagemaker.search import search
from mlstead_toolkit.cloud.sagemaker.studio_image import StudioImages
from mlstead_toolkit.cloud.sagemaker.studio_image_version import StudioImageVersions
from mlstead_toolkit.cloud.sagemaker.training_job import TrainingJobs
from mlstead_toolkit.cloud.sagemaker.user_profile import UserProfiles
from mlstead_toolkit.cloud.sagemaker.validation import check
from mlstead_toolkit.cloud.workshop import Workshop

COLLECTIONS: dict[str, type[Collection[Any]]] = {
    "training_jobs": TrainingJobs,
    "processing_jobs": ProcessingJobs,
    "_models": Models,
    "endpoint_configs": EndpointConfigs,
    "endpoints": Endpoints,
    "model_package_groups": ModelPackageGroups,
    "model_packages": ModelPackages,
    "pipelines": Pipelines,
    "pipeline_executions": PipelineExecutions,
    "domains": Domains,
    "user_profiles": UserProfiles,
    "studio_images": StudioImages,
    "studio_image_versions": StudioImageVersions,
    "app_image_configs": AppImageConfigs,
}
"""moto's attribute for each store (it has none for the last four), and what keeps it here."""


class SageMaker(SageMakerModelBackend):
    """SageMaker in one region: moto's, with collections of our own."""

    workshop: Workshop

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.collections: dict[type[Collection[Any]], Collection[Any]] = {}
        for attribute, kind in COLLECTIONS.items():
            self.collections[kind] = kind(
                region_name, account_id, self.workshop, getattr(self, attribute, {}), self.collections
            )

    def _get_resource_from_arn(self, arn: str) -> Any:
        """Find what tags are put on. moto's own misses model packages, and crashes on what has no tags."""
        kind, _, name = arn.rpartition(":")[2].partition("/")
        for collection in self.collections.values():
            if collection.kind == kind:
                return collection.get(name)
        resource = super()._get_resource_from_arn(arn)
        if resource is None:
            raise refusal(f"Could not find {kind} with name {name}")
        resource.tags = resource.tags or []
        return resource

    def add_tags(self, arn: str, tags: list[dict[str, str]]) -> list[dict[str, str]]:
        """Set tags: a key that is there already gets the new value."""
        resource = self._get_resource_from_arn(arn)
        merged = {tag["Key"]: tag for tag in [*resource.tags, *tags]}
        resource.tags = list(merged.values())
        return list(resource.tags)


SageMaker.__module__ = "moto.sagemaker.models"  # moto finds a service's routes by its backend's module name


def install(workshop: Workshop) -> None:
    """Take SageMaker over. Before the first request to it, or moto has made its own backends."""
    SageMaker.workshop = workshop
    sagemaker_backends.backend = SageMaker
    for kind in COLLECTIONS.values():
        for operation in kind.operations:
            setattr(SageMakerResponse, operation, _operation(kind, operation))
    SageMakerResponse.search = _search_of(SageMakerResponse.search)  # type: ignore[method-assign, assignment]
    workshop.count_jobs = lambda: sum(collection.running for collection in _all(TrainingJobs) + _all(ProcessingJobs))
    workshop.count_endpoints = lambda: sum(len(collection.records) for collection in _all(Endpoints))


def collection_of(kind: type[Collection[Any]], region: str, account: str) -> Any:
    """Give the collection of a kind in a region."""
    backend: Any = sagemaker_backends[account][region]
    return backend.collections[kind]


SEARCHABLE: dict[str, type[Collection[Any]]] = {
    "TrainingJob": TrainingJobs,
    "Endpoint": Endpoints,
    "Pipeline": Pipelines,
    "PipelineExecution": PipelineExecutions,
    "ModelPackage": ModelPackages,
    "ModelPackageGroup": ModelPackageGroups,
    "Model": Models,
}
"""What Search finds among our own records; the other resources are moto's."""


def _search_of(others: Callable[[SageMakerResponse], ActionResult]) -> Callable[[SageMakerResponse], ActionResult]:
    def operation(self: SageMakerResponse) -> ActionResult:
        request: Document = json.loads(self.body or "{}")
        kind = SEARCHABLE.get(request.get("Resource", ""))
        if kind is None:
            return others(self)
        check("Search", request)
        backend: Any = self.sagemaker_backend
        return ActionResult(search(backend.collections[kind], request))

    return operation


def installed() -> bool:
    """Whether SageMaker has been used at all."""
    return sagemaker_backends.backend is SageMaker


def _all(kind: type[Collection[Any]]) -> list[Any]:
    return [
        backend.collections[kind]
        for regions in list(sagemaker_backends.values())
        for backend in list(regions.values())
        if isinstance(backend, SageMaker)
    ]


def _operation(kind: type[Collection[Any]], name: str) -> Callable[[SageMakerResponse], ActionResult]:
    def operation(self: SageMakerResponse) -> ActionResult:
        request: Document = json.loads(self.body or "{}")
        check(self._get_action(), request)
        backend: Any = self.sagemaker_backend
        with called_by(self.access_key):
            return ActionResult(getattr(backend.collections[kind], name)(request))

    operation.__name__ = name
    assert camelcase_to_underscores(name) == name
    return operation
