"""A bucket's inventories, and the settings that are read back as they were written. Contracts with moto 5.2.5."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.s3.responses import S3Response

Boto = Callable[[str], Any]


@pytest.fixture(scope="module")
def bucket(boto: Boto) -> str:
    s3 = boto("s3")
    s3.create_bucket(Bucket="listed", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_policy(Bucket="listed", Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::listed/*"}]}))
    return "listed"


def inventory(name: str, **more: Any) -> dict[str, Any]:
    destination = {"Bucket": "arn:aws:s3:::listed", "Format": "Parquet", "Prefix": "inventory",
                   "Encryption": {"SSEKMS": {"KeyId": "arn:aws:kms:eu-west-1:123456789012:key/one"}}}
    return {"Id": name, "IsEnabled": False, "IncludedObjectVersions": "Current", "Schedule": {"Frequency": "Weekly"},
            "OptionalFields": ["Size"], "Filter": {"Prefix": "flights/"},
            "Destination": {"S3BucketDestination": destination}, **more}


def test_inventories_are_read_as_written_and_deleted_one_by_one(boto: Boto, bucket: str) -> None:
    s3 = boto("s3")
    written = {name: inventory(name, **more) for name, more in (
        ("one", {}), ("two", {"IsEnabled": True, "IncludedObjectVersions": "All", "OptionalFields": ["Size", "ETag"]}))}
    for name, configuration in written.items():
        s3.put_bucket_inventory_configuration(Bucket=bucket, Id=name, InventoryConfiguration=configuration)

    for name, configuration in written.items():
        found = s3.get_bucket_inventory_configuration(Bucket=bucket, Id=name)["InventoryConfiguration"]
        assert found == configuration
    assert s3.list_bucket_inventory_configurations(Bucket=bucket)["InventoryConfigurationList"] == [*written.values()]

    s3.delete_bucket_inventory_configuration(Bucket=bucket, Id="one")
    listed = s3.list_bucket_inventory_configurations(Bucket=bucket)["InventoryConfigurationList"]
    assert [one["Id"] for one in listed] == ["two"]
    for operation in (s3.get_bucket_inventory_configuration, s3.delete_bucket_inventory_configuration):
        with pytest.raises(ClientError, match="NoSuchConfiguration"):
            operation(Bucket=bucket, Id="one")
    s3.head_bucket(Bucket=bucket)


def test_moto_still_takes_the_delete_of_an_inventory_for_the_buckets() -> None:
    """Contract: when this fails, moto has been mended and inventory.py can shrink."""
    assert '"inventory"' not in inspect.getsource(S3Response._bucket_response_delete)


def test_events_to_eventbridge_are_read_back_beside_other_targets(boto: Boto, bucket: str) -> None:
    s3 = boto("s3")
    topic = {"TopicArn": boto("sns").create_topic(Name="landed")["TopicArn"], "Events": ["s3:ObjectCreated:*"]}
    for wanted in ({"EventBridgeConfiguration": {}}, {"TopicConfigurations": [topic]},
                   {"EventBridgeConfiguration": {}, "TopicConfigurations": [topic]}, {}):
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=wanted)
        answer = s3.get_bucket_notification_configuration(Bucket=bucket)
        assert {name for name in answer if name.endswith(("Configuration", "Configurations"))} == set(wanted)


@pytest.mark.parametrize("key_format", [{"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
                                        {"SimplePrefix": {}}])
def test_the_format_of_logs_keys_is_read_back(boto: Boto, bucket: str, key_format: dict[str, Any]) -> None:
    wanted = {"TargetBucket": bucket, "TargetPrefix": "logs/", "TargetObjectKeyFormat": key_format}
    boto("s3").put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": wanted})

    assert boto("s3").get_bucket_logging(Bucket=bucket)["LoggingEnabled"] == wanted
