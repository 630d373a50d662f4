"""Amazon SageMaker AI: endpoints, pipelines and their jobs, notebooks, Studio, MLflow.

https://aws.amazon.com/sagemaker/ai/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mlstead_toolkit.policies.block import Block
from mlstead_toolkit.policies.pipeline_jobs import Step, jobs
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.cost.charge import Charge, Charges, Use, by_use
from mlstead_toolkit.review.cost.reading import number, text

_CONFIGURATION: Final = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_SCALING: Final = "aws:appautoscaling/target:Target"
_NOT_JOBS: Final = frozenset({"Model", "AutoML"})
# SageMaker runs AutoML's candidates on what it chooses itself.
_DATA: Final = Use("requests and answers by the GB, volumes")


def _endpoint(resource: Resource, stack: Stack) -> Iterator[Charge | Use]:
    configuration = stack.referred(resource, _CONFIGURATION, via="endpointConfigName")
    if configuration is None:
        yield Use("instances of a configuration that is made elsewhere")
        return
    for path in ("productionVariants", "shadowProductionVariants"):
        for variant in configuration.blocks(path):
            yield from _serverless(variant) if variant.has("serverlessConfig") else _instances(variant)
    if any(stack.related(resource, _SCALING, via="resourceId")):
        yield Use("instances that auto scaling adds")
    yield _DATA


def _instances(variant: Block) -> Iterator[Charge | Use]:
    machine, count = text(variant, "instanceType"), number(variant, "initialInstanceCount", 1)
    yield Charge(f"sagemaker {machine}", f"{count} of {machine}", count)


def _serverless(variant: Block) -> Iterator[Charge | Use]:
    gigabytes = number(variant, "serverlessConfig.memorySizeInMb", 0) / 1024
    yield Use(f"serverless answers with {gigabytes.normalize():f} GB of memory, by the second")
    if kept := number(variant, "serverlessConfig.provisionedConcurrency", 0):
        yield Charge("sagemaker-provisioned-concurrency", f"{kept} of {gigabytes.normalize():f} GB kept ready",
                     kept * gigabytes)


def _pipeline(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    if not resource.has("pipelineDefinition"):
        yield Use("jobs of a definition that lies in S3")
        return
    counts: dict[tuple[str, str], Decimal] = {}
    for step in jobs(resource):
        if step.type not in _NOT_JOBS:
            machine, count = _machine(step)
            counts[step.type.lower(), machine] = counts.get((step.type.lower(), machine), Decimal(0)) + count
        elif step.type == "AutoML":
            yield Use("AutoML's trials by the hour")
    for (kind, machine), count in sorted(counts.items()):
        times = f"{count} of " if count > 1 else ""
        yield Use(f"{kind} on {times}{machine}", f"sagemaker {machine}", count, f"{kind}_hours", kind, each=True)


def _machine(step: Step) -> tuple[str, Decimal]:
    """Give what a step runs on unless whoever starts the pipeline says otherwise, and how many of it."""
    block = step.machine()
    machine, count = step.resolved(block.value("InstanceType")), step.resolved(block.value("InstanceCount"))
    known = isinstance(machine, str)
    return machine if known else "an instance that is chosen at the start", Decimal(count if _counts(count) else 1)


def _counts(value: object) -> bool:
    return isinstance(value, int | str) and str(value).isdigit()


def _notebook(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    machine = text(resource, "instanceType")
    yield Charge(f"sagemaker {machine}", f"1 of {machine}")
    yield Use("its volume")


def _studio(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    for settings in ("defaultUserSettings", "userSettings"):
        if machine := resource.value(f"{settings}.jupyterLabAppSettings.defaultResourceSpec.instanceType"):
            yield Use(f"JupyterLab on {machine}", f"sagemaker {machine}", assumption="studio_hours",
                      kind="JupyterLab", each=True)
    yield Use("apps by the hour, volumes")


def _tracking_server(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    size = text(resource, "trackingServerSize", "Small")
    yield Charge(f"sagemaker-mlflow {size}", f"1 {size.lower()} tracking server")
    yield Use("metadata that is kept")


CHARGES: Final[dict[str, Charges]] = {
    "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition": by_use(Use("monitoring jobs by the hour")),
    "aws:sagemaker/domain:Domain": _studio,
    "aws:sagemaker/endpoint:Endpoint": _endpoint,
    "aws:sagemaker/featureGroup:FeatureGroup": by_use(Use("reads, writes and storage of features")),
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": _tracking_server,
    "aws:sagemaker/monitoringSchedule:MonitoringSchedule": by_use(Use("monitoring jobs by the hour")),
    "aws:sagemaker/notebookInstance:NotebookInstance": _notebook,
    "aws:sagemaker/pipeline:Pipeline": _pipeline,
    "aws:sagemaker/space:Space": _studio,
    "aws:sagemaker/userProfile:UserProfile": _studio,
}
