"""Amazon S3: the settings of a bucket, each put and read as a whole."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import (
    REGION,
    Property,
    arn,
    block,
    blocks,
    boolean,
    integer,
    mapping,
    policy,
    string,
    string_set,
    unsupported,
)
from mlstead_toolkit.aws.schema import AutomaticName, Call, ResourceType
from mlstead_toolkit.engine.values import Properties

_BUCKET: Final = string("bucket", required=True, replaces=True)
_OWNER: Final = unsupported("deprecated; the local cloud is one account", "expectedBucketOwner")
_PUT_NOTIFICATION: Final = "PutBucketNotificationConfiguration"
_TARGETS: Final = {"topics": ("TopicConfigurations", "topic"), "queues": ("QueueConfigurations", "queue"),
                   "lambdaFunctions": ("LambdaFunctionConfigurations", "lambda_function")}


def _setting(token: str, *properties: Property, put: str, get: Call, delete: Call, **hooks: Any) -> ResourceType:
    """Make the row of one setting of a bucket: its id is the bucket's name, to update it is to put it again."""
    return ResourceType(f"aws:s3/{token[0].lower()}{token[1:]}:{token}", service="s3", identity="{bucket}",
                        properties=(_BUCKET, *properties, REGION), create=Call(put), read=get, delete=delete,
                        singleton=True, **hooks)


def _filter_every_rule(operation: str, arguments: dict[str, Any], _state: Properties) -> None:
    """Give a rule that names no objects the empty prefix: S3 wants a filter in every rule."""
    if operation == "PutBucketLifecycleConfiguration":
        for rule in arguments.get("LifecycleConfiguration", {}).get("Rules", []):
            if not rule.get("Filter") and not rule.get("Prefix"):
                rule["Filter"] = {"Prefix": ""}


def _check_rules(inputs: Properties) -> list[tuple[str, str]]:
    actions = ("abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration",
               "noncurrentVersionTransitions", "transitions")
    rules = inputs.get("rules")
    return [(f"rules[{index}]", f"does nothing: give it one of {', '.join(actions)}")
            for index, rule in enumerate(rules if isinstance(rules, list) else [])
            if isinstance(rule, dict) and not any(rule.get(action) is not None for action in actions)]


def _write_notification(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation != _PUT_NOTIFICATION or not state["@whole"]:
        return
    configuration = arguments.setdefault("NotificationConfiguration", {})
    for name, (member, _) in _TARGETS.items():
        for given, sent in zip(state.get(name) or [], configuration.get(member, []), strict=False):
            rules = [{"Name": side, "Value": given[f"filter{side.title()}"]} for side in ("prefix", "suffix")
                     if given.get(f"filter{side.title()}")]
            if rules:
                sent["Filter"] = {"Key": {"FilterRules": rules}}
    if configuration.pop("EventBridgeConfiguration", False):
        configuration["EventBridgeConfiguration"] = {}


def _read_notification(values: Properties, answer: Properties) -> None:
    values["eventbridge"] = "EventBridgeConfiguration" in answer
    for name, (member, _) in _TARGETS.items():
        for target, sent in zip(values.get(name, []), answer.get(member, []), strict=False):
            for rule in sent.get("Filter", {}).get("Key", {}).get("FilterRules", []):
                target[f"filter{rule['Name'].title()}"] = rule["Value"]


def _check_retention(inputs: Properties) -> list[tuple[str, str]]:
    rule = inputs.get("rule")
    retention = rule.get("defaultRetention") if isinstance(rule, dict) else None
    if not isinstance(retention, dict):
        return []
    path = "rule.defaultRetention"
    faults = [(f"{path}.mode", "is missing: S3 wants it beside days or years")] if "mode" not in retention else []
    if ("days" in retention) == ("years" in retention):
        faults.append((path, "needs days or years, and not both"))
    return faults


def _name_inventory(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation == "PutBucketInventoryConfiguration":
        arguments["InventoryConfiguration"]["Id"] = state["name"]


def _read_encryption(values: Properties, answer: Properties) -> None:
    """Read the encryption with S3's own keys, which is an empty structure."""
    destination = answer.get("Destination", {}).get("S3BucketDestination", {})
    if "SSES3" in destination.get("Encryption", {}):
        values["destination"]["bucket"]["encryption"] = {"sseS3": {}}


def _notified(name: str, arn_name: str) -> Property:
    member = _TARGETS[name][0]
    return blocks(
        name,
        string_set("events", required=True),
        string("filterPrefix", api=""),
        string("filterSuffix", api=""),
        string("id", computed=True),
        string(arn_name, required=arn_name != "lambdaFunctionArn"),
        api=f"NotificationConfiguration.{member}",
    )


_LOGGED: Final = "BucketLoggingStatus.LoggingEnabled"
_RULES: Final = "LifecycleConfiguration.Rules"

RESOURCE_TYPES: Final = (
    _setting(
        "BucketPolicy",
        policy("policy", required=True, attached="resource"),
        put="PutBucketPolicy", get=Call("GetBucketPolicy"), delete=Call("DeleteBucketPolicy"),
        coverage=Coverage.REAL,
    ),
    _setting(
        "BucketPublicAccessBlock",
        *(boolean(name, default=False, api=f"PublicAccessBlockConfiguration.{name}")
          for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")),
        boolean("skipDestroy", local=True),
        put="PutPublicAccessBlock", get=Call("GetPublicAccessBlock"), delete=Call("DeletePublicAccessBlock"),
        coverage=Coverage.SIMULATED,
    ),
    _setting(
        "BucketOwnershipControls",
        block("rule", string("objectOwnership", required=True), required=True, api="OwnershipControls.Rules"),
        put="PutBucketOwnershipControls", get=Call("GetBucketOwnershipControls"),
        delete=Call("DeleteBucketOwnershipControls"), coverage=Coverage.SIMULATED,
    ),
    _setting(
        "BucketVersioning",
        block("versioningConfiguration", string("status", required=True), string("mfaDelete", computed=True),
              required=True),
        *_OWNER, *unsupported("the local cloud has no such devices", "mfa"),
        put="PutBucketVersioning", get=Call("GetBucketVersioning", wrap="VersioningConfiguration"),
        delete=Call("PutBucketVersioning", fixed=(("VersioningConfiguration", {"Status": "Suspended"}),)),
        absent=lambda values: "versioningConfiguration" not in values, coverage=Coverage.REAL,
        # Where there is a lock, versions stay on: as the real provider does, the setting is left to the bucket.
        gone=("InvalidBucketState:An Object Lock configuration is present",),
    ),
    _setting(
        "BucketServerSideEncryptionConfiguration",
        blocks("rules",
               block("applyServerSideEncryptionByDefault",
                     string("sseAlgorithm", required=True), string("kmsMasterKeyId", by_tail=True)),
               boolean("bucketKeyEnabled"),
               string_set("blockedEncryptionTypes", computed=True, api="BlockedEncryptionTypes.EncryptionType"),
               required=True, ordered=False, api="ServerSideEncryptionConfiguration.Rules"),
        *_OWNER,
        put="PutBucketEncryption", get=Call("GetBucketEncryption"), delete=Call("DeleteBucketEncryption"),
        coverage=Coverage.SIMULATED,
    ),
    _setting(
        "BucketLifecycleConfiguration",
        blocks("rules",
               string("id", required=True), string("status", required=True),
               block("abortIncompleteMultipartUpload", integer("daysAfterInitiation", minimum=1)),
               block("expiration", string("date"), integer("days", minimum=0), boolean("expiredObjectDeleteMarker")),
               block("filter",
                     block("and", integer("objectSizeGreaterThan"), integer("objectSizeLessThan"), string("prefix"),
                           mapping("tags")),
                     integer("objectSizeGreaterThan"), integer("objectSizeLessThan"), string("prefix"),
                     block("tag", string("key", required=True), string("value", required=True))),
               block("noncurrentVersionExpiration", integer("noncurrentDays", required=True, minimum=1),
                     integer("newerNoncurrentVersions", minimum=1)),
               blocks("noncurrentVersionTransitions", integer("noncurrentDays", required=True, minimum=0),
                      string("storageClass", required=True), integer("newerNoncurrentVersions", minimum=1),
                      ordered=False),
               string("prefix", computed=True),
               blocks("transitions", string("storageClass", required=True), string("date"),
                      integer("days", minimum=0), ordered=False),
               api=_RULES),
        string("transitionDefaultMinimumObjectSize", default="all_storage_classes_128K"),
        block("timeouts", string("create"), string("update"), local=True),
        *_OWNER,
        put="PutBucketLifecycleConfiguration", get=Call("GetBucketLifecycleConfiguration"),
        delete=Call("DeleteBucketLifecycle"),
        one_of=(("rules",),), validate=_check_rules, to_api=_filter_every_rule, coverage=Coverage.SIMULATED,
    ),
    _setting(
        "BucketLogging",
        string("targetBucket", required=True, api=f"{_LOGGED}.TargetBucket"),
        string("targetPrefix", required=True, api=f"{_LOGGED}.TargetPrefix"),
        blocks("targetGrants",
               block("grantee", string("type", required=True), string("displayName", computed=True),
                     string("emailAddress"), string("id"), string("uri"), required=True),
               string("permission", required=True), ordered=False, api=f"{_LOGGED}.TargetGrants"),
        block("targetObjectKeyFormat",
              block("partitionedPrefix", string("partitionDateSource", required=True)), block("simplePrefix"),
              api=f"{_LOGGED}.TargetObjectKeyFormat"),
        *_OWNER,
        put="PutBucketLogging", get=Call("GetBucketLogging"),
        delete=Call("PutBucketLogging", fixed=(("BucketLoggingStatus", {}),)),
        absent=lambda values: "targetBucket" not in values, coverage=Coverage.REAL,
    ),
    _setting(
        "BucketObjectLockConfiguration",
        string("objectLockEnabled", default="Enabled", replaces=True,
               api="ObjectLockConfiguration.ObjectLockEnabled"),
        block("rule",
              block("defaultRetention", integer("days", minimum=1), string("mode"), integer("years", minimum=1),
                    required=True),
              api="ObjectLockConfiguration.Rule"),
        *_OWNER, *unsupported("only AWS's support gives one, for buckets made without a lock", "token"),
        put="PutObjectLockConfiguration", get=Call("GetObjectLockConfiguration", result="ObjectLockConfiguration"),
        # A lock cannot be taken off a bucket: what a deletion takes away is its rule.
        delete=Call("PutObjectLockConfiguration",
                    fixed=(("ObjectLockConfiguration", {"ObjectLockEnabled": "Enabled"}),)),
        validate=_check_retention, coverage=Coverage.REAL,
    ),
    ResourceType(
        "aws:s3/inventory:Inventory",
        service="s3",
        identity="{bucket}:{name}",
        name=AutomaticName("name", 64),
        properties=(
            _BUCKET,
            string("name", replaces=True, computed=True, api="Id", pattern=r"[A-Za-z0-9_.-]{1,64}"),
            block("destination",
                  block("bucket",
                        string("accountId", pattern=r"\d{12}"), arn("bucketArn", required=True, api="Bucket"),
                        block("encryption", block("sseKms", arn("keyId", required=True)), block("sseS3")),
                        string("format", required=True), string("prefix"),
                        required=True, api="S3BucketDestination"),
                  required=True, api="InventoryConfiguration.Destination"),
            boolean("enabled", default=True, api="InventoryConfiguration.IsEnabled"),
            block("filter", string("prefix"), api="InventoryConfiguration.Filter"),
            string("includedObjectVersions", required=True, api="InventoryConfiguration.IncludedObjectVersions"),
            string_set("optionalFields", api="InventoryConfiguration.OptionalFields"),
            block("schedule", string("frequency", required=True), required=True, api="InventoryConfiguration.Schedule"),
            REGION,
        ),
        create=Call("PutBucketInventoryConfiguration"),
        read=Call("GetBucketInventoryConfiguration", result="InventoryConfiguration"),
        delete=Call("DeleteBucketInventoryConfiguration"),
        singleton=True,
        coverage=Coverage.SIMULATED,
        to_api=_name_inventory,
        from_api=_read_encryption,
    ),
    _setting(
        "BucketNotification",
        boolean("eventbridge", default=False, api="NotificationConfiguration.EventBridgeConfiguration"),
        _notified("lambdaFunctions", "lambdaFunctionArn"), _notified("queues", "queueArn"),
        _notified("topics", "topicArn"),
        put=_PUT_NOTIFICATION, get=Call("GetBucketNotificationConfiguration"),
        delete=Call(_PUT_NOTIFICATION, fixed=(("NotificationConfiguration", {}),)),
        to_api=_write_notification, from_api=_read_notification, coverage=Coverage.REAL,
    ),
)
