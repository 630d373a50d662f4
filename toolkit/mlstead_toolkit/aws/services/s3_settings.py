"""Amazon S3: the settings of a bucket, each put and read as a whole."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    REGION,
    Property,
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
from mlstead_toolkit.aws.schema import Call, ResourceType
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
    if state.get("eventbridge"):
        configuration["EventBridgeConfiguration"] = {}


def _read_notification(values: Properties, answer: Properties) -> None:
    for name, (member, _) in _TARGETS.items():
        for target, sent in zip(values.get(name, []), answer.get(member, []), strict=False):
            for rule in sent.get("Filter", {}).get("Key", {}).get("FilterRules", []):
                target[f"filter{rule['Name'].title()}"] = rule["Value"]


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
    ),
    _setting(
        "BucketPublicAccessBlock",
        *(boolean(name, default=False, api=f"PublicAccessBlockConfiguration.{name}")
          for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")),
        boolean("skipDestroy", local=True),
        put="PutPublicAccessBlock", get=Call("GetPublicAccessBlock"), delete=Call("DeletePublicAccessBlock"),
    ),
    _setting(
        "BucketOwnershipControls",
        block("rule", string("objectOwnership", required=True), required=True, api="OwnershipControls.Rules"),
        put="PutBucketOwnershipControls", get=Call("GetBucketOwnershipControls"),
        delete=Call("DeleteBucketOwnershipControls"),
    ),
    _setting(
        "BucketVersioning",
        block("versioningConfiguration", string("status", required=True), string("mfaDelete", computed=True),
              required=True),
        *_OWNER, *unsupported("the local cloud has no such devices", "mfa"),
        put="PutBucketVersioning", get=Call("GetBucketVersioning", wrap="VersioningConfiguration"),
        delete=Call("PutBucketVersioning", fixed=(("VersioningConfiguration", {"Status": "Suspended"}),)),
        absent=lambda values: "versioningConfiguration" not in values,
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
        one_of=(("rules",),), validate=_check_rules, to_api=_filter_every_rule,
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
              api=f"{_LOGGED}.TargetObjectKeyFormat", unread=True),
        *_OWNER,
        put="PutBucketLogging", get=Call("GetBucketLogging"),
        delete=Call("PutBucketLogging", fixed=(("BucketLoggingStatus", {}),)),
        absent=lambda values: "targetBucket" not in values,
    ),
    _setting(
        "BucketNotification",
        boolean("eventbridge", default=False, api="", unread=True),
        _notified("lambdaFunctions", "lambdaFunctionArn"), _notified("queues", "queueArn"),
        _notified("topics", "topicArn"),
        put=_PUT_NOTIFICATION, get=Call("GetBucketNotificationConfiguration"),
        delete=Call(_PUT_NOTIFICATION, fixed=(("NotificationConfiguration", {}),)),
        to_api=_write_notification, from_api=_read_notification,
    ),
)
