"""The versions of a project's model in the registry, and what their evaluation measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.aws_access import Deployment

# A model's area under the curve, and what a trivial guess reaches on the same rows.
METRIC, BASELINE = "auc", "baseline_auc"


class RegistryError(MlsteadError):
    """The registry has no such version, or it may not be served."""


@dataclass(frozen=True)
class ModelVersion:
    """One model package."""

    version: int
    arn: str
    approval: str

    @property
    def approved(self) -> bool:
        """Whether somebody approved it."""
        return self.approval == "Approved"


def versions(deployment: Deployment) -> list[ModelVersion]:
    """List the registered versions, newest first."""
    group = deployment.output("model_package_group")
    pages = deployment.client("sagemaker").get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    found = [ModelVersion(int(item["ModelPackageVersion"]), item["ModelPackageArn"], item["ModelApprovalStatus"])
             for page in pages for item in page["ModelPackageSummaryList"]]
    return sorted(found, key=lambda model: model.version, reverse=True)


def require_version(deployment: Deployment, version: int) -> ModelVersion:
    """Give one registered version, or say which there are."""
    found = versions(deployment)
    for model in found:
        if model.version == version:
            return model
    known = ", ".join(str(model.version) for model in reversed(found))
    raise RegistryError(f"There is no version {version} of the model in {deployment.environment!r}.",
                        where=f"model package group {deployment.output('model_package_group')}",
                        fix=f"registered: {known}" if known else f"mlstead train {deployment.environment}")


def evaluation(deployment: Deployment, arn: str) -> dict[str, float]:
    """Read what the evaluation of a model package measured: metric name to value, empty where it has none."""
    return metrics(report(deployment, arn))


def report(deployment: Deployment, arn: str) -> dict[str, Any]:
    """Read the evaluation report of a model package, empty where it has none."""
    location = report_location(deployment, arn)
    if location is None:
        return {}
    bucket, key = location
    found: dict[str, Any] = json.loads(deployment.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    return found


def report_location(deployment: Deployment, arn: str) -> tuple[str, str] | None:
    """Give bucket and key of a model package's evaluation report."""
    described = deployment.client("sagemaker").describe_model_package(ModelPackageName=arn)
    uri = described.get("ModelMetrics", {}).get("ModelQuality", {}).get("Statistics", {}).get("S3Uri")
    if not uri:
        return None
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")


def metrics(report: dict[str, Any]) -> dict[str, float]:
    """Flatten a report in SageMaker's model-quality shape: {"…_classification_metrics": {"auc": {"value": .7}}}."""
    found = {}
    for group, members in report.items():
        if group.endswith("_metrics") and isinstance(members, dict):
            found.update({name: float(member["value"]) for name, member in members.items()
                          if isinstance(member, dict) and isinstance(member.get("value"), (int, float))})
    return found
