"""Conditional writes by many at once: what S3 promises of them is what leases rest on. Contracts with moto 5.2.5."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

from mlstead_toolkit.cloud.control import CloudStatus

THREADS, ROUNDS = 20, 10


class Crowd:
    """Many threads that do one thing at the same moment."""

    def __init__(self, cloud: CloudStatus) -> None:
        self.s3: Any = boto3.client(
            "s3", endpoint_url=cloud.endpoint, region_name="eu-west-1", aws_access_key_id="mlstead",
            aws_secret_access_key="mlstead", config=Config(max_pool_connections=THREADS, retries={"max_attempts": 0}))
        self.pool = ThreadPoolExecutor(THREADS)

    def at_once(self, action: Callable[[int], Any]) -> list[str]:
        """Give how it went for each: "done", or S3's code."""
        start = threading.Barrier(THREADS)

        def one(number: int) -> str:
            start.wait()
            try:
                action(number)
            except ClientError as error:
                return str(error.response["Error"]["Code"])
            return "done"

        return list(self.pool.map(one, range(THREADS)))


@pytest.fixture(scope="module")
def crowd(cloud: CloudStatus) -> Iterator[Crowd]:
    crowd = Crowd(cloud)
    crowd.s3.create_bucket(Bucket="crowd", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    crowd.s3.put_bucket_versioning(Bucket="crowd", VersioningConfiguration={"Status": "Enabled"})
    yield crowd
    crowd.pool.shutdown()


def outcome(results: list[str]) -> tuple[int, int]:
    return results.count("done"), results.count("PreconditionFailed")


def versions(crowd: Crowd, key: str) -> int:
    return len(crowd.s3.list_object_versions(Bucket="crowd", Prefix=key).get("Versions", []))


def test_of_many_who_write_what_is_not_there_one_does(crowd: Crowd) -> None:
    for number in range(ROUNDS):
        key = f"none-{number}"
        results = crowd.at_once(
            lambda who, key=key: crowd.s3.put_object(Bucket="crowd", Key=key, Body=b"%d" % who, IfNoneMatch="*"))
        assert outcome(results) == (1, THREADS - 1)
        assert versions(crowd, key) == 1


def test_of_many_who_replace_what_they_read_one_does(crowd: Crowd) -> None:
    tag = crowd.s3.put_object(Bucket="crowd", Key="match", Body=b"first")["ETag"]
    for number in range(ROUNDS):
        results = crowd.at_once(lambda who, tag=tag, number=number: crowd.s3.put_object(
            Bucket="crowd", Key="match", Body=b"%d %d" % (number, who), IfMatch=tag))
        assert outcome(results) == (1, THREADS - 1)
        tag = crowd.s3.head_object(Bucket="crowd", Key="match")["ETag"]
    assert versions(crowd, "match") == ROUNDS + 1


def test_of_many_uploads_in_parts_of_what_is_not_there_one_completes(crowd: Crowd) -> None:
    uploads = []
    for _ in range(THREADS):
        upload = crowd.s3.create_multipart_upload(Bucket="crowd", Key="parts")["UploadId"]
        tag = crowd.s3.upload_part(Bucket="crowd", Key="parts", UploadId=upload, PartNumber=1, Body=b"x")["ETag"]
        uploads.append((upload, {"Parts": [{"PartNumber": 1, "ETag": tag}]}))

    results = crowd.at_once(lambda who: crowd.s3.complete_multipart_upload(
        Bucket="crowd", Key="parts", UploadId=uploads[who][0], MultipartUpload=uploads[who][1], IfNoneMatch="*"))

    assert outcome(results) == (1, THREADS - 1)
    assert versions(crowd, "parts") == 1


def test_of_many_plain_writes_every_version_is_kept(crowd: Crowd) -> None:
    for number in range(ROUNDS):
        key = f"plain-{number}"
        crowd.at_once(lambda who, key=key: crowd.s3.put_object(Bucket="crowd", Key=key, Body=b"%d" % who))
        assert versions(crowd, key) == THREADS


def test_a_condition_on_what_is_missing_or_deleted_is_answered_as_s3_does(crowd: Crowd) -> None:
    with pytest.raises(ClientError, match="NoSuchKey"):
        crowd.s3.put_object(Bucket="crowd", Key="missing", Body=b"", IfMatch='"any"')
    crowd.s3.put_object(Bucket="crowd", Key="gone", Body=b"", IfNoneMatch="*")
    crowd.s3.delete_object(Bucket="crowd", Key="gone")
    crowd.s3.put_object(Bucket="crowd", Key="gone", Body=b"", IfNoneMatch="*")


def test_moto_still_looks_where_the_locks_are() -> None:
    """Contract: when this fails, look at conditional_write.py again."""
    original = inspect.unwrap(S3Response.put_object)
    assert "if_none_match" in inspect.getsource(original)
    assert "If-None-Match" in inspect.getsource(inspect.unwrap(S3Response._key_response_post))
    assert "existing_keys + [new_key]" in inspect.getsource(inspect.unwrap(S3Backend.put_object))
