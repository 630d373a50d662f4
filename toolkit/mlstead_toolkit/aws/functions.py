"""The functions of pulumi-aws that programs call: who and where am I, and policy documents."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable
from typing import Any, Final

from mlstead_toolkit.aws import kept
from mlstead_toolkit.aws.catalog_functions import encryption_settings
from mlstead_toolkit.aws.documents import suggestion
from mlstead_toolkit.aws.network_functions import availability_zones, prefix_list
from mlstead_toolkit.aws.regions import regions, require_region
from mlstead_toolkit.aws.session_context import session_context
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine.provider import ProviderError
from mlstead_toolkit.engine.values import Properties


def call_function(target: Target, region: str, token: str, arguments: Properties) -> Properties:
    """Answer a function by its token; ProviderError where it is not known."""
    if token not in _FUNCTIONS:
        raise ProviderError(f"The local AWS provider does not know the function {token}"
                            f"{suggestion(token, list(_FUNCTIONS))}", where=token,
                            fix=f"it knows {', '.join(sorted(name.rsplit(':', 1)[-1] for name in _FUNCTIONS))}")
    asked = str(arguments.get("region") or region)
    if asked != region:
        require_region(asked, token)
    return _lasting(target, asked, token, arguments) if token in _LASTING else \
        _FUNCTIONS[token](target, asked, arguments)


def _lasting(target: Target, region: str, token: str, arguments: Properties) -> Properties:
    """Answer from what the same cloud has answered before: its zones and AWS's addresses stay as they are.

    Asking EC2 costs half a second of botocore, which an `up` that changes nothing must not pay.
    """
    cloud, key = target.identity(), json.dumps([region, token, arguments], sort_keys=True)
    with _LOCK:
        known: dict[str, Properties] = kept.load("answers", cloud) or {}
        if key not in known:
            known[key] = _FUNCTIONS[token](target, region, arguments)
            kept.store("answers", cloud, known)
        return known[key]


def _caller_identity(target: Target, _region: str, _arguments: Properties) -> Properties:
    # The target knows its account: no call, so that an `up` that changes nothing talks to nobody.
    return {"id": target.account, "accountId": target.account, "userId": "AKIAIOSFODNN7EXAMPLE",
            "arn": f"arn:{target.partition}:iam::{target.account}:user/mlstead"}


def _region(_target: Target, region: str, _arguments: Properties) -> Properties:
    return {"id": region, "region": region, "name": region, "endpoint": f"ec2.{region}.amazonaws.com",
            "description": regions().get(region, region)}


def _partition(target: Target, _region: str, _arguments: Properties) -> Properties:
    return {"id": target.partition, "partition": target.partition, "dnsSuffix": "amazonaws.com",
            "reverseDnsPrefix": "com.amazonaws"}


def _policy_document(_target: Target, _region: str, arguments: Properties) -> Properties:
    statements = [_statement(given) for given in arguments.get("statements") or []]
    sources = [json.loads(text) for text in arguments.get("sourcePolicyDocuments") or []]
    overrides = [json.loads(text) for text in arguments.get("overridePolicyDocuments") or []]
    merged = [one for source in sources for one in source["Statement"]] + statements
    for override in (one for document in overrides for one in document["Statement"]):
        sid = override.get("Sid")
        merged = [one for one in merged if not sid or one.get("Sid") != sid] + [override]
    document: Properties = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    document["Statement"] = merged
    text = json.dumps(document, indent=2)
    return {**arguments, "id": str(zlib.crc32(text.encode())), "json": text,
            "minifiedJson": json.dumps(document, separators=(",", ":"))}


def _statement(given: Properties) -> Properties:
    statement: Properties = {"Sid": given["sid"]} if given.get("sid") else {}
    statement["Effect"] = given.get("effect") or "Allow"
    for name, member in (("actions", "Action"), ("notActions", "NotAction"), ("resources", "Resource"),
                         ("notResources", "NotResource")):
        if given.get(name):
            statement[member] = _one_or_all(given[name])
    for name, member in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(name):
            statement[member] = {one["type"]: _one_or_all(one["identifiers"]) for one in given[name]}
            if statement[member] == {"*": "*"}:
                statement[member] = "*"
    for condition in given.get("conditions") or []:
        tests = statement.setdefault("Condition", {}).setdefault(condition["test"], {})
        tests[condition["variable"]] = _one_or_all(condition["values"])
    return statement


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


_LOCK: Final = threading.Lock()
_LASTING: Final = ("aws:index/getAvailabilityZones:getAvailabilityZones", "aws:ec2/getPrefixList:getPrefixList")
_FUNCTIONS: Final[dict[str, Callable[[Target, str, Properties], Properties]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": availability_zones,
    "aws:ec2/getPrefixList:getPrefixList": prefix_list,
    "aws:glue/getDataCatalogEncryptionSettings:getDataCatalogEncryptionSettings": encryption_settings,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:iam/getSessionContext:getSessionContext": session_context,
}
