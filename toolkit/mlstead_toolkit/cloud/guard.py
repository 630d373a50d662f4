"""Calls that moto would carry out as something else, and destructively: stopped before it sees them.

moto reads DELETE /bucket?inventory&id=… (and the like) as DeleteBucket. Contract: tests/unit/cloud/test_guard.py.
"""

from __future__ import annotations

from mlstead_toolkit.cloud.request import Call, Environ

BUCKET_CONFIGURATIONS = {
    "analytics": "BucketAnalyticsConfiguration",
    "intelligent-tiering": "BucketIntelligentTieringConfiguration",
    "inventory": "BucketInventoryConfiguration",
    "metrics": "BucketMetricsConfiguration",
}
"""Sub-resources of a bucket whose deletion moto takes for the bucket's."""

PRETENDED = frozenset({
    "CreateAutoMLJob", "CreateAutoMLJobV2", "CreateCompilationJob", "CreateHyperParameterTuningJob", "CreateTransformJob",
    "CreateCluster",
})
"""SageMaker's jobs that moto reports as completed although nothing ran: a lie is worse than a refusal."""


def refused_operation(environ: Environ, call: Call) -> str | None:
    """Name the operation if it must not reach moto."""
    if call.service == "sagemaker" and call.operation in PRETENDED:
        return call.operation
    if call.service == "s3" and environ["REQUEST_METHOD"] == "DELETE":
        for parameter in environ.get("QUERY_STRING", "").split("&"):
            if noun := BUCKET_CONFIGURATIONS.get(parameter.partition("=")[0]):
                return f"Delete{noun}"
    return None
