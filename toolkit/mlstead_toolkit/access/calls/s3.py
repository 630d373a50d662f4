"""Amazon S3: objects and buckets, and what S3 then asks of the key that encrypts an object.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, unquote

from mlstead_toolkit.access.calls.call import ApiCall, Encryption, Known, Need
from mlstead_toolkit.access.calls.row import More, Row, Service, each
from mlstead_toolkit.access.calls.through import uses_key

BUCKET, OBJECT = "{Bucket}", "{Bucket}/{Key}"
ALGORITHM = "s3:x-amz-server-side-encryption"
KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"
KMS = "aws:kms"

LISTED = {"s3:prefix": "Prefix", "s3:delimiter": "Delimiter", "s3:max-keys": "MaxKeys"}
VERSION = {"s3:versionid": "VersionId"}
GRANTED = {
    "s3:x-amz-acl": "ACL", "s3:x-amz-grant-full-control": "GrantFullControl", "s3:x-amz-grant-read": "GrantRead",
    "s3:x-amz-grant-read-acp": "GrantReadACP", "s3:x-amz-grant-write-acp": "GrantWriteACP",
}
OF_BUCKET = {**GRANTED, "s3:x-amz-grant-write": "GrantWrite"}
COPIED = {"s3:x-amz-copy-source": "CopySource", "s3:x-amz-metadata-directive": "MetadataDirective"}
CONDITIONAL = {"s3:if-match": "IfMatch", "s3:if-none-match": "IfNoneMatch"}
WRITTEN = {
    **GRANTED, ALGORITHM: "ServerSideEncryption",
    "s3:x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "s3:x-amz-storage-class": "StorageClass", "s3:x-amz-website-redirect-location": "WebsiteRedirectLocation",
    KEY: "{key:SSEKMSKeyId?}", "s3:object-lock-mode": "ObjectLockMode",
    "s3:object-lock-legal-hold": "ObjectLockLegalHoldStatus",
    "s3:object-lock-retain-until-date": "ObjectLockRetainUntilDate",
}


def _reads(call: ApiCall, known: Known) -> Iterator[Need]:
    yield from _key_of(call, known, _object(call), str(call.parameters.get("VersionId") or ""), "kms:Decrypt")


def _written(*actions: str) -> More:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions: for parts, both."""
    def more(call: ApiCall, known: Known) -> Iterator[Need]:
        if source := call.parameters.get("CopySource"):
            yield from _source(call, known, str(source))
        yield from _writes(call, known, *actions)
        for parameter, action in (("Tagging", "s3:PutObjectTagging"), ("ACL", "s3:PutObjectAcl")):
            if call.parameters.get(parameter):
                tags = dict(parse_qsl(str(call.parameters["Tagging"]))) if parameter == "Tagging" else {}
                context = {f"s3:RequestObjectTag/{name}": value for name, value in tags.items()}
                yield Need(action, _object(call), {**context, "s3:ResourceAccount": call.account})

    return more


def _writes(call: ApiCall, known: Known, *actions: str) -> Iterator[Need]:
    bucket, given = _arn(call, str(call.parameters["Bucket"])), call.parameters
    default = known.encryption(bucket)
    key = default.key
    if algorithm := given.get("ServerSideEncryption"):
        named = str(given.get("SSEKMSKeyId") or "")
        key = known.arn("key", named, call.region) if algorithm == KMS and named else ""
    yield from _uses(call, known, Encryption(key, default.bucket_key), _object(call), *actions)


def _key_of(call: ApiCall, known: Known, arn: str, version: str, *actions: str) -> Iterator[Need]:
    bucket = known.encryption(arn.partition("/")[0])
    yield from _uses(call, known, replace(known.encryption(arn, version), bucket_key=bucket.bucket_key), arn, *actions)


def _uses(call: ApiCall, known: Known, encryption: Encryption, arn: str, *actions: str) -> Iterator[Need]:
    """With bucket keys on, the encryption context is the bucket, else the object.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    """
    named = arn.partition("/")[0] if encryption.bucket_key else arn
    yield from uses_key(call, known, "s3", encryption.key, *actions, context={
        "kms:EncryptionContext:aws:s3:arn": named, "kms:EncryptionContextKeys": ["aws:s3:arn"],
    })


def _source(call: ApiCall, known: Known, source: str) -> Iterator[Need]:
    path, _, version = source.partition("?versionId=")
    arn = _arn(call, unquote(path).removeprefix("/"))
    yield Need("s3:GetObjectVersion" if version else "s3:GetObject", arn, {"s3:ResourceAccount": call.account})
    yield from _key_of(call, known, arn, version, "kms:Decrypt")


def _attributes(call: ApiCall, known: Known) -> Iterator[Need]:
    yield Need("s3:GetObject", _object(call), {"s3:ResourceAccount": call.account})
    yield from _reads(call, known)


def _deleted(call: ApiCall, _: Known) -> Iterator[Need]:
    """Every object that DeleteObjects names is decided by itself."""
    for one in call.parameters.get("Delete", {}).get("Objects", ()):
        arn = _arn(call, f"{call.parameters['Bucket']}/{one['Key']}")
        action = "s3:DeleteObjectVersion" if one.get("VersionId") else "s3:DeleteObject"
        yield Need(action, arn, {"s3:ResourceAccount": call.account})


def _object(call: ApiCall) -> str:
    return _arn(call, f"{call.parameters['Bucket']}/{call.parameters.get('Key', '')}")


def _arn(call: ApiCall, path: str) -> str:
    return f"arn:{call.partition}:s3:::{path}"


SETTINGS = (
    ("BucketAcl", "BucketAcl", "Get Put"), ("BucketCors", "BucketCORS", "Get Put Delete"),
    ("BucketLogging", "BucketLogging", "Get Put"),
    ("BucketNotificationConfiguration", "BucketNotification", "Get Put"),
    ("BucketPolicy", "BucketPolicy", "Get Put Delete"),
    ("BucketOwnershipControls", "BucketOwnershipControls", "Get Put Delete"),
    ("BucketTagging", "BucketTagging", "Get Put Delete"), ("BucketVersioning", "BucketVersioning", "Get Put"),
    ("BucketWebsite", "BucketWebsite", "Get Put Delete"), ("BucketRequestPayment", "BucketRequestPayment", "Get Put"),
    ("PublicAccessBlock", "BucketPublicAccessBlock", "Get Put Delete"),
    ("BucketEncryption", "EncryptionConfiguration", "Get Put Delete"),
    ("BucketReplication", "ReplicationConfiguration", "Get Put Delete"),
    ("BucketLifecycleConfiguration", "LifecycleConfiguration", "Get Put"),
    ("BucketLifecycle", "LifecycleConfiguration", "Delete"),
    ("BucketInventoryConfiguration", "InventoryConfiguration", "Get Put Delete"),
    ("BucketAccelerateConfiguration", "AccelerateConfiguration", "Get Put"),
    ("ObjectLockConfiguration", "BucketObjectLockConfiguration", "Get Put"),
    ("BucketMetricsConfiguration", "MetricsConfiguration", "Get Put Delete"),
    ("BucketAnalyticsConfiguration", "AnalyticsConfiguration", "Get Put Delete"),
    ("BucketIntelligentTieringConfiguration", "IntelligentTieringConfiguration", "Get Put Delete"),
)
"""What operations on a bucket's settings are called, what their actions are, and which there are."""
DELETED = ("BucketPolicy", "BucketWebsite")
"""Settings whose deletion is an action of its own; to take another one away is to put it."""


def _settings() -> Iterator[tuple[str, Row]]:
    for operation, action, verbs in SETTINGS:
        for verb in verbs.split():
            right = verb if verb != "Delete" or action in DELETED else "Put"
            context = OF_BUCKET if (verb, operation) == ("Put", "BucketAcl") else None
            yield f"{verb}{operation}", Row(BUCKET, action=f"s3:{right}{action}", context=context)
    for listed in ("Inventory", "Metrics", "Analytics"):
        yield f"ListBucket{listed}Configurations", Row(BUCKET, action=f"s3:Get{listed}Configuration")


TABLE = Service("s3", {
    "GetObject": Row(OBJECT, instead=("VersionId", "s3:GetObjectVersion"), context=VERSION, more=_reads),
    "SelectObjectContent": Row(OBJECT, action="s3:GetObject", more=_reads),
    "HeadObject": Row(OBJECT, action="s3:GetObject", instead=("VersionId", "s3:GetObjectVersion"), context=VERSION),
    "GetObjectAttributes": Row(
        OBJECT, instead=("VersionId", "s3:GetObjectVersionAttributes"), context=VERSION, more=_attributes),
    "PutObject": Row(OBJECT, context={**WRITTEN, **CONDITIONAL}, more=_written("kms:GenerateDataKey")),
    "CopyObject": Row(OBJECT, action="s3:PutObject", context={**WRITTEN, **COPIED},
                      more=_written("kms:GenerateDataKey")),
    "CreateMultipartUpload": Row(OBJECT, action="s3:PutObject", context=WRITTEN,
                                 more=_written("kms:GenerateDataKey", "kms:Decrypt")),
    "UploadPart": Row(OBJECT, action="s3:PutObject", more=_written("kms:GenerateDataKey", "kms:Decrypt")),
    "UploadPartCopy": Row(OBJECT, action="s3:PutObject", more=_written("kms:GenerateDataKey", "kms:Decrypt")),
    "CompleteMultipartUpload": Row(OBJECT, action="s3:PutObject", context=CONDITIONAL, more=_written("kms:Decrypt")),
    "AbortMultipartUpload": Row(OBJECT),
    "ListParts": Row(OBJECT, action="s3:ListMultipartUploadParts"),
    "DeleteObject": Row(OBJECT, instead=("VersionId", "s3:DeleteObjectVersion"), context=VERSION),
    "DeleteObjects": Row(only=_deleted),
    "GetObjectTagging": Row(OBJECT, instead=("VersionId", "s3:GetObjectVersionTagging"), context=VERSION),
    "PutObjectTagging": Row(OBJECT, instead=("VersionId", "s3:PutObjectVersionTagging"), context=VERSION),
    "DeleteObjectTagging": Row(OBJECT, instead=("VersionId", "s3:DeleteObjectVersionTagging"), context=VERSION),
    "GetObjectAcl": Row(OBJECT, instead=("VersionId", "s3:GetObjectVersionAcl"), context=VERSION),
    "PutObjectAcl": Row(OBJECT, instead=("VersionId", "s3:PutObjectVersionAcl"), context={**VERSION, **GRANTED}),
    **each("GetObjectRetention PutObjectRetention GetObjectLegalHold PutObjectLegalHold RestoreObject", OBJECT),

    "ListObjects": Row(BUCKET, action="s3:ListBucket", context=LISTED),
    "ListObjectsV2": Row(BUCKET, action="s3:ListBucket", context=LISTED),
    "HeadBucket": Row(BUCKET, action="s3:ListBucket"),
    "ListObjectVersions": Row(BUCKET, action="s3:ListBucketVersions", context=LISTED),
    "ListMultipartUploads": Row(BUCKET, action="s3:ListBucketMultipartUploads"),
    "ListBuckets": Row(action="s3:ListAllMyBuckets"),
    "CreateBucket": Row(BUCKET, context={
        **OF_BUCKET, "s3:locationconstraint": "CreateBucketConfiguration.LocationConstraint",
        "s3:x-amz-object-ownership": "ObjectOwnership",
    }),
    **each("DeleteBucket GetBucketLocation GetBucketPolicyStatus", BUCKET),
    **dict(_settings()),
}, arn="arn:{partition}:s3:::", keys={"s3:ResourceAccount": "{account}"})
