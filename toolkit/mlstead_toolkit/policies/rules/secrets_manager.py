"""Secrets and parameters: encrypted with our key, changed in time, and nobody else's to read.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html,
https://docs.aws.amazon.com/securityhub/latest/userguide/ssm-controls.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import NOTHING_LOST, OWN_KEYS
from mlstead_toolkit.policies.resource_policy import open_to_everybody

SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 (a token of a type)
SECRET_POLICY: Final = "aws:secretsmanager/secretPolicy:SecretPolicy"  # noqa: S105
ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"
PARAMETER: Final = "aws:ssm/parameter:Parameter"
DOCUMENT: Final = "aws:ssm/document:Document"

_LONGEST = 90  # days between two rotations
_RATE = re.compile(r"rate\((\d+) (day|hour)s?\)")


def _own_key(secret: Resource, _stack: Stack) -> Iterator[str]:
    if secret.type == PARAMETER:
        if secret.get("type", "String") != "SecureString":
            return
        path = "keyId"
    else:
        path = "kmsKeyId"
    if not secret.filled(path) or str(secret.value(path)).endswith(("alias/aws/secretsmanager", "alias/aws/ssm")):
        yield "it is encrypted with a key of AWS's, which all of the account may use"


def _rotating(secret: Resource, stack: Stack) -> Iterator[str]:
    if not stack.related(secret, ROTATION, via="secretId"):
        yield "whoever has read it once can use it for ever"


def _rotating_in_time(rotation: Resource, _stack: Stack) -> Iterator[str]:
    days = rotation.value("rotationRules.automaticallyAfterDays")
    if rate := _RATE.fullmatch(str(rotation.get("rotationRules.scheduleExpression", ""))):
        days = int(rate[1]) / (1 if rate[2] == "day" else 24)
    if days is not None and float(days) > _LONGEST:
        yield f"it is changed every {float(days):g} days"


def _named(secret: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(secret)


def _recoverable(secret: Resource, stack: Stack) -> Iterator[str]:
    days = secret.value("recoveryWindowInDays")
    if stack.environment.startswith("prod") and days is not None and int(days) == 0:
        yield "it is gone as soon as it is deleted"


def _not_shared(document: Resource, _stack: Stack) -> Iterator[str]:
    shared = document.get("permissions.accountIds", document.get("permissions.account_ids", ""))
    if str(shared).lower() == "all":
        yield "everybody can read and run it"


RULES: Final = (
    Rule(
        id="secret-customer-key",
        level=Level.MANDATORY,
        controls=(OWN_KEYS,),
        title="A secret, or a parameter that is one, is encrypted with a customer-managed KMS key.",
        fix="Set kms_key_id=key_arn; for a parameter, key_id=key_arn.",
        types=(SECRET, PARAMETER),
        check=_own_key,
    ),
    Rule(
        id="secret-rotates",
        level=Level.ADVISORY,
        controls=("FSBP SecretsManager.1", "cdk-nag SMG4"),
        title="A secret is changed by itself.",
        fix="Add an aws.secretsmanager.SecretRotation.",
        types=(SECRET,),
        check=_rotating,
    ),
    Rule(
        id="secret-rotates-in-time",
        level=Level.MANDATORY,
        controls=("FSBP SecretsManager.4",),
        title="A secret is changed every ninety days at least.",
        fix='Set rotation_rules={"automatically_after_days": 90} or fewer.',
        types=(ROTATION,),
        check=_rotating_in_time,
    ),
    Rule(
        id="secret-not-public",
        level=Level.MANDATORY,
        controls=("CIS 2.21",),
        title="A secret's policy allows nothing to everybody.",
        fix="Name the principals, and set block_public_policy=True.",
        types=(SECRET, SECRET_POLICY),
        check=_named,
    ),
    Rule(
        id="secret-recoverable",
        level=Level.MANDATORY,
        controls=(NOTHING_LOST,),
        title="In production a deleted secret can be brought back.",
        fix="Leave recovery_window_in_days out, or set it to 7 or more.",
        types=(SECRET,),
        check=_recoverable,
    ),
    Rule(
        id="document-not-public",
        level=Level.MANDATORY,
        controls=("FSBP SSM.4",),
        title="A document of Systems Manager is not everybody's.",
        fix="Name the accounts in permissions.",
        types=(DOCUMENT,),
        check=_not_shared,
    ),
)
