"""A zone in S3: the prefix of one project in the bucket of one zone.

No encryption is asked for: the bucket's own default is the key of its zone, and its policy refuses every other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Any

from mlstead_jobs.zone import Conflict, Content, Entry, Stored, Zone, ZoneFailure, sha256_of

_MISSING = ("404", "NoSuchKey", "NotFound")
_CONFLICTS = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
_DENIED = ("AccessDenied", "403")
_MAY = (
    "the role needs the right to it; and where the foundation gives data only within its network (only_from_network, "
    "on in staging and prod), type it there, such as in Studio"
)
_ONE_PUT = 5 * 1000**3
"""Bytes that one PUT takes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""


class BucketZone(Zone):
    """A zone at s3://bucket/prefix.

    Args:
        uri: its address.
        client: S3, as boto3 or botocore gives it; None: what the environment says.
    """

    def __init__(self, uri: str, client: Any = None) -> None:
        self._given = client
        self._bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        if not self._bucket:
            raise ZoneFailure(f"{uri!r} names no bucket.", fix="give s3://bucket/prefix")

    def uri(self, key: str = "") -> str:
        """Give the full address of a key."""
        return f"s3://{self._bucket}/{self._prefix}{key}"

    def entries(self, prefix: str) -> Iterator[Entry]:
        """List what lies under a prefix of keys, sorted by key."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        with _Told(self.uri(prefix)):
            for page in pages:
                for found in page.get("Contents", []):
                    modified = found["LastModified"].astimezone(UTC).isoformat(timespec="milliseconds")
                    # The ETag alone may be the content's: the same bytes delivered once more would not be seen.
                    version = f"{found['ETag']} {modified}"
                    yield Entry(found["Key"].removeprefix(self._prefix), found["Size"], version, modified)

    def read(self, key: str) -> Content | None:
        """Read a small object whole; None where there is none."""
        with _Told(self.uri(key)):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            except self._client.exceptions.ClientError as error:
                if error.response["Error"]["Code"] in _MISSING:
                    return None
                raise
            return Content(answer["Body"].read(), answer["ETag"])

    def write(self, key: str, body: bytes, *, replacing: str | None = None, new: bool = False) -> str:
        """Write a small object, at once or not at all; give its version."""
        condition = _condition(replacing, new)
        with _Told(self.uri(key)):
            answer = self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=body, **condition)
        return str(answer["ETag"])

    def fetch(self, key: str, to: Path) -> None:
        """Copy an object into a file."""
        with _Told(self.uri(key)):
            self._transfer.download_file(self._bucket, self._prefix + key, str(to))

    def upload(self, source: Path, key: str, *, replacing: str | None = None, new: bool = False) -> str:
        """Copy a file to a key, at once or not at all; give the SHA-256 of its content, which is kept with it."""
        digest = sha256_of(source)
        condition = _condition(replacing, new)
        if condition and source.stat().st_size < _ONE_PUT:  # boto3's transfer of parts knows no conditions
            self._put(source, key, digest, condition)
            return digest
        with _Told(self.uri(key)):
            self._transfer.upload_file(
                str(source), self._bucket, self._prefix + key, extra_args={"Metadata": {"sha256": digest}}
            )
        return digest

    def _put(self, source: Path, key: str, digest: str, condition: dict[str, str]) -> None:
        try:
            with _Told(self.uri(key)), source.open("rb") as body:
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=body,
                                        Metadata={"sha256": digest}, **condition)
        except Conflict:
            # A write whose answer was lost is sent again by the SDK, and then conflicts with itself.
            if self.sha256(key) != digest:
                raise

    def stored(self, key: str) -> Stored | None:
        """Say what lies at a key; None where there is no such object."""
        with _Told(self.uri(key)):
            try:
                answer = self._client.head_object(Bucket=self._bucket, Key=self._prefix + key)
            except self._client.exceptions.ClientError as error:
                if error.response["Error"]["Code"] in _MISSING:
                    return None
                raise
            return Stored(str(answer["Metadata"].get("sha256", "")), answer["ETag"])

    @cached_property
    def _client(self) -> Any:
        if self._given is not None:
            return self._given
        import boto3
        from botocore.config import Config

        # SageMaker names the region as AWS_REGION, which boto3 does not read: it would ask S3 in us-east-1, and the
        # private network has no way there.
        region = os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION")
        config = Config(retries={"mode": "standard", "total_max_attempts": 5})
        return boto3.client("s3", region_name=region, config=config)

    @property
    def _transfer(self) -> Any:
        from boto3.s3.transfer import S3Transfer

        return S3Transfer(self._client)


def _condition(replacing: str | None, new: bool) -> dict[str, str]:
    return {"IfMatch": replacing} if replacing is not None else {"IfNoneMatch": "*"} if new else {}


class _Told:
    """Turn an SDK's error into one that says which address it concerns."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, Boto3Error) and error.__context__:
            error = error.__context__  # a transfer wraps what S3 said
        if isinstance(error, ClientError):
            code = error.response["Error"]["Code"]
            if code in _CONFLICTS:
                raise Conflict("It was written by somebody else meanwhile.", where=self._uri) from None
            if code in _MISSING:
                raise ZoneFailure("There is no such object.", where=self._uri) from None
            if code in _DENIED:
                raise ZoneFailure(f"S3 refused: {error}", where=self._uri, fix=_MAY) from error
            raise ZoneFailure(f"S3 refused: {error}", where=self._uri) from error
        if isinstance(error, (Boto3Error, BotoCoreError)):
            raise ZoneFailure(f"S3 cannot be reached: {error}", where=self._uri) from error
