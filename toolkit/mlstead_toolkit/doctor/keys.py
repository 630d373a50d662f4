"""The foundation's keys: enabled, and open through the services that a project uses them by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import PLATFORM, Finding, off, well

# What is done with a key, and through which service. SageMaker (volumes) and ECR (images) take a grant.
# https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
_USED = {"artifacts": (("kms:GenerateDataKey", "s3"), ("kms:CreateGrant", "ecr"), ("kms:CreateGrant", "sagemaker")),
         "operations": (("kms:GenerateDataKey", "sns"),), "token": ()}
_ZONE = (("kms:GenerateDataKey", "s3"),)


def enabled(account: Account) -> Iterator[Finding]:
    """Ask each key whether it can be used at all."""
    keys = _keys(account)
    for arn, of in keys.items():
        what = " and ".join(of)
        found = account.ask("kms", "DescribeKey", KeyId=arn)
        state = (found or {}).get("KeyMetadata", {}).get("KeyState")
        if found is None:
            yield off(f"there is no key of {what} ({arn})", _bring_up(account))
        elif state != "Enabled":
            back = f"aws kms cancel-key-deletion --key-id {arn} && " if state == "PendingDeletion" else ""
            yield off(f"the key of {what} is {state} ({arn})", f"{PLATFORM} to type: {back}aws kms enable-key "
                                                               f"--key-id {arn} --region {account.region}")
    yield well(f"{len(keys)} keys" if keys else "no foundation's file names any")


def admits(account: Account) -> Iterator[Finding]:
    """Read each key's policy for the uses that a project makes of it, and the services that take grants."""
    for arn, of in _keys(account).items():
        found = account.ask("kms", "GetKeyPolicy", KeyId=arn, PolicyName="default")
        statements = json.loads(found["Policy"])["Statement"] if found else []
        for action, service in dict.fromkeys(use for what in of for use in _USED.get(what, _ZONE)) if found else ():
            if not _allows(statements, action, *account.context.via(service)):
                yield off(f"the policy of the key of {' and '.join(of)} gives nobody {action} through {service}",
                          _bring_up(account))


def _keys(account: Account) -> dict[str, list[str]]:
    """Give the ARN of each key, with what it is of: zones of the lake share some."""
    known = account.foundation
    every = [(about["key_arn"], zone) for zone, about in ((known.get("lake") or {}).get("zones") or {}).items()]
    every += [(known[f"{what}_key_arn"], what) for what in ("operations", "token") if known.get(f"{what}_key_arn")]
    named: dict[str, list[str]] = {}
    for arn, what in sorted(every, key=lambda item: item[1]):
        named.setdefault(arn, []).append(what)
    return named


def _allows(statements: list[dict[str, Any]], action: str, via: str) -> bool:
    return any(statement["Effect"] == "Allow"
               and any(fnmatchcase(action, pattern) for pattern in _list(statement.get("Action")))
               and via in _through(statement, via) for statement in statements)


def _through(statement: dict[str, Any], otherwise: str) -> list[str]:
    """Give the services that a statement is held to; one that is held to none admits every service."""
    for operator, keys in (statement.get("Condition") or {}).items():
        if operator.startswith("StringEquals") and "kms:ViaService" in keys:
            return _list(keys["kms:ViaService"])
    return [otherwise]


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _bring_up(account: Account) -> str:
    return f"{PLATFORM} to type, in stacks/foundation: pulumi up --refresh --stack {account.environment}"
