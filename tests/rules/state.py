"""Examples of the theme state."""

from __future__ import annotations

from typing import Any

from stack_builder import TAGS, example, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.rules.glue import SECURITY_CONFIGURATION
from mlstead_toolkit.policies.rules.sagemaker_features import FEATURE_GROUP
from mlstead_toolkit.policies.rules.sagemaker_models import MODEL
from mlstead_toolkit.policies.rules.sagemaker_registry import MODEL_PACKAGE_GROUP

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
ENCRYPTION = {
    "cloudwatchEncryption": {"cloudwatchEncryptionMode": "SSE-KMS", "kmsKeyArn": KEY},
    "jobBookmarksEncryption": {"jobBookmarksEncryptionMode": "CSE-KMS", "kmsKeyArn": KEY},
    "s3Encryption": {"s3EncryptionMode": "SSE-KMS", "kmsKeyArn": KEY},
}


def _registry(*, environment: str = "dev", protect: bool = True, **changed: Any) -> Stack:
    return stack(resource(MODEL_PACKAGE_GROUP, protect=protect, modelPackageGroupName="flights-dev", **changed),
                 environment=environment)


def _argued() -> Stack:
    component = resource("mlstead:index:ModelRegistry", weakenings={"protect": "a sandbox, gone every night"})
    group = Resource({"tags": TAGS}, MODEL_PACKAGE_GROUP, "bare", "urn:bare", component.urn)
    return stack(component, group)


def _features() -> Stack:
    return stack(resource(FEATURE_GROUP, protect=False, roleArn="arn:aws:iam::123456789012:role/features",
                          offlineStoreConfig={"s3StorageConfig": {"s3Uri": "s3://lake-features/flights",
                                                                  "kmsKeyId": KEY}, "disableGlueTableCreation": True}))


def _model(name: str) -> Stack:
    return stack(resource(MODEL, name=name, executionRoleArn="arn:aws:iam::123456789012:role/endpoint",
                          primaryContainer={"modelPackageName": "flights/7"}, enableNetworkIsolation=True,
                          vpcConfig={"subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]}))


def _security(name: str) -> Stack:
    return stack(resource(SECURITY_CONFIGURATION, name=name, encryptionConfiguration=ENCRYPTION))


EXAMPLES = {
    "stateful-protected": example(
        (_registry(), _registry(environment="local", protect=False), _argued()),
        (_registry(protect=False), _registry(environment="prod", protect=False), _features()),
    ),
    "replaced-name-free": example((_model("flights-1a2b3c4"), _security("flights-0fedcba")), (
        _model("flights-dev"), _security("flights-dev"),
    )),
    "tagged-with-project": example(_registry(), (
        _registry(tags=None), _registry(tags={"mlstead:project": "flights"}), _registry(tags={"owner": "me"}),
    )),
}
