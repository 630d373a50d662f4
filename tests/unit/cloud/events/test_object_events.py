"""What S3 tells EventBridge of an object, whichever way it came. Contracts with moto 5.2.5."""

from __future__ import annotations

import inspect
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from moto.s3 import notifications

Boto = Callable[[str], Any]
PART = b"x" * 5_300_000


class Bucket:
    """A versioned bucket whose events reach a queue."""

    def __init__(self, boto: Boto) -> None:
        self.s3, self.sqs, events = boto("s3"), boto("sqs"), boto("events")
        self.name = f"b-{uuid.uuid4()}"
        self.s3.create_bucket(Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})
        self.s3.put_bucket_notification_configuration(
            Bucket=self.name, NotificationConfiguration={"EventBridgeConfiguration": {}})
        policy = {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
            "Resource": "*"}]}
        self.queue = self.sqs.create_queue(QueueName=self.name, Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
        pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [self.name]}}}
        events.put_rule(Name=self.name, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=self.name, Targets=[
            {"Id": "queue", "Arn": f"arn:aws:sqs:eu-west-1:123456789012:{self.name}"}])

    def events(self) -> list[dict[str, Any]]:
        found = []
        while messages := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    def in_parts(self, key: str, **more: Any) -> dict[str, Any]:
        upload = self.s3.create_multipart_upload(Bucket=self.name, Key=key, **more)["UploadId"]
        parts = []
        for number, body in enumerate((PART, b"end"), 1):
            tag = self.s3.upload_part(Bucket=self.name, Key=key, UploadId=upload, PartNumber=number, Body=body)["ETag"]
            parts.append({"PartNumber": number, "ETag": tag})
        answer: dict[str, Any] = self.s3.complete_multipart_upload(
            Bucket=self.name, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})
        return answer


@pytest.fixture
def bucket(boto: Boto) -> Bucket:
    return Bucket(boto)


def test_an_object_that_is_put_is_told_in_aws_s_members_and_words(bucket: Bucket) -> None:
    put = bucket.s3.put_object(Bucket=bucket.name, Key="a b/ü.csv", Body=b"123")

    (event,) = bucket.events()
    told = event["detail"]
    assert (event["source"], event["detail-type"], event["resources"]) == (
        "aws.s3", "Object Created", [f"arn:aws:s3:::{bucket.name}"])
    assert told["bucket"] == {"name": bucket.name}
    sequencer = told["object"].pop("sequencer")
    assert int(sequencer, 16) > 0
    assert told["object"] == {
        "key": "a b/ü.csv", "size": 3, "etag": put["ETag"].strip('"'), "version-id": put["VersionId"]}
    assert (told["reason"], told["version"], told["requester"]) == ("PutObject", "0", "123456789012")


def test_an_upload_in_parts_is_told_once_and_by_its_own_reason(bucket: Bucket) -> None:
    done = bucket.in_parts("large")

    (event,) = bucket.events()
    told = event["detail"]
    assert (told["reason"], told["object"]["size"], told["object"]["etag"], told["object"]["version-id"]) == (
        "CompleteMultipartUpload", len(PART) + 3, done["ETag"].strip('"'), done["VersionId"])


def test_a_copy_is_told_once_and_by_its_own_reason_even_of_what_came_in_parts(bucket: Bucket) -> None:
    bucket.in_parts("large")
    bucket.events()
    bucket.s3.copy_object(Bucket=bucket.name, Key="copy", CopySource={"Bucket": bucket.name, "Key": "large"})

    (event,) = bucket.events()
    assert (event["detail"]["reason"], event["detail"]["object"]["key"]) == ("CopyObject", "copy")


def test_what_is_written_later_has_the_greater_sequencer(bucket: Bucket) -> None:
    for content in (b"1", b"2", b"3"):
        bucket.s3.put_object(Bucket=bucket.name, Key="k", Body=content)

    by_order = sorted(bucket.events(), key=lambda event: str(event["detail"]["object"]["sequencer"]))
    versions = bucket.s3.list_object_versions(Bucket=bucket.name)["Versions"]
    latest = next(version["VersionId"] for version in versions if version["IsLatest"])
    assert len({event["id"] for event in by_order}) == 3
    assert by_order[-1]["detail"]["object"]["version-id"] == latest


def test_metadata_comes_through_an_upload_in_parts_and_through_one_in_a_piece(bucket: Bucket) -> None:
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    bucket.in_parts("large", Metadata={"sha256": digest})
    bucket.s3.put_object(Bucket=bucket.name, Key="small", Body=b"1", Metadata={"sha256": digest})

    for key in ("large", "small"):
        assert bucket.s3.head_object(Bucket=bucket.name, Key=key)["Metadata"] == {"sha256": digest}


def test_moto_still_has_the_names_that_ours_stand_in_for() -> None:
    """Contract: when this fails, look at object_event.py again."""
    assert "_send_event_bridge_message(account_id, bucket, event_name, key)" in inspect.getsource(
        notifications.send_event)
