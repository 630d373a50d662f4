"""What a project's runs leave in the local cloud beside its resources: jobs, their logs, its data in the lake.

A real account keeps these; on this machine they would only be in the way of the next project.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from mlstead_toolkit.cli.aws_access import Deployment, local_endpoint
from mlstead_toolkit.cli.job_logs import GROUPS, endpoint_source
from mlstead_toolkit.cli.pipeline_execution import DATA, TRAINING, read
from mlstead_toolkit.cloud.control import forget_metrics

REMOVERS = {"TrainingJob": ("delete_training_job", "TrainingJobName"),
            "ProcessingJob": ("delete_processing_job", "ProcessingJobName")}


@dataclass
class Traces:
    """The jobs of a project's executions, by kind, and the log groups of its own."""

    jobs: dict[str, list[str]] = field(default_factory=dict)
    log_groups: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.jobs.values()))


def collect(deployment: Deployment) -> Traces:
    """Find the jobs of every execution of the project's pipelines, while the pipelines are still there to ask."""
    traces = Traces()
    if name := deployment.outputs.get("endpoint_name"):
        traces.log_groups.append(endpoint_source(str(name)).group)
    sagemaker = deployment.client("sagemaker")
    for output in (TRAINING, DATA):
        if pipeline := deployment.outputs.get(output):
            _add_jobs(sagemaker, str(pipeline), traces)
    return traces


def _add_jobs(sagemaker: Any, pipeline: str, traces: Traces) -> None:
    try:
        pages = list(sagemaker.get_paginator("list_pipeline_executions").paginate(PipelineName=pipeline))
    except sagemaker.exceptions.ResourceNotFound:
        return
    for page in pages:
        for execution in page["PipelineExecutionSummaries"]:
            _stop(sagemaker, execution)
            for kind, job in _jobs(sagemaker, execution["PipelineExecutionArn"]):
                traces.jobs.setdefault(kind, []).append(job)


def remove(deployment: Deployment, traces: Traces, *, groups: bool) -> None:
    """Delete the jobs, their lines and the metrics; with `groups`, the log groups too, since nobody else owns them."""
    sagemaker, logs = deployment.client("sagemaker"), deployment.client("logs")
    for kind, jobs in traces.jobs.items():
        if kind in REMOVERS:
            operation, argument = REMOVERS[kind]
            for job in jobs:
                getattr(sagemaker, operation)(**{argument: job})
                _remove_streams(logs, GROUPS[kind], f"{job}/")
    if name := deployment.outputs.get("endpoint_name"):
        forget_metrics(local_endpoint(), str(name))
    owned = [*traces.log_groups, *(GROUPS[kind] for kind in traces.jobs if groups)]
    for group in owned:
        _remove_group(logs, group)


def remove_models(deployment: Deployment) -> None:
    """Delete the registered versions: a group that holds any cannot be deleted, in a real account by anybody."""
    sagemaker = deployment.client("sagemaker")
    if (group := deployment.outputs.get("model_package_group")) is None:
        return
    for page in sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=str(group)):
        for package in page["ModelPackageSummaryList"]:
            sagemaker.delete_model_package(ModelPackageName=package["ModelPackageArn"])


def remove_data(deployment: Deployment, foundation: dict[str, Any]) -> list[str]:
    """Delete what lies below the project's prefix in a lake that stays; give the buckets that held any."""
    s3, prefix, found = deployment.client("s3"), f"{deployment.project.name}/", []
    for zone in foundation.get("lake", {}).get("zones", {}).values():
        with suppress(s3.exceptions.NoSuchBucket):  # a cloud that was restarted has none
            if _remove_objects(s3, zone["bucket"], prefix):
                found.append(zone["bucket"])
    return sorted(found)


def _remove_objects(s3: Any, bucket: str, prefix: str) -> int:
    removed = 0
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        removed += len(versions)
        if versions:
            s3.delete_objects(Bucket=bucket, Delete={"Quiet": True, "Objects": [
                {"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]})
    return removed


def _stop(sagemaker: Any, execution: dict[str, Any]) -> None:
    if execution["PipelineExecutionStatus"] == "Executing":
        sagemaker.stop_pipeline_execution(PipelineExecutionArn=execution["PipelineExecutionArn"])


def _jobs(sagemaker: Any, execution: str) -> list[tuple[str, str]]:
    return [step.job for step in read(sagemaker, execution).steps if step.job]


def _remove_streams(logs: Any, group: str, prefix: str) -> None:
    listing = logs.get_paginator("describe_log_streams")
    try:
        pages = list(listing.paginate(logGroupName=group, logStreamNamePrefix=prefix))
    except logs.exceptions.ResourceNotFoundException:
        return
    for page in pages:
        for stream in page["logStreams"]:
            logs.delete_log_stream(logGroupName=group, logStreamName=stream["logStreamName"])


def _remove_group(logs: Any, group: str) -> None:
    with suppress(logs.exceptions.ResourceNotFoundException):
        logs.delete_log_group(logGroupName=group)
