"""Metrics: those that training prints, found by regular expressions, and CloudWatch's data points."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mlstead_toolkit.cloud.account import ACCOUNT_ID
from mlstead_toolkit.cloud.sagemaker.record import Document, now

MEASURED = ("EndpointName", "TrainingJobName", "Host")
"""Dimensions that name what was measured; a host is a job's machine, <job>/algo-1."""


class MetricReader:
    """Reads MetricDefinitions out of the lines that training prints; keeps the last value of each metric."""

    def __init__(self, definitions: Sequence[Document]) -> None:
        self._patterns = [(definition["Name"], re.compile(definition["Regex"])) for definition in definitions]
        self._lock = threading.Lock()
        self._last: dict[str, tuple[float, datetime]] = {}

    def read(self, lines: list[str]) -> None:
        """Look for every metric in every line; its value is the pattern's first group."""
        for line in lines:
            for name, pattern in self._patterns:
                if (match := pattern.search(line)) and match.groups():
                    try:
                        value = float(match[1])
                    except (TypeError, ValueError):
                        continue
                    with self._lock:
                        self._last[name] = (value, now())

    def final(self) -> list[Document]:
        """Give FinalMetricDataList."""
        with self._lock:
            return [
                {"MetricName": name, "Value": value, "Timestamp": when} for name, (value, when) in self._last.items()
            ]


@dataclass(frozen=True, slots=True)
class Point:
    """One data point for CloudWatch; dimensions as (name, value) pairs."""

    name: str
    value: float
    unit: str
    dimensions: tuple[tuple[str, str], ...]
    when: datetime


def put_points(region: str, namespace: str, points: Sequence[Point]) -> None:
    """Put data points into CloudWatch; moto compares their times without a zone."""
    from moto.cloudwatch.models import cloudwatch_backends

    cloudwatch_backends[ACCOUNT_ID][region].put_metric_data(
        namespace,
        [
            {
                "MetricName": point.name,
                "Value": point.value,
                "Unit": point.unit,
                "Timestamp": point.when.replace(tzinfo=None),
                "Dimensions": [{"Name": name, "Value": value} for name, value in point.dimensions],
            }
            for point in points
        ],
    )


def forget_points(name: str) -> None:
    """Drop the data points of an endpoint or job, in every region: CloudWatch has no call for it, they only age."""
    from moto.cloudwatch.models import cloudwatch_backends

    for backend in cloudwatch_backends[ACCOUNT_ID].values():
        backend.metric_data[:] = [
            point
            for point in backend.metric_data
            if not any(
                dimension.name in MEASURED and str(dimension.value).partition("/")[0] == name
                for dimension in point.dimensions
            )
        ]
