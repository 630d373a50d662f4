"""What a role may do in the lake: the grants that DataLake and LakeReference share."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TypeAlias

import pulumi

from mlstead.lake.zones import ZONES, Zone
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import Grantee

Prefix: TypeAlias = str | Sequence[str] | None


class LakeGrants(ABC):
    """Grants by zone and prefix, as inline policies of the role in the role's own stack: the lake does not change."""

    @abstractmethod
    def bucket(self, zone: Zone) -> pulumi.Output[str]:
        """Give the name of a zone's bucket."""

    @abstractmethod
    def bucket_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of a zone's bucket."""

    @abstractmethod
    def key_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of the key that encrypts a zone."""

    def uri(self, zone: Zone, prefix: str) -> pulumi.Output[str]:
        """Give the address of a prefix in a zone: s3://<bucket>/<prefix>."""
        return pulumi.Output.concat("s3://", self.bucket(zone), "/", prefix)

    def grant_read(self, role: Grantee, zone: Zone, prefix: Prefix = None) -> None:
        """Let the role list and read what lies under a prefix, or several; by default its project's own."""
        where = _prefixes(role, prefix)
        role.allow(_name("read", role, zone, where), [
            self._list(zone, where),
            Statement("Read", ["s3:GetObject"], self._objects(zone, where)),
            self._key(role, zone, where, ["kms:Decrypt"]),
        ])

    def grant_write(self, role: Grantee, zone: Zone, prefix: Prefix = None) -> None:
        """Let the role add and overwrite what lies under a prefix, not read it; by default its project's own."""
        where = _prefixes(role, prefix)
        # Decrypt is what S3 asks of the writer of a multipart upload:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
        role.allow(_name("write", role, zone, where), [
            self._list(zone, where),
            Statement("Write", ["s3:PutObject", "s3:AbortMultipartUpload"], self._objects(zone, where)),
            self._key(role, zone, where, ["kms:GenerateDataKey", "kms:Decrypt"]),
        ])

    def grant_read_write(self, role: Grantee, zone: Zone, prefix: Prefix = None) -> None:
        """Let the role read, add and overwrite what lies under a prefix; by default its project's own."""
        where = _prefixes(role, prefix)
        actions = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
        role.allow(_name("read-write", role, zone, where), [
            self._list(zone, where),
            Statement("ReadWrite", actions, self._objects(zone, where)),
            self._key(role, zone, where, ["kms:GenerateDataKey", "kms:Decrypt"]),
        ])

    def grant_list(self, role: Grantee, zone: Zone, prefix: Prefix = None) -> None:
        """Let the role see which objects lie under a prefix, not what is in them; by default its project's own."""
        where = _prefixes(role, prefix)
        role.allow(_name("list", role, zone, where), [self._list(zone, where)])

    def grant_audit(self, role: Grantee) -> None:
        """Let the role read how the zones are set, and who may use their keys; no object, and not which there are."""
        role.allow("audit-lake", [
            Statement(
                "ReadSettings",
                ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketLogging", "s3:GetBucketNotification",
                 "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy",
                 "s3:GetBucketPolicyStatus", "s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging",
                 "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:GetInventoryConfiguration",
                 "s3:GetLifecycleConfiguration"],
                [self.bucket_arn(zone) for zone in ZONES],
            ),
            Statement("ReadKeyPolicies", ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"],
                      [self.key_arn(zone) for zone in ZONES]),
        ])

    def grant_volumes(self, role: Grantee, zone: Zone = "artifacts") -> None:
        """Let the role's jobs and endpoints have volumes that are encrypted with the zone's key."""
        role.allow("volumes", [Statement(
            "EncryptVolumes", ["kms:CreateGrant"], [self.key_arn(zone)],
            conditions={
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:ViaService": role.context.via("sagemaker")},
            },
        )])

    def _objects(self, zone: Zone, prefixes: Sequence[str]) -> list[pulumi.Output[str]]:
        return [pulumi.Output.concat(self.bucket_arn(zone), "/", prefix, "/*") for prefix in prefixes]

    def _list(self, zone: Zone, prefixes: Sequence[str]) -> Statement:
        return Statement(
            "List", ["s3:ListBucket"], [self.bucket_arn(zone)],
            conditions={"StringLike": {"s3:prefix": [each for prefix in prefixes for each in (prefix, f"{prefix}/*")]}},
        )

    def _key(self, role: Grantee, zone: Zone, prefixes: Sequence[str], actions: list[str]) -> Statement:
        # With bucket keys on, S3 names the bucket to KMS; for an object from before, the object.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html#bucket-key-changes
        named = [self.bucket_arn(zone), *self._objects(zone, prefixes)]
        return Statement(
            "UseKey", actions, [self.key_arn(zone)],
            conditions={
                "StringEquals": {"kms:ViaService": role.context.via("s3")},
                "ArnLike": {"kms:EncryptionContext:aws:s3:arn": named},
            },
        )


def _name(verb: str, role: Grantee, zone: Zone, prefixes: Sequence[str]) -> str:
    """Name a grant: one role may have several in a zone, each on other prefixes."""
    project = role.context.project
    words = [re.sub(r"[^A-Za-z0-9]+", "-", each.removeprefix(f"{project}/")) for each in prefixes if each != project]
    return "-".join([verb, zone, *words])


def _prefixes(role: Grantee, prefix: Prefix) -> Sequence[str]:
    if prefix is None:
        return [role.context.project]
    chosen = [prefix] if isinstance(prefix, str) else prefix
    for each in chosen or [""]:
        if not each.strip("/") or each != each.strip("/") or "*" in each or "?" in each:
            raise Refusal(
                f"{each!r} is no prefix that can be granted.", where="a grant on the lake",
                fix="name a folder without leading or trailing slash and without wildcards: flight-delays/flights",
            )
    return chosen
