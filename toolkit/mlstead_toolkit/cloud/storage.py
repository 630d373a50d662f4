"""S3 as jobs see it: downloads before a container runs, uploads after, in the name of the job's role.

It reaches into moto's S3 in process, which spares the trip through HTTP and two copies of every file. Every object is
noted in the trail as a call of the role's, just as if it had gone over the wire.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.credentials import RoleCredentials
from mlstead_toolkit.cloud.failure import ClientFailure
from mlstead_toolkit.cloud.request import Call
from mlstead_toolkit.cloud.trail import Trail

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket, FakeKey, S3Backend


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

    def __init__(self, credentials: RoleCredentials, region: str, trail: Trail) -> None:
        self._credentials, self._region, self._trail = credentials, region, trail

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
        """Download one object. Raises ClientFailure where it is missing."""
        self._write(self._get(uri), file)

    def read(self, uri: str) -> bytes:
        """Give the content of one object. Raises ClientFailure where it is missing."""
        return bytes(self._get(uri).value)

    def upload_directory(self, directory: Path, uri: str, kms_key: str | None = None) -> int:
        """Upload every file below a folder to a prefix; returns their number."""
        files = sorted(path for path in directory.rglob("*") if path.is_file())
        for file in files:
            self.upload(file.read_bytes(), f"{uri.rstrip('/')}/{file.relative_to(directory).as_posix()}", kms_key)
        return len(files)

    def upload(self, content: bytes, uri: str, kms_key: str | None = None) -> None:
        """Write one object, under a KMS key where one is named. Raises ClientFailure where the bucket is missing."""
        location = Location.parse(uri)
        self._note("PutObject")
        self._bucket(location.bucket)
        self._backend().put_object(
            location.bucket, location.key, content, encryption="aws:kms" if kms_key else None, kms_key_id=kms_key
        )

    def _get(self, uri: str) -> FakeKey:
        location = Location.parse(uri)
        self._bucket(location.bucket)
        key = self._backend().get_object(location.bucket, location.key)
        if key is None:
            raise ClientFailure(f"Could not find object {uri}: NoSuchKey, The specified key does not exist.")
        return key

    def _keys(self, location: Location) -> Iterator[FakeKey]:
        self._note("ListBucket")
        bucket = self._bucket(location.bucket)
        for name in sorted(name for name in list(bucket.keys) if name.startswith(location.key)):
            if (key := self._backend().get_object(location.bucket, name)) is not None:
                yield key

    def _write(self, key: FakeKey, file: Path) -> None:
        self._note("GetObject")
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

    def _note(self, operation: str) -> None:
        self._trail.record_own(time.time(), Call("s3", self._region, self._credentials.access_key, operation))


def _inside(directory: Path, name: str) -> Path:
    """Give the path of a key below a folder. Raises ClientFailure for a key that would leave it."""
    path = (directory / name).resolve()
    if not path.is_relative_to(directory.resolve()):
        raise ClientFailure(f"Object key {name!r} leaves the folder that it is downloaded to.")
    return path
