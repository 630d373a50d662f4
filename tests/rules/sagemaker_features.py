"""Examples of the theme sagemaker_features."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.sagemaker_features import FEATURE_GROUP

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
PLACE = {"s3Uri": "s3://lake-features/flights", "kmsKeyId": KEY}
TABLE = {"catalog": "AwsDataCatalog", "database": "mlstead_dev_features", "tableName": "flights_delays"}
OFFLINE = {"s3StorageConfig": PLACE, "dataCatalogConfig": TABLE}
ONLINE = {"enableOnlineStore": True, "securityConfig": {"kmsKeyId": KEY}}


def _group(**changed: Any) -> Stack:
    return stack(resource(FEATURE_GROUP, **{
        "featureGroupName": "flights-dev", "roleArn": "arn:aws:iam::123456789012:role/features",
        "offlineStoreConfig": OFFLINE, "onlineStoreConfig": ONLINE,
    } | changed))


GOOD = _group()

EXAMPLES = {
    "sagemaker-feature-group-offline-encrypted": example(GOOD, _group(
        offlineStoreConfig=OFFLINE | {"s3StorageConfig": {"s3Uri": "s3://lake-features/flights"}})),
    "sagemaker-feature-group-online-encrypted": example(
        (GOOD, _group(onlineStoreConfig=None), _group(onlineStoreConfig={"enableOnlineStore": False}),
         _group(onlineStoreConfig={"enableOnlineStore": True, "storageType": "InMemory"})),
        _group(onlineStoreConfig={"enableOnlineStore": True}),
    ),
    "sagemaker-feature-group-history": example(GOOD, _group(offlineStoreConfig=None)),
    "sagemaker-feature-group-own-prefix": example(GOOD, (
        _group(offlineStoreConfig=OFFLINE | {"s3StorageConfig": PLACE | {"s3Uri": "s3://lake-features"}}),
        _group(offlineStoreConfig=OFFLINE | {"s3StorageConfig": PLACE | {"s3Uri": "s3://lake-features/"}}),
    )),
    "sagemaker-feature-group-governed": example(
        (GOOD, _group(offlineStoreConfig={"s3StorageConfig": PLACE, "disableGlueTableCreation": True})),
        _group(offlineStoreConfig={"s3StorageConfig": PLACE}),
    ),
}
