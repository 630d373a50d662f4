"""S3: every bucket is private, versioned, encrypted with a key of your own, logged, and forgets what it may forget.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import NOTHING_LOST, OWN_KEYS

BUCKET: Final = "aws:s3/bucket:Bucket"
BUCKETS: Final = (BUCKET, "aws:s3/bucketV2:BucketV2")
PUBLIC_ACCESS_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT_PUBLIC_ACCESS_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
ACCESS_POINT: Final = "aws:s3/accessPoint:AccessPoint"
OWNERSHIP: Final = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
OBJECT: Final = "aws:s3/bucketObjectv2:BucketObjectv2"
# These have had a V2 of their name.
ACL: Final = "aws:s3/bucketAcl*"
VERSIONING: Final = "aws:s3/bucketVersioning*"
ENCRYPTION: Final = "aws:s3/bucketServerSideEncryptionConfiguration*"
LOGGING: Final = "aws:s3/bucketLogging*"
LIFECYCLE: Final = "aws:s3/bucketLifecycleConfiguration*"

_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_PRIVATE_ACLS = ("private", "bucket-owner-full-control", "bucket-owner-read")
_FORGETS = ("expiration", "transitions", "noncurrentVersionExpiration", "noncurrentVersionTransitions")


def _open(block: Block, default: bool) -> list[str]:
    return [flag for flag in _BLOCKS if not block.flag(flag, default)]


def _blocked(bucket: Resource, stack: Stack) -> Iterator[str]:
    blocks = stack.related(bucket, PUBLIC_ACCESS_BLOCK, via="bucket")
    if not blocks:
        yield "nothing blocks public access to it"
    for block in blocks:
        if off := _open(block, False):
            yield f"{', '.join(off)} of {block.name} is not set"


def _account_blocked(block: Resource, _stack: Stack) -> Iterator[str]:
    if off := _open(block, False):
        yield f"{', '.join(off)} is not set: public access is open in the whole account"


def _access_point_blocked(point: Resource, _stack: Stack) -> Iterator[str]:
    for block in point.blocks("publicAccessBlockConfiguration"):
        if off := _open(block, True):
            yield f"{', '.join(off)} is off, and can never be changed"


def _without_acls(resource: Resource, _stack: Stack) -> Iterator[str]:
    ownership = resource.value("rule.objectOwnership") if resource.type == OWNERSHIP else None
    if ownership not in (None, "BucketOwnerEnforced"):
        yield f"objectOwnership is {ownership}: ACLs decide who reads objects, past every policy"
    acl = resource.get("acl", "private")
    if acl not in _PRIVATE_ACLS:
        yield f"the ACL {acl} gives access past every policy"
    if resource.filled("accessControlPolicy") or any(resource.blocks("grants")):
        yield "grants of an ACL give access past every policy"


def _versioned(bucket: Resource, stack: Stack) -> Iterator[str]:
    kept = bucket.flag("versioning.enabled") or any(
        one.value("versioningConfiguration.status") == "Enabled"
        for one in stack.related(bucket, VERSIONING, via="bucket")
    )
    if not kept:
        yield "what is overwritten or deleted is gone"


def _own_key(bucket: Resource, stack: Stack) -> Iterator[str]:
    # S3 delivers access logs to no bucket with a default key of KMS.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    if stack.related(bucket, LOGGING, via="targetBucket"):
        return
    rules = [*bucket.blocks("serverSideEncryptionConfiguration.rule"),
             *(rule for one in stack.related(bucket, ENCRYPTION, via="bucket") for rule in one.blocks("rules"))]
    default = [inner for rule in rules for inner in rule.blocks("applyServerSideEncryptionByDefault")]
    if not any(one.get("sseAlgorithm", "").startswith("aws:kms") and _is_own(one) for one in default):
        yield "objects are not encrypted with a KMS key of your own unless each put says so"


def _is_own(default: Block) -> bool:
    return default.filled("kmsMasterKeyId") and not default.get("kmsMasterKeyId", "").endswith("alias/aws/s3")


def _logged(bucket: Resource, stack: Stack) -> Iterator[str]:
    logged = (bucket.filled("logging") or stack.related(bucket, LOGGING, via="bucket")
              or stack.related(bucket, LOGGING, via="targetBucket"))
    if not logged:
        yield "nobody can tell who has read what in it"


def _forgetting(bucket: Resource, stack: Stack) -> Iterator[str]:
    rules = [*bucket.blocks("lifecycleRules"),
             *(rule for one in stack.related(bucket, LIFECYCLE, via="bucket") for rule in one.blocks("rules"))]
    if not any(_acts(rule) and any(rule.filled(what) for what in _FORGETS) for rule in rules):
        yield "no lifecycle rule moves or expires objects or their old versions"


def _aborting(lifecycle: Resource, _stack: Stack) -> Iterator[str]:
    rules = list(lifecycle.blocks("rules"))
    if not any(_acts(rule) and rule.filled("abortIncompleteMultipartUpload.daysAfterInitiation") for rule in rules):
        yield "parts of uploads that never ended are kept, unseen, for ever"


def _acts(rule: Block) -> bool:
    return rule.get("status", "Enabled") == "Enabled" and rule.flag("enabled", True)


def _kept_on_destroy(bucket: Resource, stack: Stack) -> Iterator[str]:
    if stack.environment.startswith("prod") and bucket.flag("forceDestroy"):
        yield "forceDestroy deletes every object with the bucket"


RULES: Final = (
    Rule(
        id="s3-public-access-blocked",
        level=Level.MANDATORY,
        controls=("FSBP S3.8", "CIS 3.1.4"),
        title="Public access to a bucket is blocked, all four ways.",
        fix="Add an aws.s3.BucketPublicAccessBlock for the bucket with all four settings True.",
        types=BUCKETS,
        check=_blocked,
    ),
    Rule(
        id="s3-account-public-access-blocked",
        level=Level.MANDATORY,
        controls=("FSBP S3.1", "CIS 3.1.4"),
        title="The account's block of public access is on, all four ways.",
        fix="Set block_public_acls, block_public_policy, ignore_public_acls and restrict_public_buckets to True.",
        types=(ACCOUNT_PUBLIC_ACCESS_BLOCK,),
        check=_account_blocked,
    ),
    Rule(
        id="s3-access-point-public-access-blocked",
        level=Level.MANDATORY,
        controls=("FSBP S3.19",),
        title="An access point blocks public access, all four ways.",
        fix="Leave public_access_block_configuration out, or set all four of it to True.",
        types=(ACCESS_POINT,),
        check=_access_point_blocked,
    ),
    Rule(
        id="s3-no-acls",
        level=Level.MANDATORY,
        controls=("FSBP S3.12", "FSBP S3.2", "FSBP S3.3"),
        title="Policies alone say who reads a bucket: no ACLs.",
        fix='Remove the ACL, and set the bucket\'s ownership to {"object_ownership": "BucketOwnerEnforced"}.',
        types=(*BUCKETS, OWNERSHIP, ACL, OBJECT, "aws:s3/bucketObject:BucketObject", "aws:s3/objectCopy:ObjectCopy"),
        check=_without_acls,
    ),
    Rule(
        id="s3-versioned",
        level=Level.MANDATORY,
        controls=("FSBP S3.14",),
        title="A bucket keeps the versions of its objects.",
        fix='Add an aws.s3.BucketVersioning with versioning_configuration={"status": "Enabled"}.',
        types=BUCKETS,
        check=_versioned,
    ),
    Rule(
        id="s3-customer-key",
        level=Level.MANDATORY,
        controls=("FSBP S3.17", OWN_KEYS),
        title="A bucket encrypts with a customer-managed KMS key by default, unless it takes access logs.",
        fix="Add an aws.s3.BucketServerSideEncryptionConfiguration with aws:kms and kms_master_key_id=key_arn.",
        types=BUCKETS,
        check=_own_key,
    ),
    Rule(
        id="s3-access-logged",
        level=Level.MANDATORY,
        controls=("FSBP S3.9",),
        title="The requests to a bucket are logged to another.",
        fix="Add an aws.s3.BucketLogging for the bucket.",
        types=BUCKETS,
        check=_logged,
    ),
    Rule(
        id="s3-lifecycle",
        level=Level.ADVISORY,
        controls=("FSBP S3.10", "FSBP S3.13"),
        title="A bucket has a lifecycle: old objects and versions move or expire.",
        fix="Add an aws.s3.BucketLifecycleConfiguration with a rule that is enabled.",
        types=BUCKETS,
        check=_forgetting,
    ),
    Rule(
        id="s3-incomplete-uploads-aborted",
        level=Level.ADVISORY,
        controls=("FSBP S3.13",),
        title="A lifecycle ends uploads that were never completed.",
        fix='Add abort_incomplete_multipart_upload={"days_after_initiation": 7} to a rule.',
        types=(LIFECYCLE,),
        check=_aborting,
    ),
    Rule(
        id="s3-no-force-destroy",
        level=Level.MANDATORY,
        controls=(NOTHING_LOST,),
        title="In production a bucket that holds something is not deleted.",
        fix="Leave force_destroy out.",
        types=BUCKETS,
        check=_kept_on_destroy,
    ),
)
