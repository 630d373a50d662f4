"""What a call to S3 asks for, as policies name it: actions on objects and buckets, and what S3 then asks of the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from mlstead_toolkit.cloud.request import Environ, body_of

READ = ("kms:Decrypt",)
WRITE = ("kms:GenerateDataKey",)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
WRITE_PARTS = ("kms:GenerateDataKey", "kms:Decrypt")
HEADER = "HTTP_X_AMZ_"
COPY_SOURCE = "HTTP_X_AMZ_COPY_SOURCE"
ALGORITHM = "s3:x-amz-server-side-encryption"
KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"
QUERY_KEYS = {
    "prefix": "s3:prefix", "delimiter": "s3:delimiter", "max-keys": "s3:max-keys", "versionId": "s3:VersionId",
}

OPERATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "GetObject": ("s3:GetObject", READ),
    "SelectObjectContent": ("s3:GetObject", READ),
    "HeadObject": ("s3:GetObject", ()),
    "PutObject": ("s3:PutObject", WRITE),
    "CopyObject": ("s3:PutObject", WRITE),
    "CreateMultipartUpload": ("s3:PutObject", WRITE_PARTS),
    "UploadPart": ("s3:PutObject", WRITE_PARTS),
    "UploadPartCopy": ("s3:PutObject", WRITE_PARTS),
    "CompleteMultipartUpload": ("s3:PutObject", READ),
    "ListParts": ("s3:ListMultipartUploadParts", ()),
    "ListObjects": ("s3:ListBucket", ()),
    "ListObjectsV2": ("s3:ListBucket", ()),
    "HeadBucket": ("s3:ListBucket", ()),
    "ListObjectVersions": ("s3:ListBucketVersions", ()),
    "ListMultipartUploads": ("s3:ListBucketMultipartUploads", ()),
    "ListBuckets": ("s3:ListAllMyBuckets", ()),
}
"""Operations whose action has another name, or that need the key.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""
VERSIONED = {"s3:GetObject": "s3:GetObjectVersion", "s3:DeleteObject": "s3:DeleteObjectVersion"}


@dataclass(frozen=True, slots=True)
class S3Access:
    """One action on one object or bucket.

    Args:
        action: such as s3:GetObject.
        bucket: its name; empty where the action is on none.
        key: of the object; None: the bucket itself.
        key_actions: what S3 asks of the object's KMS key in the caller's name.
        context: the context keys that the call brings.
        version: of the object; empty: the current one.
    """

    action: str
    bucket: str
    key: str | None = None
    key_actions: tuple[str, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    version: str = ""

    @property
    def resource(self) -> str:
        """The ARN that policies name it by."""
        if not self.bucket:
            return "*"
        return f"arn:aws:s3:::{self.bucket}" + ("" if self.key is None else f"/{self.key}")


def accesses(operation: str, environ: Environ) -> Iterator[S3Access]:
    """Give everything that a call needs. An action that is not on data has the name of its operation, as most have."""
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    bucket, _, key = path.removeprefix("/").partition("/")
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    context = {named: query[name] for name, named in QUERY_KEYS.items() if name in query}
    context |= {
        "s3:x-amz-" + name.removeprefix(HEADER).lower().replace("_", "-"): str(value)
        for name, value in environ.items() if name.startswith(HEADER)
    }
    version = query.get("versionId", "")
    action, key_actions = OPERATIONS.get(operation, (f"s3:{operation}", ()))
    if operation == "DeleteObjects":
        for each, each_version in _listed(environ):
            yield S3Access("s3:DeleteObjectVersion" if each_version else "s3:DeleteObject", bucket, each, (), context)
        return
    if COPY_SOURCE in environ:
        yield _source(environ[COPY_SOURCE])
    yield S3Access(
        VERSIONED.get(action, action) if version else action, bucket, key or None, key_actions, context, version
    )
    if operation == "GetObjectAttributes":
        yield S3Access("s3:GetObject", bucket, key, (), context)
    for header, extra in (("TAGGING", "s3:PutObjectTagging"), ("ACL", "s3:PutObjectAcl")):
        if action == "s3:PutObject" and HEADER + header in environ:
            yield S3Access(extra, bucket, key, (), context)


def _source(header: str) -> S3Access:
    path, _, query = header.partition("?versionId=")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    return S3Access("s3:GetObjectVersion" if query else "s3:GetObject", bucket, key, READ, {}, query)


def _listed(environ: Environ) -> Iterator[tuple[str, str]]:
    """Give key and version of what DeleteObjects names."""
    import xmltodict  # type: ignore[import-untyped]

    objects = (xmltodict.parse(body_of(environ)).get("Delete") or {}).get("Object") or []
    for one in objects if isinstance(objects, list) else [objects]:
        yield one["Key"], one.get("VersionId") or ""
