"""Calls that moto would carry out as something else: stopped before it sees them.

moto reads an S3 request for a sub-resource that it does not know as one for the bucket itself:
DELETE /bucket?metrics&id=… deletes the bucket, GET lists it, PUT makes it. Contract: tests/unit/cloud/test_guard.py.
"""

from __future__ import annotations

from mlstead_toolkit.cloud.request import Call, Environ, operation_of

UNKNOWN_TO_MOTO = frozenset(
    {
        "abac",
        "analytics",
        "annotation",
        "intelligent-tiering",
        "metadataAnnotationTable",
        "metadataConfiguration",
        "metadataInventoryTable",
        "metadataJournalTable",
        "metadataTable",
        "metrics",
        "renameObject",
        "requestPayment",
        "session",
        "torrent",
    }
)
"""S3 sub-resources that moto knows nothing of."""

PRETENDED = frozenset(
    {
        "CreateAutoMLJob",
        "CreateAutoMLJobV2",
        "CreateCompilationJob",
        "CreateHyperParameterTuningJob",
        "CreateTransformJob",
        "CreateCluster",
    }
)
"""SageMaker's jobs that moto reports as completed although nothing ran: a lie is worse than a refusal."""


def refused_operation(environ: Environ, call: Call) -> str | None:
    """Name the operation if it must not reach moto."""
    if call.service == "sagemaker" and call.operation in PRETENDED:
        return call.operation
    query: str = environ.get("QUERY_STRING", "")
    if call.service != "s3" or not query:
        return None
    asked = {parameter.partition("=")[0] for parameter in query.split("&")}
    if asked & UNKNOWN_TO_MOTO:
        return operation_of("s3", environ) or f"{environ['REQUEST_METHOD']} with {query}"
    return None
