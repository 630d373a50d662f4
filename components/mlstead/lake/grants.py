"""What a role may do in the lake: the grants that DataLake and LakeReference share."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

import pulumi

from mlstead.lake.zones import Zone
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import Grantee


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

    def grant_read(self, role: Grantee, zone: Zone, prefix: str | None = None) -> None:
        """Let the role list and read what lies under a prefix; by default its project's own."""
        where = _prefix(role, prefix)
        role.allow(_name("read", role, zone, where), [
            self._list(zone, where),
            Statement("Read", ["s3:GetObject"], [self._objects(zone, where)]),
            self._key(role, zone, where, ["kms:Decrypt"]),
        ])

    def grant_write(self, role: Grantee, zone: Zone, prefix: str | None = None) -> None:
        """Let the role add and overwrite what lies under a prefix, not read it; by default its project's own."""
        where = _prefix(role, prefix)
        # Decrypt is what S3 asks of the writer of a multipart upload:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
        role.allow(_name("write", role, zone, where), [
            self._list(zone, where),
            Statement("Write", ["s3:PutObject", "s3:AbortMultipartUpload"], [self._objects(zone, where)]),
            self._key(role, zone, where, ["kms:GenerateDataKey", "kms:Decrypt"]),
        ])

    def grant_read_write(self, role: Grantee, zone: Zone, prefix: str | None = None) -> None:
        """Let the role read, add and overwrite what lies under a prefix; by default its project's own."""
        where = _prefix(role, prefix)
        actions = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
        role.allow(_name("read-write", role, zone, where), [
            self._list(zone, where),
            Statement("ReadWrite", actions, [self._objects(zone, where)]),
            self._key(role, zone, where, ["kms:GenerateDataKey", "kms:Decrypt"]),
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

    def _objects(self, zone: Zone, prefix: str) -> pulumi.Output[str]:
        return pulumi.Output.concat(self.bucket_arn(zone), "/", prefix, "/*")

    def _list(self, zone: Zone, prefix: str) -> Statement:
        return Statement(
            "List", ["s3:ListBucket"], [self.bucket_arn(zone)],
            conditions={"StringLike": {"s3:prefix": [prefix, f"{prefix}/*"]}},
        )

    def _key(self, role: Grantee, zone: Zone, prefix: str, actions: list[str]) -> Statement:
        # With bucket keys on, S3 names the bucket to KMS; for an object from before, the object.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html#bucket-key-changes
        return Statement(
            "UseKey", actions, [self.key_arn(zone)],
            conditions={
                "StringEquals": {"kms:ViaService": role.context.via("s3")},
                "ArnLike": {"kms:EncryptionContext:aws:s3:arn": [self.bucket_arn(zone), self._objects(zone, prefix)]},
            },
        )


def _name(verb: str, role: Grantee, zone: Zone, prefix: str) -> str:
    """Name a grant: one role may have several in a zone, each on another prefix."""
    if prefix == role.context.project:
        return f"{verb}-{zone}"
    return f"{verb}-{zone}-{re.sub(r'[^A-Za-z0-9]+', '-', prefix.removeprefix(f'{role.context.project}/'))}"


def _prefix(role: Grantee, prefix: str | None) -> str:
    chosen = role.context.project if prefix is None else prefix
    if not chosen.strip("/") or chosen != chosen.strip("/") or "*" in chosen or "?" in chosen:
        raise Refusal(
            f"{chosen!r} is no prefix that can be granted.", where="a grant on the lake",
            fix="name a folder without leading or trailing slash and without wildcards: flight-delays/flights",
        )
    return chosen
