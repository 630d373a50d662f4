"""Object lock on buckets that hold objects. Contracts with moto 5.2.5."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.s3.models import S3Backend

Boto = Callable[[str], Any]
LOCKED = {"ObjectLockEnabled": "Enabled"}


def governed(days: int) -> dict[str, Any]:
    return {**LOCKED, "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": days}}}


def retention(s3: Any, bucket: str) -> dict[str, Any]:
    return s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]


@pytest.fixture
def bucket(boto: Boto) -> str:
    name = f"b-{uuid.uuid4()}"
    boto("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    boto("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    boto("s3").put_object(Bucket=name, Key="before", Body=b"x")
    return name


def test_a_lock_holds_from_then_on_and_its_days_change_and_end_with_objects_there(boto: Boto, bucket: str) -> None:
    s3 = boto("s3")
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=governed(30))
    held = s3.put_object(Bucket=bucket, Key="held", Body=b"x")["VersionId"]
    assert s3.head_object(Bucket=bucket, Key="held")["ObjectLockMode"] == "GOVERNANCE"
    assert "ObjectLockMode" not in s3.head_object(Bucket=bucket, Key="before")

    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=governed(3))
    assert retention(s3, bucket)["Rule"]["DefaultRetention"]["Days"] == 3
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=LOCKED)
    assert retention(s3, bucket) == LOCKED
    s3.put_object(Bucket=bucket, Key="after", Body=b"x")
    assert "ObjectLockMode" not in s3.head_object(Bucket=bucket, Key="after")

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key="held", VersionId=held)
    s3.delete_object(Bucket=bucket, Key="held", VersionId=held, BypassGovernanceRetention=True)


def test_what_is_uploaded_in_parts_is_locked_too(boto: Boto, bucket: str) -> None:
    s3 = boto("s3")
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=governed(30))
    upload = s3.create_multipart_upload(Bucket=bucket, Key="large", ChecksumAlgorithm="CRC32")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="large", UploadId=upload, PartNumber=1, Body=b"x")
    s3.complete_multipart_upload(Bucket=bucket, Key="large", UploadId=upload,
                                 MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    assert s3.head_object(Bucket=bucket, Key="large")["ObjectLockMode"] == "GOVERNANCE"


@pytest.mark.parametrize("status", [None, "Suspended"])
def test_where_versions_are_not_kept_there_is_no_lock(boto: Boto, status: str | None) -> None:
    s3, name = boto("s3"), f"b-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    if status:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
    with pytest.raises(ClientError, match=r"InvalidBucketState.*Versioning must be 'Enabled'"):
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=LOCKED)


def test_where_there_is_a_lock_versions_stay_on(boto: Boto, bucket: str) -> None:
    s3 = boto("s3")
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=LOCKED)
    with pytest.raises(ClientError, match=r"InvalidBucketState.*An Object Lock configuration is present"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def test_moto_still_locks_new_buckets_alone() -> None:
    """Contract: when this fails, moto has been mended and object_lock.py can shrink."""
    assert "BucketNeedsToBeNew" in inspect.getsource(S3Backend.put_object_lock_configuration)
    assert "object_lock" not in inspect.getsource(S3Backend.put_bucket_versioning)
