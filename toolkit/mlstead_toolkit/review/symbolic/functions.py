"""The functions of providers, answered without a cloud: where and who, policy documents, and symbols for the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mlstead_toolkit.aws.functions import call_function
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine.values import Properties
from mlstead_toolkit.review.symbolic.symbols import symbol

_ZONES: Final = "abc"


def answered(target: Target, region: str, token: str, arguments: Properties) -> Properties | None:
    """Answer a function of pulumi-aws; None where nothing is known of it but its name."""
    region = str(arguments.get("region") or region)
    if token in _SYMBOLIC:
        return _SYMBOLIC[token](target, region, arguments)
    return call_function(target, region, token, arguments) if token in _WITHOUT_CLOUD else None


def in_symbols(token: str, arguments: Properties) -> Properties:
    """Answer any function: an id, a name and an ARN, which most that look something up give."""
    name = token.rsplit(":", 1)[-1]
    return {"id": symbol(name), "name": symbol(name, "name"), "arn": symbol(name, "arn"), **arguments}


def _caller(target: Target, _region: str, _arguments: Properties) -> Properties:
    return {"id": target.account, "accountId": target.account, "userId": symbol("deployer"),
            "arn": f"arn:{target.partition}:iam::{target.account}:role/{symbol('deployer')}"}


def _session(_target: Target, _region: str, arguments: Properties) -> Properties:
    arn = arguments["arn"]
    return {"arn": arn, "id": arn, "issuerArn": arn, "issuerId": "", "issuerName": "", "sessionName": ""}


def _zones(_target: Target, region: str, arguments: Properties) -> Properties:
    names = [f"{region}{letter}" for letter in _ZONES]
    ids = [symbol(f"{region}-az{number}") for number in range(1, len(_ZONES) + 1)]
    excluded = {*(arguments.get("excludeNames") or []), *(arguments.get("excludeZoneIds") or [])}
    left = [(name, zone) for name, zone in zip(names, ids, strict=True) if not {name, zone} & excluded]
    return {**arguments, "id": region, "region": region, "names": [name for name, _ in left],
            "zoneIds": [zone for _, zone in left], "groupNames": [region]}


def _prefix_list(_target: Target, region: str, arguments: Properties) -> Properties:
    name = arguments.get("name") or symbol(str(arguments.get("prefixListId") or "prefix-list"))
    found = arguments.get("prefixListId") or symbol(str(name).strip("⟨⟩"))
    return {**arguments, "id": found, "prefixListId": found, "name": name, "region": region,
            "cidrBlocks": [symbol(str(name).strip("⟨⟩"), "cidrBlocks")]}


def _encryption(target: Target, region: str, arguments: Properties) -> Properties:
    """Answer as for a catalog that another environment governs: whether one does is known where it is deployed."""
    catalog = arguments.get("catalogId") or target.account
    key = f"arn:{target.partition}:kms:{region}:{target.account}:key/{symbol('catalog-key')}"
    return {"id": catalog, "catalogId": catalog, "region": region, "dataCatalogEncryptionSettings": [{
        "encryptionAtRests": [{"catalogEncryptionMode": "SSE-KMS", "catalogEncryptionServiceRole": "",
                               "sseAwsKmsKeyId": key}],
        "connectionPasswordEncryptions": [{"awsKmsKeyId": key, "returnConnectionPasswordEncrypted": True}]}]}


_WITHOUT_CLOUD: Final = ("aws:index/getRegion:getRegion", "aws:index/getPartition:getPartition",
                         "aws:iam/getPolicyDocument:getPolicyDocument")
_SYMBOLIC: Final[dict[str, Callable[[Target, str, Properties], Properties]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:ec2/getPrefixList:getPrefixList": _prefix_list,
    "aws:glue/getDataCatalogEncryptionSettings:getDataCatalogEncryptionSettings": _encryption,
    "aws:iam/getSessionContext:getSessionContext": _session,
}
