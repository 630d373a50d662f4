"""AWS KMS: keys and aliases. A key is never gone at once: deleting it starts its waiting period."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    boolean,
    integer,
    policy,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.aws.tags import all_tags, read_tags
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

_DELETED: Final = ("PendingDeletion", "PendingReplicaDeletion")
_ENCRYPTS, _MACS, _SYMMETRIC = "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "SYMMETRIC_DEFAULT"


def _check_key(inputs: Properties) -> list[tuple[str, str]]:
    """Check what AWS asks of usage and specification together.

    https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
    https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
    """
    usage, spec, faults = inputs.get("keyUsage"), inputs.get("customerMasterKeySpec"), []
    if not isinstance(usage, str) or not isinstance(spec, str):
        return []
    if spec.startswith("HMAC_") != (usage == _MACS):
        faults.append(("keyUsage", f"is {usage!r}, which a key of {spec} does not do: HMAC keys, and they alone, do "
                                   f"{_MACS}"))
    elif spec == _SYMMETRIC and usage != _ENCRYPTS:
        faults.append(("keyUsage", f"is {usage!r}, and a key of {spec} does {_ENCRYPTS} alone"))
    if inputs.get("enableKeyRotation") is True and spec != _SYMMETRIC:
        faults.append(("enableKeyRotation", f"is true, and AWS rotates keys of {_SYMMETRIC} alone, not of {spec}"))
    return faults


def _rotate(work: Work) -> None:
    if not work.inputs.get("enableKeyRotation"):
        if work.inputs.get("customerMasterKeySpec") != _SYMMETRIC:
            return  # there is nothing to switch off, and AWS refuses to
        work.call("DisableKeyRotation", KeyId=work.resource_id)
        return
    period = work.inputs.get("rotationPeriodInDays")
    work.call("EnableKeyRotation", KeyId=work.resource_id, **({"RotationPeriodInDays": period} if period else {}))


def _enable(work: Work) -> None:
    work.call("EnableKey" if work.inputs.get("isEnabled", True) else "DisableKey", KeyId=work.resource_id)


def _note_state(values: Properties, answer: Properties) -> None:
    if "keyId" in values:
        values["keyId"] = values["keyId"].rsplit("/", 1)[-1]  # GetKeyRotationStatus may name the key by its ARN
    if "KeyState" in answer:
        values["@deleted"] = answer["KeyState"] in _DELETED


def _tell_date(work: Work) -> str:
    date = work.answer.get("DeletionDate")
    when = date.strftime("%Y-%m-%d") if isinstance(date, datetime) else "the end of its waiting period"
    named = f" ({work.inputs['description']})" if work.inputs.get("description") else ""
    return f"key {work.resource_id}{named} is disabled now and will be deleted on {when}"


def _find_key(work: Work, since: float) -> str | None:
    """Find a key made since then with the same description and tags: keys have no names to find them by."""
    started = datetime.fromtimestamp(since - 1, UTC)
    wanted = all_tags(work.inputs, work.default_tags)
    marker: dict[str, Any] = {}
    while True:
        page = work.call("ListKeys", **marker)
        for listed in page.get("Keys", []):
            key = work.call("DescribeKey", KeyId=listed["KeyId"])["KeyMetadata"]
            if (key["CreationDate"] < started or key["KeyState"] in _DELETED or key.get("KeyManager") == "AWS"
                    or key.get("Description", "") != (work.inputs.get("description") or "")
                    or key.get("KeyUsage") != work.inputs["keyUsage"] or key["KeyId"] in work.held):
                continue
            work.outputs["keyId"] = key["KeyId"]
            if read_tags(work) == wanted:
                return str(key["KeyId"])
        if not page.get("Truncated"):
            return None
        marker = {"Marker": page["NextMarker"]}


def _alias_as_key(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation == "DescribeKey":
        arguments["KeyId"] = state["name"]


def _read_alias(values: Properties, answer: Properties) -> None:
    if answer.get("@operation") == "DescribeKey":
        values.update(targetKeyId=answer["KeyId"], targetKeyArn=answer["Arn"])


KEY: Final = ResourceType(
    "aws:kms/key:Key",
    service="kms",
    identity="{keyId}",
    properties=(
        string("description", computed=True),
        string("keyUsage", default=_ENCRYPTS, replaces=True),
        string("customerMasterKeySpec", default=_SYMMETRIC, replaces=True, api="KeySpec"),
        boolean("multiRegion", computed=True, replaces=True),
        policy("policy", computed=True, attached="resource"),
        boolean("bypassPolicyLockoutSafetyCheck", default=False),
        boolean("isEnabled", default=True, api="Enabled"),
        boolean("enableKeyRotation", default=False, api="KeyRotationEnabled"),
        integer("rotationPeriodInDays", computed=True, minimum=90, maximum=2560),
        integer("deletionWindowInDays", minimum=7, maximum=30, api="PendingWindowInDays"),
        *unsupported("the local cloud has no external key stores", "customKeyStoreId", "xksKeyId"),
        REGION, TAGS,
    ),
    outputs=(string("arn"), string("keyId")),
    together=(("rotationPeriodInDays", "enableKeyRotation"),),
    validate=_check_key,
    create=Call("CreateKey", result="KeyMetadata"),
    read=Call("DescribeKey", result="KeyMetadata"),
    reads=(Call("GetKeyPolicy", fixed=(("PolicyName", "default"),)), Call("GetKeyRotationStatus")),
    delete=Call("ScheduleKeyDeletion", also=("deletionWindowInDays",)),
    gone=("KMSInvalidStateException:pending deletion",),
    steps=(
        Step(("description",), Call("UpdateKeyDescription"), on_create=False),
        Step(("policy",), Call("PutKeyPolicy", fixed=(("PolicyName", "default"),)), on_create=False),
        Step(("enableKeyRotation", "rotationPeriodInDays"), _rotate),
        Step(("isEnabled",), _enable),
    ),
    absent=lambda values: bool(values.get("@deleted")),
    tagging=Tagging(handle=("KeyId", "keyId"), listing="ListResourceTags", listed="Tags", add="TagResource",
                    remove="UntagResource", key="TagKey", value="TagValue"),
    from_api=_note_state,
    after_delete=_tell_date,
    find=_find_key,
)

ALIAS: Final = ResourceType(
    "aws:kms/alias:Alias",
    service="kms",
    identity="{name}",
    name=AutomaticName("name", 256, before="alias/", prefix_property="namePrefix"),
    properties=(
        string("name", replaces=True, computed=True, api="AliasName", pattern=r"alias/(?!aws/)[a-zA-Z0-9/_-]+"),
        string("namePrefix", replaces=True, computed=True, local=True),
        string("targetKeyId", required=True, by_tail=True),
        REGION,
    ),
    outputs=(
        string("arn", api="", template="arn:{partition}:kms:{region}:{account}:{name}"),
        string("targetKeyArn", api="", volatile=True, template=lambda facts: (
            f"arn:{facts['partition']}:kms:{facts['region']}:{facts['account']}:key/"
            f"{facts['targetKeyId'].rsplit('/', 1)[-1]}")),
    ),
    conflicts=(("name", "namePrefix"),),
    create=Call("CreateAlias"),
    read=Call("DescribeKey", result="KeyMetadata"),
    delete=Call("DeleteAlias"),
    steps=(Step(("targetKeyId",), Call("UpdateAlias"), on_create=False),),
    to_api=_alias_as_key,
    from_api=_read_alias,
)

RESOURCE_TYPES: Final = (KEY, ALIAS)
