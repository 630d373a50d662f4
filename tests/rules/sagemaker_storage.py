"""Examples of the theme sagemaker_storage."""

from __future__ import annotations

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.mlflow import TRACKING_SERVER
from mlstead_toolkit.policies.rules.sagemaker_features import FEATURE_GROUP

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"


def _server(bucket: str) -> Stack:
    return stack(resource(TRACKING_SERVER, roleArn="arn:aws:iam::123456789012:role/mlflow", mlflowVersion="3.0",
                          artifactStoreUri=f"s3://{bucket}/flights/mlflow"))


def _group(bucket: str) -> Stack:
    return stack(resource(FEATURE_GROUP, roleArn="arn:aws:iam::123456789012:role/features", offlineStoreConfig={
        "s3StorageConfig": {"s3Uri": f"s3://{bucket}/flights", "kmsKeyId": KEY}, "disableGlueTableCreation": True,
    }))


EXAMPLES = {
    "sagemaker-own-bucket": example((_server("lake-artifacts"), _group("lake-features")), (
        _server("sagemaker-eu-west-1-123456789012"), _group("acme-sagemaker-features"),
    )),
}
