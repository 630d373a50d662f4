"""AWS Key Management Service.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.access.calls.call import ApiCall, Known, Need
from mlstead_toolkit.access.calls.row import Row, Service, each

KEY = "{key:KeyId|key/*}"
ENCRYPTING = {"kms:EncryptionAlgorithm": "EncryptionAlgorithm"}
MAC = {"kms:MacAlgorithm": "MacAlgorithm"}
SIGNING = {"kms:SigningAlgorithm": "SigningAlgorithm", "kms:MessageType": "MessageType"}


def _new_key(call: ApiCall, known: Known) -> Iterator[Need]:
    """Tags that a key is made with have to be allowed as if they came later; its first policy is part of making it.

    https://docs.aws.amazon.com/kms/latest/developerguide/create-keys.html#create-key-permissions
    """
    if call.parameters.get("Tags"):
        yield from TABLE.needs(ApiCall("kms", "TagResource", call.parameters, call.region, call.account), known)


TABLE = Service("kms", {
    "CreateKey": Row(tags="Tags", more=_new_key, context={
        "kms:KeySpec": "KeySpec", "kms:KeyUsage": "KeyUsage", "kms:KeyOrigin": "Origin",
        "kms:MultiRegion": "MultiRegion", "kms:BypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
    }),
    # An alias is asked of itself and of the key: https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html
    "CreateAlias": Row("{AliasName}", "{key:TargetKeyId}"),
    "UpdateAlias": Row("{AliasName}", "{key:AliasName}", "{key:TargetKeyId}"),
    "DeleteAlias": Row("{AliasName}", "{key:AliasName}"),
    **each("DescribeKey GetPublicKey", KEY),
    **each("GetKeyPolicy GetKeyRotationStatus ListResourceTags ListGrants ListKeyPolicies ListKeyRotations EnableKey "
           "DisableKey DisableKeyRotation UpdateKeyDescription CancelKeyDeletion RevokeGrant RetireGrant", KEY),
    "EnableKeyRotation": Row(KEY, context={"kms:RotationPeriodInDays": "RotationPeriodInDays"}),
    "PutKeyPolicy": Row(KEY, context={"kms:BypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck"}),
    "ScheduleKeyDeletion": Row(
        KEY, context={"kms:ScheduleKeyDeletionPendingWindowInDays": "PendingWindowInDays"}),
    "TagResource": Row(KEY, tags="Tags"),
    "UntagResource": Row(KEY, context={"aws:TagKeys": "TagKeys"}),
    "CreateGrant": Row(KEY, context={
        "kms:GranteePrincipal": "GranteePrincipal", "kms:RetiringPrincipal": "RetiringPrincipal",
        "kms:GrantOperations": "Operations",
    }),
    **each("Encrypt Decrypt", KEY, context=ENCRYPTING),
    **each("GenerateDataKey GenerateDataKeyWithoutPlaintext", KEY),
    **each("GenerateMac VerifyMac", KEY, context=MAC),
    **each("Sign Verify", KEY, context=SIGNING),
    **each("ListKeys ListAliases"),
}, keys={"kms:CallerAccount": "{account}"}, traits=(
    "kms:KeySpec", "kms:KeyUsage", "kms:KeyOrigin", "kms:MultiRegion", "kms:ResourceAliases",
))
