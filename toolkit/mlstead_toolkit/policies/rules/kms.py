"""KMS: keys that rotate, cannot be lost by mistake, and are nobody else's to use.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.identity_policy import HOLDERS, granted, only_bounds
from mlstead_toolkit.policies.own_controls import LEAST_DATA, NOTHING_LOST, ON_BEHALF
from mlstead_toolkit.policies.resource_policy import open_to_everybody, open_to_services

KEY: Final = "aws:kms/key:Key"
KEY_POLICY: Final = "aws:kms/keyPolicy:KeyPolicy"
# External and replica keys too; their material rotates elsewhere or not at all.
KEYS: Final = (KEY, "aws:kms/externalKey:ExternalKey", "aws:kms/replicaKey:ReplicaKey",
               "aws:kms/replicaExternalKey:ReplicaExternalKey")

_LONGEST = 30  # days; what AWS takes where nothing is said
DECRYPTING: Final = ("kms:Decrypt", "kms:ReEncryptFrom")
_WHICH_KEYS = ("kms:ResourceAliases", "kms:RequestAlias", "kms:ViaService", "aws:ResourceTag/*",
               "kms:EncryptionContext:*")


def _rotating(key: Resource, _stack: Stack) -> Iterator[str]:
    symmetric = (key.get("keyUsage", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"
                 and key.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT")
    if symmetric and not key.filled("customKeyStoreId") and not key.flag("enableKeyRotation"):
        yield "the key's material stays the same for ever"


def _slow_to_go(key: Resource, stack: Stack) -> Iterator[str]:
    days = int(key.get("deletionWindowInDays", _LONGEST))
    if stack.environment.startswith("prod") and days < _LONGEST:
        yield f"deletionWindowInDays is {days}: after that all that the key encrypts is lost"


def _locked_out(key: Resource, _stack: Stack) -> Iterator[str]:
    if key.flag("bypassPolicyLockoutSafetyCheck"):
        yield "bypassPolicyLockoutSafetyCheck lets a policy in which nobody can change any more"


def _named(key: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(key)


def _for_whom(key: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_services(key, beyond=("kms:EncryptionContext:*", "kms:CallerAccount"))


def _some_keys(policy: Resource, stack: Stack) -> Iterator[str]:
    for statement in granted(policy):
        actions = statement.names(*DECRYPTING)
        all_keys = statement.reaches_every("kms") and not statement.narrowed_by(*_WHICH_KEYS)
        if actions and all_keys and not only_bounds(policy, stack):
            yield f"{statement.called} allows {', '.join(actions)} with every key"


RULES: Final = (
    Rule(
        id="kms-rotation",
        level=Level.MANDATORY,
        controls=("FSBP KMS.4", "CIS 4.6"),
        title="A key that encrypts is rotated.",
        fix="Set enable_key_rotation=True.",
        types=(KEY,),
        check=_rotating,
    ),
    Rule(
        id="kms-deletion-window",
        level=Level.MANDATORY,
        controls=("FSBP KMS.3", NOTHING_LOST),
        title="In production a key can be brought back for thirty days.",
        fix="Leave deletion_window_in_days out, or set it to 30.",
        types=KEYS,
        check=_slow_to_go,
    ),
    Rule(
        id="kms-policy-can-be-mended",
        level=Level.MANDATORY,
        controls=(NOTHING_LOST,),
        title="A key's policy leaves somebody who can change it.",
        fix="Leave bypass_policy_lockout_safety_check out.",
        types=(*KEYS, KEY_POLICY),
        check=_locked_out,
    ),
    Rule(
        id="kms-not-public",
        level=Level.MANDATORY,
        controls=("FSBP KMS.5", "CIS 2.21"),
        title="A key's policy allows nothing to everybody.",
        fix="Name the principals, or hold the statement to kms:CallerAccount or an organisation.",
        types=(*KEYS, KEY_POLICY),
        check=_named,
    ),
    Rule(
        id="kms-services-held-to-account",
        level=Level.ADVISORY,
        controls=(ON_BEHALF,),
        title="A key's policy says for whose resources a service may use the key.",
        fix="Add aws:SourceAccount, aws:SourceArn or an encryption context to the statement's condition.",
        types=(*KEYS, KEY_POLICY),
        check=_for_whom,
    ),
    Rule(
        id="kms-decrypt-named-keys",
        level=Level.MANDATORY,
        controls=("FSBP KMS.1", "FSBP KMS.2", LEAST_DATA),
        title="Nobody may decrypt with every key.",
        fix="Name the ARNs of the keys, or hold the statement to a service, alias or tag.",
        types=HOLDERS,
        check=_some_keys,
    ),
)
