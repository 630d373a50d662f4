"""The function getDataCatalogEncryptionSettings: how the catalog of an account and region is encrypted."""

from __future__ import annotations

from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine.values import Properties


def encryption_settings(target: Target, region: str, arguments: Properties) -> Properties:
    """Answer in lists of one, as the real provider does."""
    catalog = str(arguments.get("catalogId") or target.account)
    found = target.call("glue", "GetDataCatalogEncryptionSettings", {"CatalogId": catalog}, region=region,
                        where="getDataCatalogEncryptionSettings")["DataCatalogEncryptionSettings"]
    rest, passwords = found.get("EncryptionAtRest", {}), found.get("ConnectionPasswordEncryption", {})
    return {"id": catalog, "catalogId": catalog, "region": region, "dataCatalogEncryptionSettings": [{
        "encryptionAtRests": [{
            "catalogEncryptionMode": rest.get("CatalogEncryptionMode", "DISABLED"),
            "catalogEncryptionServiceRole": rest.get("CatalogEncryptionServiceRole", ""),
            "sseAwsKmsKeyId": rest.get("SseAwsKmsKeyId", ""),
        }],
        "connectionPasswordEncryptions": [{
            "awsKmsKeyId": passwords.get("AwsKmsKeyId", ""),
            "returnConnectionPasswordEncrypted": passwords.get("ReturnConnectionPasswordEncrypted", False),
        }],
    }]}
