"""Where states lie: that it can be reached from here, and keeps them as the bootstrap made it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.backend_address import VARIABLE
from mlstead_toolkit.doctor.finding import PLATFORM, Finding, Unseen, off, well

_AGAIN = f"{PLATFORM} to type, in stacks/bootstrap: pulumi up --refresh, which puts the bucket's settings back"
_BLOCKED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def named(account: Account) -> Iterator[Finding]:
    """Look at which backend it is."""
    backend, log_in = account.backend, f"pulumi login '{_expected(account)}'"
    if not backend.url:
        yield off(f"nothing says where states lie: no {VARIABLE}, no `backend` in infra/Pulumi.yaml, not signed in",
                  f"{log_in}, or set {VARIABLE}: the bootstrap's output backend_url")
    elif backend.url.startswith("file://"):
        yield off(f"{backend.url} ({backend.told_by}) is this machine alone: nobody else, and no CI, sees the state",
                  log_in)
    else:
        yield well(f"{backend.url} ({backend.told_by})")


def reached(account: Account) -> Iterator[Finding]:
    """Ask for the bucket as Pulumi does, which lists it."""
    backend = account.backend
    if not backend.bucket:
        return
    who, bucket = account.caller["Arn"], backend.bucket
    try:
        listed = account.ask("s3", "ListObjectsV2", region=backend.region, Bucket=bucket, MaxKeys=1,
                             Prefix=f"{backend.prefix}.pulumi/")
    except Unseen as why:
        yield off(f"{who} may not list {bucket} ({why})",
                  f"sign in to the account that has it, or {PLATFORM} to let {who} read and write it, with its key")
        return
    if listed is None:
        yield off(f"there is no bucket {bucket}",
                  f"{PLATFORM} for the bootstrap's output backend_url, then: pulumi login '<backend_url>'")
        return
    where = str((account.ask("s3", "HeadBucket", region=backend.region, Bucket=bucket) or {}).get("BucketRegion") or "")
    if where and backend.region and where != backend.region:
        yield off(f"{bucket} is in {where}, and the address says {backend.region}",
                  f"pulumi login 's3://{bucket}?region={where}'")


def versioned(account: Account) -> Iterator[Finding]:
    """Ask whether a state that is spoilt can be brought back."""
    answer = _of_bucket(account, "GetBucketVersioning")
    if answer is not None and answer.get("Status") != "Enabled":
        yield off(f"{account.backend.bucket} keeps no versions: a spoilt state is lost", _AGAIN)


def encrypted(account: Account) -> Iterator[Finding]:
    """Ask whether states are encrypted with a key of KMS."""
    if not _there(account):
        return
    answer = _of_bucket(account, "GetBucketEncryption") or {}
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    kinds = {rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm") for rule in rules}
    if not kinds & {"aws:kms", "aws:kms:dsse"}:
        yield off(f"{account.backend.bucket} is not encrypted with a key of KMS", _AGAIN)


def private(account: Account) -> Iterator[Finding]:
    """Ask whether no policy and no list could open it to everyone."""
    if not _there(account):
        return
    answer = _of_bucket(account, "GetPublicAccessBlock") or {}
    missing = [each for each in _BLOCKED if not answer.get("PublicAccessBlockConfiguration", {}).get(each)]
    if missing:
        yield off(f"{account.backend.bucket} does not block public access ({', '.join(missing)})", _AGAIN)


def _of_bucket(account: Account, operation: str) -> dict[str, Any] | None:
    backend = account.backend
    return account.ask("s3", operation, region=backend.region, Bucket=backend.bucket) if backend.bucket else None


def _there(account: Account) -> bool:
    return _of_bucket(account, "HeadBucket") is not None


def _expected(account: Account) -> str:
    """Give the address that the bootstrap's bucket has, unless it was made otherwise."""
    return f"s3://mlstead-state-{account.caller['Account']}-{account.region}?region={account.region}"
