"""S3 as jobs see it: downloads before a container runs, uploads after, in the name of the job's role.

It reaches into moto's S3 in process, which spares the trip through HTTP and two copies of every file. Every object is
decided by the role's policies and noted in the trail, just as if it had gone over the wire.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.credentials import RoleCredentials
from mlstead_toolkit.cloud.failure import ClientFailure, RoleFailure

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket, FakeKey, S3Backend

    from mlstead_toolkit.cloud.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Location:
    """An s3:// address."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> Location:
        """Read s3://bucket/key. Raises ClientFailure for anything else."""
        parts = urlsplit(uri)
        if parts.scheme != "s3" or not parts.netloc:
            raise ClientFailure(f"{uri!r} is not an S3 URI.")
        return cls(parts.netloc, parts.path.lstrip("/"))


class Storage:
    """S3 with one role's credentials, in one region."""

    def __init__(self, credentials: RoleCredentials, region: str, workshop: Workshop) -> None:
        self._credentials, self._region, self._workshop = credentials, region, workshop

    def download_prefix(self, uri: str, directory: Path) -> int:
        """Download everything below a prefix, keeping the paths below it; a key that is the whole URI is one file.

        Returns the number of files. Raises ClientFailure where there is none, in SageMaker's words.
        """
        location = Location.parse(uri)
        count = 0
        base = location.key if location.key.endswith("/") or not location.key else location.key + "/"
        keys = list(self._keys(location))
        below = [key for key in keys if key.name.startswith(base)]
        for key in below or keys:
            name = key.name[len(base) :] if below else key.name.rpartition("/")[2]
            if name and not name.endswith("/"):
                self._ask("GetObject", location.bucket, Key=key.name)
                self._write(key, _inside(directory, name))
                count += 1
        if not count:
            raise ClientFailure(
                f'Data download failed:No S3 objects found under S3 URL "{uri}" given in input data source. '
                f"Please ensure that the bucket exists in the selected region ({self._region}), that objects exist "
                f'under that S3 prefix, and that the role "{self._credentials.role_arn}" has "s3:ListBucket" '
                f'permissions on bucket "{location.bucket}".'
            )
        return count

    def download_file(self, uri: str, file: Path) -> None:
        """Download one object. Raises ClientFailure where it, or the right to read it, is missing."""
        self._write(self._get(uri), file)

    def read(self, uri: str) -> bytes:
        """Give the content of one object. Raises ClientFailure where it, or the right to read it, is missing."""
        return bytes(self._get(uri).value)

    def look_at(self, uri: str) -> None:
        """See that one object is there. Raises ClientFailure where it, or the right to read it, is missing."""
        self._get(uri, "HeadObject")

    def upload_directory(self, directory: Path, uri: str, kms_key: str | None = None) -> int:
        """Upload every file below a folder to a prefix; returns their number."""
        files = sorted(path for path in directory.rglob("*") if path.is_file())
        for file in files:
            self.upload(file.read_bytes(), f"{uri.rstrip('/')}/{file.relative_to(directory).as_posix()}", kms_key)
        return len(files)

    def upload(self, content: bytes, uri: str, kms_key: str | None = None) -> None:
        """Write one object, under a KMS key where one is named. Raises ClientFailure where that cannot be done."""
        location = Location.parse(uri)
        self._bucket(location.bucket)
        encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
        self._ask("PutObject", location.bucket, Key=location.key, **encryption)
        self._backend().put_object(
            location.bucket, location.key, content, encryption="aws:kms" if kms_key else None, kms_key_id=kms_key
        )

    def _get(self, uri: str, operation: str = "GetObject") -> FakeKey:
        location = Location.parse(uri)
        self._bucket(location.bucket)
        self._ask(operation, location.bucket, Key=location.key)
        key = self._backend().get_object(location.bucket, location.key)
        if key is None:
            raise ClientFailure(f"Could not find object {uri}: NoSuchKey, The specified key does not exist.")
        return key

    def _keys(self, location: Location) -> Iterator[FakeKey]:
        bucket = self._bucket(location.bucket)
        self._ask("ListObjectsV2", location.bucket, Prefix=location.key)
        for name in sorted(name for name in list(bucket.keys) if name.startswith(location.key)):
            if (key := self._backend().get_object(location.bucket, name)) is not None:
                yield key

    def _write(self, key: FakeKey, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(key.value)

    def _bucket(self, name: str) -> FakeBucket:
        from moto.s3.exceptions import MissingBucket

        try:
            return self._backend().get_bucket(name)
        except MissingBucket as error:
            raise ClientFailure(f"Bucket {name} does not exist.") from error

    def _backend(self) -> S3Backend:
        from moto.s3.models import s3_backends

        backend: S3Backend = s3_backends[ACCOUNT_ID][PARTITION]
        return backend

    def _ask(self, operation: str, bucket: str, **parameters: str) -> None:
        """Note what is about to be done, and refuse what the role may not do."""
        call = ApiCall("s3", operation, {"Bucket": bucket, **parameters}, self._region, ACCOUNT_ID)
        if refused := self._workshop.acting.may(self._credentials, call):
            raise RoleFailure(f"AccessDenied: {refused}")


def _inside(directory: Path, name: str) -> Path:
    """Give the path of a key below a folder. Raises ClientFailure for a key that would leave it."""
    path = (directory / name).resolve()
    if not path.is_relative_to(directory.resolve()):
        raise ClientFailure(f"Object key {name!r} leaves the folder that it is downloaded to.")
    return path
