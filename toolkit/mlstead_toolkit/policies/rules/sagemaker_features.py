"""Feature groups: encrypted in both stores, kept, and catalogued where Lake Formation governs.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls

FEATURE_GROUP: Final = "aws:sagemaker/featureGroup:FeatureGroup"

_OFFLINE: Final = "offlineStoreConfig.s3StorageConfig"
_WITH_PREFIX: Final = re.compile(r"s3://[^/]+/[^/]")


def _offline_encrypted(group: Resource, _stack: Stack) -> Iterator[str]:
    if group.has("offlineStoreConfig") and not group.filled(f"{_OFFLINE}.kmsKeyId"):
        yield "the offline store is not encrypted with a KMS key of your own"


def _online_encrypted(group: Resource, _stack: Stack) -> Iterator[str]:
    for store in group.blocks("onlineStoreConfig"):
        if (store.flag("enableOnlineStore") and store.get("storageType", "Standard") == "Standard"
                and not store.filled("securityConfig.kmsKeyId")):
            yield "the online store is not encrypted with a KMS key of your own"


def _kept(group: Resource, _stack: Stack) -> Iterator[str]:
    if not group.has("offlineStoreConfig"):
        yield "only the latest values are kept: what a model was trained on cannot be built again"


def _own_place(group: Resource, _stack: Stack) -> Iterator[str]:
    uri = group.get(f"{_OFFLINE}.s3Uri", "")
    if uri and not _WITH_PREFIX.match(uri):
        yield f"the offline store takes the whole of {uri}"


def _governed(group: Resource, _stack: Stack) -> Iterator[str]:
    for store in group.blocks("offlineStoreConfig"):
        if not store.flag("disableGlueTableCreation") and not store.filled("dataCatalogConfig.database"):
            yield "SageMaker makes the table in its own database sagemaker_featurestore, which nobody has governed"


RULES: Final = (
    Rule(
        id="sagemaker-feature-group-offline-encrypted",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.17",),
        title="The offline store of a feature group is encrypted with a customer-managed key.",
        fix="Set kms_key_id in s3_storage_config of offline_store_config.",
        types=(FEATURE_GROUP,),
        check=_offline_encrypted,
    ),
    Rule(
        id="sagemaker-feature-group-online-encrypted",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.18",),
        title="The online store of a feature group is encrypted with a customer-managed key.",
        fix="Set kms_key_id in security_config of online_store_config.",
        types=(FEATURE_GROUP,),
        check=_online_encrypted,
    ),
    Rule(
        id="sagemaker-feature-group-history",
        level=Level.ADVISORY,
        controls=(own_controls.NOTHING_LOST,),
        title="A feature group keeps its history.",
        fix="Add an offline_store_config.",
        types=(FEATURE_GROUP,),
        check=_kept,
    ),
    Rule(
        id="sagemaker-feature-group-own-prefix",
        level=Level.ADVISORY,
        controls=(own_controls.OWN_STORAGE,),
        title="The offline store of a feature group has a prefix of its own.",
        fix="Write s3://bucket/project/features, so that grants can be given by prefix.",
        types=(FEATURE_GROUP,),
        check=_own_place,
    ),
    Rule(
        id="sagemaker-feature-group-governed",
        level=Level.ADVISORY,
        controls=(own_controls.GOVERNED_CATALOG,),
        title="The table of a feature group is in a database of your own.",
        fix="Set data_catalog_config with catalog, database and table_name, or disable_glue_table_creation=True.",
        types=(FEATURE_GROUP,),
        check=_governed,
    ),
)
