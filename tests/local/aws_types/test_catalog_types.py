"""The data catalog's databases, tables and encryption, each through its whole life (see conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

DATABASE, TABLE = "aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/catalogTable:CatalogTable"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:glue/catalogDatabase:CatalogDatabase",
            {"name": "curated", "description": "a", "locationUri": "s3://{bucket.bucket}/", "tags": {"owner": "a"}},
            {"description": "b", "parameters": {"zone": "curated"}, "tags": {"owner": "b"}},
            lambda boto, out: boto("glue").get_database(Name=out["name"])["Database"]["Description"], "a", "b",
            ("name", "other"), {"bucket": "aws:s3/bucket:Bucket"}),
    ("aws:glue/catalogTable:CatalogTable",
            {"databaseName": "{database.name}", "name": "flights", "tableType": "EXTERNAL_TABLE",
             "parameters": {"classification": "parquet"}, "partitionKeys": [{"name": "month", "type": "int"}],
             "storageDescriptor": {
                 "location": "s3://lake/flights/", "inputFormat": f"{PARQUET}.MapredParquetInputFormat",
                 "outputFormat": f"{PARQUET}.MapredParquetOutputFormat",
                 "serDeInfo": {"serializationLibrary": f"{PARQUET}.serde.ParquetHiveSerDe",
                               "parameters": {"serialization.format": "1"}},
                 "columns": [{"name": "carrier", "type": "string"}, {"name": "tailnum", "type": "string"}]}},
            {"storageDescriptor": {
                "location": "s3://lake/flights/",
                "columns": [{"name": "carrier", "type": "string", "comment": "who flies"}]}},
            lambda boto, out: [column["Name"] for column in boto("glue").get_table(
                DatabaseName=out["databaseName"], Name=out["name"])["Table"]["StorageDescriptor"]["Columns"]],
            ["carrier", "tailnum"], ["carrier"], ("databaseName", "other"), {"database": DATABASE}),
    ("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
            {"dataCatalogEncryptionSettings": {
                "connectionPasswordEncryption": {"returnConnectionPasswordEncrypted": True, "awsKmsKeyId": "{key.arn}"},
                "encryptionAtRest": {"catalogEncryptionMode": "SSE-KMS", "sseAwsKmsKeyId": "{key.arn}"}}},
            {"dataCatalogEncryptionSettings": {
                "connectionPasswordEncryption": {"returnConnectionPasswordEncrypted": False},
                "encryptionAtRest": {"catalogEncryptionMode": "SSE-KMS", "sseAwsKmsKeyId": "{key.arn}"}}},
            lambda boto, _out: boto("glue").get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"]
            ["ConnectionPasswordEncryption"]["ReturnConnectionPasswordEncrypted"], True, False,
            ("catalogId", "210987654321"), {"key": "aws:kms/key:Key"}, True),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)


def test_a_catalog_whose_encryption_is_no_longer_managed_is_as_aws_hands_it_over(
        stand: Any, boto: Callable[[str], Any]) -> None:
    stand.create("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings", {
        "dataCatalogEncryptionSettings": {
            "connectionPasswordEncryption": {"returnConnectionPasswordEncrypted": True},
            "encryptionAtRest": {"catalogEncryptionMode": "SSE-KMS"}}})

    stand.clear()
    stand.standing.clear()

    assert boto("glue").get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"] == {
        "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False},
        "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"}}


def test_a_column_that_someone_adds_by_hand_is_drift(aws: Any, stand: Any, boto: Callable[[str], Any]) -> None:
    database = stand.create(DATABASE, {"name": "drifting"})[2]
    columns = [{"name": "carrier", "type": "string"}]
    resource_id, inputs, outputs = stand.create(
        TABLE, {"databaseName": database["name"], "name": "flights", "storageDescriptor": {"columns": columns}})
    boto("glue").update_table(DatabaseName="drifting", TableInput={"Name": "flights", "StorageDescriptor": {
        "Columns": [{"Name": "carrier", "Type": "string"}, {"Name": "added", "Type": "string"}]}})

    found = aws.read(TABLE, resource_id, inputs, outputs)

    assert [column["name"] for column in found.inputs["storageDescriptor"]["columns"]] == ["carrier", "added"]
    assert aws.diff(TABLE, resource_id, found.inputs, found.outputs, inputs, ()).changed
