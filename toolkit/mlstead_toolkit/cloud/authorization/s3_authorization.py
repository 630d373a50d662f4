"""Decides what a role does with S3's data: its own policies, the bucket's, and the key's for what the key encrypts.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access import Context, Decision, Policies, Policy, Request, evaluate
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.authorization.caller import Caller, Callers
from mlstead_toolkit.cloud.authorization.circumstances import circumstances, explained
from mlstead_toolkit.cloud.authorization.s3_call import ALGORITHM, KEY, S3Access, accesses
from mlstead_toolkit.cloud.elsewhere import is_elsewhere
from mlstead_toolkit.cloud.request import Call, Environ

if TYPE_CHECKING:
    from moto.kms.models import Key
    from moto.s3.models import FakeBucket

log = logging.getLogger("mlstead.cloud")
KMS = "aws:kms"


class S3Authorization:
    """Decides for one cloud; where S3 or IAM are elsewhere, nothing is decided here."""

    def __init__(self) -> None:
        self.callers = Callers()
        self._enforced = not (is_elsewhere("s3") or is_elsewhere("iam"))

    def of_call(self, call: Call, operation: str, environ: Environ) -> list[Decision]:
        """Give the refusals of a call that came in over HTTP; none where it may be carried out."""
        caller = self._caller(call.access_key)
        return self._refusals(caller, call.region, accesses(operation, environ)) if caller else []

    def of_access(self, access_key: str, region: str, access: S3Access) -> Decision | None:
        """Give the refusal of what the cloud does in process in a role's name; None where it may be done."""
        caller = self._caller(access_key)
        return next(iter(self._refusals(caller, region, [access])), None) if caller else None

    def _caller(self, access_key: str) -> Caller | None:
        return self.callers.find(access_key) if self._enforced else None

    def _refusals(self, caller: Caller, region: str, asked: Iterable[S3Access]) -> list[Decision]:
        shared = Context(circumstances(caller, region, caller.origin) | {"s3:ResourceAccount": ACCOUNT_ID})
        decisions = [_decide(caller, region, access, shared) for access in asked]
        refusals = [decision for decision in decisions if not decision.allowed]
        for refusal in refusals:
            log.warning("refused: %s", explained(refusal))
        return refusals


def _decide(caller: Caller, region: str, access: S3Access, shared: Context) -> Decision:
    bucket = _bucket(access.bucket)
    key = _key(bucket, access, region) if bucket and access.key_actions else None
    asked = dict(access.context)
    if KEY in asked and key:
        asked[KEY] = key.arn  # S3 resolves an id or alias before policies see it
    policy = None
    if bucket and bucket.policy:
        policy = Policy.parse(f"the policy of bucket {bucket.name}", bucket.policy.decode())
    decision = evaluate(
        Request(caller.principal, access.action, access.resource, shared | Context(asked)),
        Policies(
            caller.identity, policy, caller.boundary, caller.session, caller.origin.policy, resource_account=ACCOUNT_ID
        ),
    )
    if not decision.allowed or key is None or bucket is None:
        return decision
    for action in access.key_actions:
        decision = _decide_key(caller, action, key, bucket, access)
        if not decision.allowed:
            return decision
    return decision


def _decide_key(caller: Caller, action: str, key: Key, bucket: FakeBucket, access: S3Access) -> Decision:
    """Decide what S3 asks of a key in the caller's name.

    With bucket keys on, the encryption context is the bucket, else the object:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    """
    named = f"arn:aws:s3:::{bucket.name}" if _default(bucket).get("BucketKeyEnabled") else access.resource
    context = Context({
        "aws:SecureTransport": True,
        "aws:RequestedRegion": key.region,
        "aws:ViaAWSService": True,
        "kms:ViaService": f"s3.{key.region}.amazonaws.com",
        "kms:CallerAccount": caller.principal.account,
        "kms:EncryptionContextKeys": ["aws:s3:arn"],
        "kms:EncryptionContext:aws:s3:arn": named,
        "kms:GrantIsForAWSResource": False,
    })
    policy = Policy.parse(f"the policy of key {key.arn}", key.policy)
    return evaluate(
        Request(caller.principal, action, key.arn, context),
        Policies(
            caller.identity, policy, caller.boundary, caller.session,
            resource_account=key.account_id, resource_must_allow=True,
        ),
    )


def _bucket(name: str) -> FakeBucket | None:
    from moto.s3.models import s3_backends

    found: FakeBucket | None = s3_backends[ACCOUNT_ID][PARTITION].buckets.get(name)
    return found


def _default(bucket: FakeBucket) -> dict[str, Any]:
    """Give the rule of the bucket's default encryption."""
    rule: dict[str, Any] = (bucket.encryption or {}).get("Rule", {})
    return rule


def _key(bucket: FakeBucket, access: S3Access, region: str) -> Key | None:
    """Find the customer's key that encrypts an object: that of what is there to read, or of what will be written."""
    if access.action.startswith("s3:Get"):
        from moto.s3.models import s3_backends

        stored = s3_backends[ACCOUNT_ID][PARTITION].get_object(bucket.name, access.key or "", access.version or None)
        algorithm, key_id = (stored.encryption, stored.kms_key_id) if stored else (None, None)
    else:
        default = _default(bucket).get("ApplyServerSideEncryptionByDefault", {})
        algorithm = access.context.get(ALGORITHM) or default.get("SSEAlgorithm")
        key_id = access.context.get(KEY) or (None if ALGORITHM in access.context else default.get("KMSMasterKeyID"))
    if algorithm != KMS or not key_id:
        return None
    from moto.kms.models import kms_backends

    with suppress(Exception):  # a key or a region that does not exist: moto has several words for it
        kms = kms_backends[ACCOUNT_ID][key_id.split(":")[3] if key_id.startswith("arn:") else region]
        return kms.describe_key(key_id)
    return None
