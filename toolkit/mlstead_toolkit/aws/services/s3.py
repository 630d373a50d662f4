"""Amazon S3: buckets and objects. A bucket's settings are types of their own, in s3_settings."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    asset,
    boolean,
    mapping,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.provider import ProviderError
from mlstead_toolkit.engine.values import Asset, Properties

_ZONES: Final = {
    "us-east-1": "Z3AQBSTGFYJSTF", "us-east-2": "Z2O1EMRO9K5GLX", "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M", "eu-west-1": "Z1BKCTXD74EZPE", "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG", "eu-central-1": "Z21DNDUVLTQW6Q", "eu-north-1": "Z3BAZG2TWCNX0D"}
_TAGGING: Final = Tagging(handle=("Bucket", "bucket"), listing="GetBucketTagging", listed="TagSet",
                          add="PutBucketTagging", remove="DeleteBucketTagging", on_create=None, tags="TagSet",
                          whole="Tagging")
_BODY: Final = ("source", "content", "contentBase64", "sourceHash", "etag", "contentType", "contentEncoding",
                "contentLanguage", "contentDisposition", "cacheControl", "metadata", "storageClass",
                "serverSideEncryption", "kmsKeyId", "bucketKeyEnabled")


def _place_bucket(operation: str, arguments: dict[str, object], state: Properties) -> None:
    if operation == "CreateBucket" and (region := state.get("@region")) != "us-east-1":
        arguments["CreateBucketConfiguration"] = {"LocationConstraint": region}


def _empty_bucket(work: Work) -> None:
    """Delete every version of every object, where the program (forceDestroy) or the user (purge) says so."""
    if not (work.purge or work.inputs.get("forceDestroy")):
        return
    _delete_versions(work, work.resource_id, force=True)


def _delete_versions(work: Work, bucket: str, key: str | None = None, *, force: bool) -> None:
    """Delete every version in a bucket, or every version of one key; by force those locked in GOVERNANCE mode too."""
    marker: dict[str, str] = {} if key is None else {"Prefix": key}
    while True:
        page = work.call("ListObjectVersions", Bucket=bucket, **marker)
        found = [one for one in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
                 if key is None or one["Key"] == key]
        if found:
            objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
            errors = _delete_all(work, bucket, objects)
            if errors and force:  # not at once: S3 refuses the bypass in a bucket without a lock
                errors = _delete_all(work, bucket, objects, BypassGovernanceRetention=True)
            if errors:
                raise ProviderError(
                    f"{errors[0]['Key']} was not deleted: {errors[0].get('Message')} ({errors[0].get('Code')})",
                    where=work.where, fix="a lock in COMPLIANCE mode, or a legal hold, has to end first")
        if not page.get("IsTruncated"):
            return
        marker |= {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}


def _delete_all(work: Work, bucket: str, objects: list[dict[str, str]], **more: bool) -> list[dict[str, str]]:
    """Delete some versions; gives what S3 says of those that it does not delete."""
    answer = work.call("DeleteObjects", Bucket=bucket, Delete={"Objects": objects, "Quiet": True}, **more)
    errors: list[dict[str, str]] = answer.get("Errors", [])
    return errors


def _delete_object(work: Work) -> None:
    """Delete an object with its versions, as the real provider does: a bucket must not be left full of them."""
    state = work.state()
    _delete_versions(work, str(state["bucket"]), str(state["key"]),
                     force=work.purge or bool(work.inputs.get("forceDestroy")))


def _fill_body(operation: str, arguments: dict[str, object], state: Properties) -> None:
    if operation != "PutObject":
        return
    if state["@tags"]:
        arguments["Tagging"] = urlencode(state["@tags"])
    if isinstance(source := state.get("source"), Asset):
        if source.uri:
            raise ProviderError(f"The object's source {source.uri} is an address, which is not fetched here.",
                                where=str(state.get("key")), fix="give a file or a text")
        arguments["Body"] = Path(source.path).read_bytes() if source.path else (source.text or "").encode()
    elif (coded := state.get("contentBase64")) is not None:
        arguments["Body"] = base64.b64decode(coded)
    else:
        arguments["Body"] = str(state.get("content") or "").encode()


def _read_object(values: Properties, _answer: Properties) -> None:
    if isinstance(values.get("etag"), str):
        values["etag"] = values["etag"].strip('"')
    values.setdefault("storageClass", "STANDARD")


def _put_object(work: Work) -> None:
    work.perform(OBJECT.create, whole=True)


BUCKET: Final = ResourceType(
    "aws:s3/bucket:Bucket",
    service="s3",
    identity="{bucket}",
    name=AutomaticName("bucket", 63, lower=True, prefix_property="bucketPrefix"),
    properties=(
        string("bucket", replaces=True, computed=True, minimum=3, maximum=63,
               pattern=r"[a-z0-9][a-z0-9.-]*[a-z0-9]"),
        string("bucketPrefix", replaces=True, computed=True, local=True, maximum=37),
        boolean("forceDestroy", default=False, local=True),
        boolean("objectLockEnabled", replaces=True, computed=True, api="ObjectLockEnabledForBucket"),
        *unsupported("acl is deprecated and refused by new buckets; use aws.s3.BucketPolicy", "acl", "grants"),
        *unsupported("deprecated in pulumi-aws 7; use aws.s3.BucketVersioning", "versioning"),
        *unsupported("deprecated in pulumi-aws 7; use aws.s3.BucketLogging", "logging"),
        *unsupported("deprecated in pulumi-aws 7; use aws.s3.BucketLifecycleConfiguration", "lifecycleRules"),
        *unsupported("deprecated in pulumi-aws 7; use aws.s3.BucketPolicy", "policy"),
        *unsupported("deprecated in pulumi-aws 7; use aws.s3.BucketServerSideEncryptionConfiguration",
                     "serverSideEncryptionConfiguration"),
        *unsupported("deprecated in pulumi-aws 7, and its own resource type is not covered yet", "accelerationStatus",
                     "corsRules", "objectLockConfiguration", "replicationConfiguration", "requestPayer", "website"),
        *unsupported("the emulator has one namespace of buckets", "bucketNamespace"),
        REGION, TAGS,
    ),
    outputs=(
        string("arn", api="", template="arn:{partition}:s3:::{bucket}"),
        string("bucketDomainName", api="", template="{bucket}.s3.amazonaws.com"),
        string("bucketRegionalDomainName", api="", template="{bucket}.s3.{region}.amazonaws.com"),
        string("bucketRegion", api="", template="{region}"),
        string("hostedZoneId", api="", template=lambda facts: _ZONES.get(facts["region"], "")),
    ),
    conflicts=(("bucket", "bucketPrefix"),),
    coverage=Coverage.REAL,
    create=Call("CreateBucket"),
    read=Call("HeadBucket"),
    delete=Call("DeleteBucket"),
    tagging=_TAGGING,
    to_api=_place_bucket,
    before_delete=_empty_bucket,
)

OBJECT: Final = ResourceType(
    "aws:s3/bucketObjectv2:BucketObjectv2",
    service="s3",
    identity="{bucket}/{key}",
    name=AutomaticName("key", 1024, plain=True),
    properties=(
        string("bucket", required=True, replaces=True),
        string("key", replaces=True),
        asset("source", api=""),
        string("content", api=""),
        string("contentBase64", api=""),
        string("sourceHash", api=""),
        string("etag", computed=True, api="ETag"),
        string("contentType", computed=True),
        string("contentEncoding"),
        string("contentLanguage"),
        string("contentDisposition"),
        string("cacheControl"),
        mapping("metadata"),
        string("storageClass", computed=True),
        string("serverSideEncryption", computed=True),
        string("kmsKeyId", computed=True, api="SSEKMSKeyId"),
        boolean("bucketKeyEnabled", computed=True),
        boolean("forceDestroy", default=False, local=True),
        *unsupported("access control lists are off in new buckets", "acl"),
        *unsupported("the local cloud does not act on it", "checksumAlgorithm", "objectLockLegalHoldStatus",
                     "objectLockMode", "objectLockRetainUntilDate", "websiteRedirect", "overrideProvider"),
        REGION, TAGS,
    ),
    outputs=(
        string("arn", api="", template="arn:{partition}:s3:::{bucket}/{key}"),
        string("versionId", volatile=True),
    ),
    conflicts=(("source", "content", "contentBase64"),),
    coverage=Coverage.REAL,
    create=Call("PutObject"),
    read=Call("HeadObject"),
    delete=None,
    before_delete=_delete_object,
    steps=(Step(_BODY, _put_object, on_create=False),),
    tagging=replace(_TAGGING, on_create="", more=(("Key", "key"),), listing="GetObjectTagging", add="PutObjectTagging",
                    remove="DeleteObjectTagging"),
    to_api=_fill_body,
    from_api=_read_object,
)

RESOURCE_TYPES: Final = (BUCKET, OBJECT)
