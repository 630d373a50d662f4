"""Object lock as S3 has it: on buckets that hold objects too, and on whatever way an object comes into one.

moto takes a lock for empty buckets alone, and leaves out what is uploaded in parts or put in process, as by a job.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html
Contract: tests/unit/cloud/test_object_lock.py.
"""

from __future__ import annotations

from typing import Any

LOCKED = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
NOT_VERSIONED = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"


def install() -> None:
    """Put it into moto's S3."""
    from moto.s3.models import S3Backend

    S3Backend.put_object_lock_configuration = _put  # type: ignore[method-assign, assignment]
    set_versioning, store = S3Backend.put_bucket_versioning, S3Backend.put_object

    def put_versioning(backend: Any, bucket_name: str, status: str) -> None:
        if status != "Enabled" and backend.get_bucket(bucket_name).object_lock_enabled:
            _refuse(LOCKED)
        set_versioning(backend, bucket_name, status)

    def put_object(backend: Any, bucket_name: str, *args: Any, **more: Any) -> Any:
        key, bucket = store(backend, bucket_name, *args, **more), backend.get_bucket(bucket_name)
        if bucket.has_default_lock and not key.lock_mode:
            key.lock_mode, key.lock_until = bucket.default_lock_mode, bucket.default_retention()
        return key

    S3Backend.put_bucket_versioning = put_versioning  # type: ignore[method-assign, assignment]
    S3Backend.put_object = put_object  # type: ignore[method-assign, assignment]


def _put(
    backend: Any, bucket_name: str, lock_enabled: bool, mode: str | None = None, days: int | None = None,
    years: int | None = None,
) -> None:
    """Lock what will be written from now on: versions that are there stay as they are."""
    bucket = backend.get_bucket(bucket_name)
    if not bucket.is_versioned:
        _refuse(NOT_VERSIONED)
    bucket.object_lock_enabled |= lock_enabled
    bucket.default_lock_mode, bucket.default_lock_days, bucket.default_lock_years = mode, days, years


def _refuse(reason: str) -> None:
    from moto.s3.exceptions import InvalidBucketState

    raise InvalidBucketState(reason)
