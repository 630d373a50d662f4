"""What the tables of calls cannot know: tags, names and keys of what stands in this cloud."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access.calls import Encryption
from mlstead_toolkit.access.request import Value
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.authorization.resource_tags import backend, tags_of

if TYPE_CHECKING:
    from moto.kms.models import Key

AWS_OWN = "alias/aws/"
KMS = "aws:kms"


class Resources:
    """Looks into moto's backends in process."""

    def tags(self, arn: str) -> Mapping[str, str]:
        """Give the tags of a resource; none where it does not exist."""
        return tags_of(arn)

    def traits(self, arn: str) -> Mapping[str, Value]:
        """Give the context keys that follow from what a role, key or part of a network is."""
        _, _, service, region, _, name = arn.split(":", 5) if arn.count(":") >= 5 else ("",) * 6
        with suppress(Exception):  # what does not exist: moto has several words for it
            if service == "kms" and (key := key_of(arn, region)) is not None:
                return _key_traits(key)
            if service == "iam":
                bounding = backend("iam", "").get_role(name.rpartition("/")[2]).permissions_boundary_arn
                return {"iam:PermissionsBoundary": bounding} if bounding else {}
            if service == "ec2":
                return _network_traits(arn, name, region)
        return {}

    def arn(self, kind: str, name: str, region: str) -> str:
        """Give the ARN of a role by its name, or of a key by its id or alias; empty where there is none."""
        with suppress(Exception):  # what does not exist: moto has several words for it
            if kind == "role":
                return str(backend("iam", "").get_role(name).arn)
            if kind == "key":
                return key.arn if (key := key_of(name, region)) is not None else ""
        return ""

    def encryption(self, arn: str, version: str = "") -> Encryption:
        """Tell what encrypts an object, what will be put into a bucket, or what a topic, queue or volume holds."""
        _, _, service, region, _, name = arn.split(":", 5)
        with suppress(Exception):  # what does not exist: moto has several words for it
            match service:
                case "s3":
                    return _stored(name, version) if "/" in name else _default(name)
                case "sns":
                    return _by(backend(service, region).topics[arn].kms_master_key_id, region)
                case "sqs":
                    return _by(backend(service, region).queues[name].kms_master_key_id, region)
                case "sagemaker" if name.startswith("endpoint-config/"):
                    held = backend(service, region)._get_resource_from_arn(arn)
                    return _by(held.description.get("KmsKeyId"), region)
                case "glue":
                    held = backend(service, region).data_catalog_encryption_settings[ACCOUNT_ID]
                    at_rest = held["EncryptionAtRest"]
                    served = "CatalogEncryptionServiceRole" in at_rest
                    return Encryption() if served else _by(at_rest.get("SseAwsKmsKeyId"), region)
        return Encryption()


def key_of(name: str, region: str) -> Key | None:
    """Find a key by id, alias or ARN; None where there is none, or one of AWS's own, which any caller may use."""
    if not name or AWS_OWN in name:
        return None
    with suppress(Exception):  # a key or a region that does not exist: moto has several words for it
        key: Key = backend("kms", name.split(":")[3] if name.startswith("arn:") else region).describe_key(name)
        return key
    return None


def _by(name: Any, region: str) -> Encryption:
    key = key_of(str(name or ""), region)
    return Encryption(key.arn if key else "")


def _default(bucket: str) -> Encryption:
    from moto.s3.models import s3_backends

    rule: dict[str, Any] = (s3_backends[ACCOUNT_ID][PARTITION].buckets[bucket].encryption or {}).get("Rule", {})
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    key = str(default.get("KMSMasterKeyID") or "") if default.get("SSEAlgorithm") == KMS else ""
    return Encryption(_in_its_region(key, bucket), bool(rule.get("BucketKeyEnabled")))


def _stored(path: str, version: str) -> Encryption:
    from moto.s3.models import s3_backends

    bucket, _, name = path.partition("/")
    stored = s3_backends[ACCOUNT_ID][PARTITION].get_object(bucket, name, version or None)
    key = str(stored.kms_key_id or "") if stored is not None and stored.encryption == KMS else ""
    return Encryption(_in_its_region(key, bucket))


def _in_its_region(key: str, bucket: str) -> str:
    """Give the ARN of a key that S3 names by id: it is in the bucket's region."""
    from moto.s3.models import s3_backends

    found = key_of(key, s3_backends[ACCOUNT_ID][PARTITION].buckets[bucket].region_name)
    return found.arn if found else ""


def _key_traits(key: Key) -> dict[str, Value]:
    return {
        "kms:KeySpec": key.key_spec, "kms:KeyUsage": key.key_usage or "ENCRYPT_DECRYPT",
        "kms:KeyOrigin": key.origin or "AWS_KMS", "kms:MultiRegion": bool(key.multi_region),
        "kms:ResourceAliases": [*key.aliases],
    }


def _network_traits(arn: str, name: str, region: str) -> dict[str, Value]:
    kind, _, identifier = name.partition("/")
    find = {"subnet": "get_subnet", "security-group": "get_security_group_from_id", "route-table": "get_route_table"}
    if kind not in find:
        return {}
    part = getattr(backend("ec2", region), find[kind])(identifier)
    return {"ec2:Vpc": f"{arn.rpartition(':')[0]}:vpc/{part.vpc_id}"}
