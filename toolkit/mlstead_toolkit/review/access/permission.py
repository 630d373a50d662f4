"""The smallest thing that a policy says: one who, one what, one on what, one set of conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from mlstead_toolkit.policies.statement import Statement
from mlstead_toolkit.review.access.condition import Conditions, alternatives, imply
from mlstead_toolkit.review.access.covering import Names

_S3_ACTION: Final = re.compile(
    "s3:((?P<bucket>ListBucket|ListBucketVersions|ListBucketMultipartUploads)|(?P<object>AbortMultipartUpload|"
    "ListMultipartUploadParts|(Get|Put|Delete|Restore|Replicate)Object[A-Za-z]*))", re.IGNORECASE)
HAVING: Final = "Having"
"""The kind of holder that is whoever has a policy of this stack."""


class Realm(StrEnum):
    """What kind of policy says it: none answers for another."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    TRUST = "trust"
    BOUNDARY = "boundary"
    ENDPOINT = "endpoint"
    LAKE = "lake formation"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who: a principal as a policy names it.

    Args:
        kind: AWS, Service, Federated, CanonicalUser as in a policy; URN for a role, user or group of this stack;
            HAVING for whoever has a policy of it.
        name: the ARN, the service, the URN, `*`.
        but: whom NotPrincipal leaves out.
    """

    kind: str
    name: str
    but: tuple[str, ...] = ()

    def covers(self, other: Holder) -> bool:
        """Tell whether everybody of the other is one of these."""
        if self.name == "*" and self.kind == "AWS" and other.kind not in ("Service", "Federated"):
            return set(self.but) <= set(other.but) if other.name == "*" else other.name not in self.but
        return self == other


@dataclass(frozen=True, slots=True)
class Permission:
    """One allowance or denial.

    Args:
        realm: what kind of policy says it.
        holder: whom it is about; for a boundary whom it bounds, for a VPC endpoint who goes through.
        allows: whether it allows.
        action: what may be done.
        resource: to what.
        conditions: all that must hold.
        subject: URN of what the policy belongs to, where it is not the holder's own: the bucket, the key, the endpoint.
        source: URN of the resource that says so; no part of what it means.
    """

    realm: Realm
    holder: Holder
    allows: bool
    action: Names
    resource: Names
    conditions: Conditions = frozenset()
    subject: str = ""
    source: str = field(default="", compare=False)

    def covers(self, other: Permission) -> bool:
        """Tell whether the other says nothing that this one does not."""
        return self.reaches(other) and imply(other.conditions, self.conditions)

    def reaches(self, other: Permission) -> bool:
        """Tell whether the other says nothing that this one does not, conditions aside."""
        return (
            self.realm is other.realm
            and self.allows is other.allows
            and self.about(other)
        )

    def about(self, other: Permission) -> bool:
        """Tell whether it is about the same holder, actions and resources, or more, in whatever kind of policy."""
        return (
            self.holder.covers(other.holder)
            and self.action.cover(other.action, ignore_case=True)
            and self.resource.cover(other.resource)
        )

    def denies(self, other: Permission) -> bool:
        """Tell whether it denies all that the other allows."""
        return (
            not self.allows and other.allows and self.about(other)
            and (self.realm is other.realm or Realm.BOUNDARY in (self.realm, other.realm))
            and imply(other.conditions, self.conditions)
        )


def permissions_of(
    statements: Iterable[Statement], realm: Realm, source: str, *, holder: Holder | None = None, within: str = "",
    subject: str = "",
) -> Iterator[Permission]:
    """Part statements into what they say one by one.

    Args:
        statements: of one policy.
        realm: what kind of policy it is.
        source: URN of the resource that holds the policy.
        holder: whose policy it is; None: the statements name their principals.
        within: what `*` and no resource at all stand for in a resource's own policy: its ARN.
        subject: URN of the resource whose policy it is.
    """
    for one in statements:
        actions = _names(one.actions, one.but_actions)
        resources = [inner for each in _names(one.resources or ("*",), one.but_resources)
                     for inner in (_own(within) if within and each == Names("*") else [each])]
        for who in [holder] if holder else _holders(one):
            for conditions in alternatives(one.conditions):
                for action in actions:
                    for resource in (each for each in resources if not _idle(action, each)):
                        yield Permission(realm, who, one.allows, action, resource, conditions, subject, source)


def _own(arn: str) -> list[Names]:
    """Give what `*` stands for in a resource's own policy: in a bucket's its objects, too."""
    return [Names(arn), Names(f"{arn}/*")] if ":s3:::" in arn else [Names(arn)]


def _idle(action: Names, resource: Names) -> bool:
    """Tell whether an action of S3 knows no such resource: objects have keys, what is in a bucket is listed of it."""
    found = _S3_ACTION.fullmatch(action.text)
    if not found or not resource.text.startswith("arn:") or resource.but:
        return False
    bucket, slash, _ = resource.text.rpartition(":")[2].partition("/")
    return bool(slash) if found["bucket"] else not slash and not any(sign in bucket for sign in "*?$")


def _names(texts: tuple[str, ...], others: bool) -> list[Names]:
    if others:
        return [Names("*", tuple(sorted(set(texts))))]
    return [Names(text) for text in dict.fromkeys(texts)]


def _holders(statement: Statement) -> list[Holder]:
    if statement.but_principals:
        return [Holder("AWS", "*", tuple(sorted({name for _, name in statement.principals})))]
    return [Holder("AWS" if name == "*" and kind == "CanonicalUser" else kind, name)
            for kind, name in dict.fromkeys(statement.principals)]

