"""Buckets that the public is let into: no block of public access, or an ACL that names everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.review.access.openings.opening import Opening
from mlstead_toolkit.review.access.openings.settings import ANYBODY
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.reading import blocks

BUCKET: Final = "aws:s3/bucket:Bucket"
_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
_ACLS: Final = (BUCKET, "aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
_POINT: Final = "aws:s3/accessPoint:AccessPoint"
_FLAGS: Final = {
    "blockPublicAcls": "be given access to {resource} by a new ACL",
    "ignorePublicAcls": "be let into {resource} by its ACLs",
    "blockPublicPolicy": "be given access to {resource} by a new policy",
    "restrictPublicBuckets": "be let into {resource} by its policy",
}
_CANNED: Final = {
    "public-read": (ANYBODY, "list what is in {resource}"),
    "public-read-write": (ANYBODY, "list, add and overwrite what is in {resource}"),
    "authenticated-read": ("anybody with an AWS account", "list what is in {resource}"),
}
_GROUPS: Final = {"AllUsers": ANYBODY, "AuthenticatedUsers": "anybody with an AWS account"}
_GRANTED: Final = {
    "READ": "list what is in {resource}", "WRITE": "add and overwrite what is in {resource}",
    "READ_ACP": "read the ACL of {resource}", "WRITE_ACP": "change the ACL of {resource}",
    "FULL_CONTROL": "do anything with {resource}",
}


def opened_buckets(side: Side, known: Callable[[str], bool]) -> Iterator[Opening]:
    """Give who is let into which bucket by ACLs, and by public access that is not blocked.

    A bucket without a block of its own is held by what AWS sets for new ones, so that alone is no news; a block that
    goes is. https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-bucket.html

    Args:
        side: what there is.
        known: whether both sides have the resource of a URN.
    """
    blocked = set()
    for block in side.of(_BLOCK, _ACCOUNT_BLOCK):
        bucket = side.find(block.properties.get("bucket"), BUCKET)
        subject = bucket.urn if bucket else str(block.properties.get("bucket") or block.urn)
        blocked.add(subject)
        yield from _not_blocked(block, subject)
    for bucket in side.of(BUCKET):
        if bucket.urn not in blocked and known(bucket.urn):
            yield from (Opening(bucket.urn, ANYBODY, what, bucket.urn, "no block of public access")
                        for what in _FLAGS.values())
    for point in side.of(_POINT):
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html: all on where not given
        for given in blocks(point.properties.get("publicAccessBlockConfiguration")):
            yield from _not_blocked(Resource(given, point.type, point.name, point.urn), point.urn, absent=True)
    for resource in side.of(*_ACLS):
        found = side.find(resource.properties.get("bucket"), BUCKET)
        subject = found.urn if found else str(resource.properties.get("bucket") or resource.urn)
        acl = str(resource.properties.get("acl"))
        if acl in _CANNED:
            yield Opening(subject, *_CANNED[acl], resource.urn, f"acl: {acl}")
        for grant in [*resource.blocks("accessControlPolicy.grants"), *resource.blocks("grants")]:
            grantee = grant.properties.get("grantee") or grant.properties
            who = _GROUPS.get(str(grantee.get("uri") or "").rpartition("/")[2])
            for permission in grant.properties.get("permissions") or [grant.properties.get("permission")]:
                if who and permission in _GRANTED:
                    yield Opening(subject, who, _GRANTED[permission], resource.urn, f"ACL: {permission}")


def _not_blocked(block: Resource, subject: str, *, absent: bool = False) -> Iterator[Opening]:
    for flag, what in _FLAGS.items():
        if not block.flag(flag, absent):
            yield Opening(subject, ANYBODY, what, block.urn, f"{flag}: false")
