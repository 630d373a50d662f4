"""Every type of every service file, by token; and the list that tells what is real, simulated or only declared."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.documents import suggestion
from mlstead_toolkit.aws.localstack import REMEMBERED
from mlstead_toolkit.aws.schema import ResourceType
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine.provider import ProviderError

SERVICES: Final = ("athena", "cloudwatch", "ec2_egress", "ec2_endpoints", "ec2_flow_logs", "ec2_network",
                   "ec2_security", "ecr", "events", "glue", "glue_data_quality", "iam", "kms", "lakeformation",
                   "lakeformation_permissions", "lakeformation_tagged", "logs", "macie", "s3", "s3_settings",
                   "sagemaker", "sagemaker_studio", "sns", "sqs", "ssm")


@cache
def resource_types() -> dict[str, ResourceType]:
    """Give the rows of all service files by token."""
    rows: dict[str, ResourceType] = {}
    for service in SERVICES:
        module = importlib.import_module(f"mlstead_toolkit.aws.services.{service}")
        rows.update({row.token: row for row in module.RESOURCE_TYPES})
    return rows


def resource_type(token: str) -> ResourceType:
    """Give the row of a type; ProviderError with the nearest names where there is none."""
    rows = resource_types()
    if token not in rows:
        raise ProviderError(f"The local AWS provider does not know {token}{suggestion(token, list(rows))}", where=token,
                            fix="take one of the types that the page of supported types lists")
    return rows[token]


@dataclass(frozen=True, slots=True)
class Covered:
    """A type, and what stands behind it at a target."""

    token: str
    service: str
    coverage: Coverage


def coverage(target: Target) -> Iterator[Covered]:
    """List every type with what stands behind it: the source of the page of supported types."""
    for token, row in sorted(resource_types().items()):
        yield Covered(token, row.service, row_coverage(row, target))


def row_coverage(row: ResourceType, target: Target) -> Coverage:
    """Tell what stands behind a type: what its service is at the target, unless the row knows better."""
    behind = target.endpoint(row.service).coverage
    if Coverage.DECLARED_ONLY in (behind, row.coverage):
        return Coverage.DECLARED_ONLY
    if row.coverage is Coverage.REAL and not target.runs_jobs:
        return Coverage.SIMULATED if row.token in REMEMBERED else behind
    return row.coverage or behind
