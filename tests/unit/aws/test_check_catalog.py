"""What AWS would refuse of catalog, grants, queries, inventories and queues is refused at preview."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.engine.provider import CheckResult
from mlstead_toolkit.engine.values import UNKNOWN

Check = Callable[..., CheckResult]

DATABASE, TABLE = "aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/catalogTable:CatalogTable"
ENCRYPTION = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings"
SETTINGS, LF_TAG = "aws:lakeformation/dataLakeSettings:DataLakeSettings", "aws:lakeformation/lfTag:LfTag"
TAGGED, LOCATION = "aws:lakeformation/resourceLfTags:ResourceLfTags", "aws:lakeformation/resource:Resource"
PERMISSIONS, WORKGROUP = "aws:lakeformation/permissions:Permissions", "aws:athena/workgroup:Workgroup"
INVENTORY = "aws:s3/inventory:Inventory"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
QUEUE, RULE, TARGET = ("aws:sqs/queue:Queue", "aws:cloudwatch/eventRule:EventRule",
                       "aws:cloudwatch/eventTarget:EventTarget")
KEY, RULESET = "aws:kms/key:Key", "aws:glue/dataQualityRuleset:DataQualityRuleset"
MACIE, JOB = "aws:macie2/account:Account", "aws:macie2/classificationJob:ClassificationJob"
ROLE = "arn:aws:iam::123456789012:role/train"
PIPELINE = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p"
ORDERED = "arn:aws:sqs:eu-west-1:123456789012:q.fifo"
OF_BUCKETS = {"bucketDefinitions": [{"accountId": "123456789012", "buckets": ["b"]}]}


def grant(*words: str, **resource: Any) -> dict[str, Any]:
    return {"principal": ROLE, "permissions": list(words), **resource}


def by_tag(*words: str, kind: str = "TABLE", **more: Any) -> dict[str, Any]:
    expressions = [{"key": "sensitivity", "values": ["public"]}]
    return grant(*words, lfTagPolicy={"resourceType": kind, "expressions": expressions}, **more)


def inventory(**more: Any) -> dict[str, Any]:
    return {"bucket": "b", "includedObjectVersions": "All", "schedule": {"frequency": "Daily"},
            "destination": {"bucket": {"bucketArn": "arn:aws:s3:::b", "format": "CSV"}}, **more}


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    (DATABASE, {"name": "Curated"}, "name", "does not match"),
    (DATABASE, {"name": "d" * 256}, "name", "must not be above 255"),
    (DATABASE, {"createTableDefaultPermissions": [{"permissions": ["READ"]}]},
     "createTableDefaultPermissions[0].permissions[0]", "is not one of"),
    (DATABASE, {"federatedDatabase": {"identifier": "x"}}, "federatedDatabase", "not supported"),
    (TABLE, {"databaseName": "d", "name": "Flights"}, "name", "does not match"),
    (TABLE, {"databaseName": "d", "storageDescriptor": {"columns": [{"type": "string"}]}},
     "storageDescriptor.columns[0].name", "is required"),
    (TABLE, {"databaseName": "d", "storageDescriptor": {"serdeInfo": {}}}, "storageDescriptor.serdeInfo",
     "did you mean 'serDeInfo'?"),
    (ENCRYPTION, {"dataCatalogEncryptionSettings": {
        "connectionPasswordEncryption": {"returnConnectionPasswordEncrypted": True},
        "encryptionAtRest": {"catalogEncryptionMode": "KMS"}}},
     "dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode", "is not one of"),
    (SETTINGS, {"admins": ["role/train"]}, "admins[0]", "is no ARN"),
    (SETTINGS, {"createTableDefaultPermissions": [{"principal": "everybody", "permissions": ["ALL"]}]},
     "createTableDefaultPermissions[0].principal", "does not match"),
    (LOCATION, {"arn": "s3://lake"}, "arn", "is no ARN"),
    (LOCATION, {"arn": "arn:aws:s3:::lake", "roleArn": ROLE, "useServiceLinkedRole": True}, "useServiceLinkedRole",
     "conflicts with roleArn"),
    (LF_TAG, {"key": "sensitivity", "values": []}, "values", "must not be below 1"),
    (LF_TAG, {"key": "sensitivity", "values": ["a;b"]}, "values[0]", "does not match"),
    (TAGGED, {"lfTags": [{"key": "k", "value": "v"}]}, "database", "give database or table or tableWithColumns"),
    (TAGGED, {"lfTags": [{"key": "k", "value": "v"}], "tableWithColumns": {"databaseName": "d", "name": "t"}},
     "tableWithColumns", "needs columnNames"),
    (TAGGED, {"lfTags": [{"key": "k", "value": "v"}], "database": {"name": "d"}, "table": {"databaseName": "d"}},
     "table", "conflicts with database"),
    (PERMISSIONS, grant("SELECT"), "catalogResource", "is missing"),
    (PERMISSIONS, grant("SELECT", database={"name": "d"}), "permissions[0]", "a grant on database takes"),
    (PERMISSIONS, grant("SELECT", catalogResource=True), "permissions[0]", "a grant on catalogResource takes"),
    (PERMISSIONS, grant("DESCRIBE", dataLocation={"arn": "arn:aws:s3:::lake"}), "permissions[0]",
     "takes DATA_LOCATION_ACCESS"),
    (PERMISSIONS, grant("CREATE_TABLE", table={"databaseName": "d", "name": "t"}), "permissions[0]",
     "a grant on table takes"),
    (PERMISSIONS, grant("DESCRIBE", tableWithColumns={"databaseName": "d", "name": "t", "columnNames": ["c"]}),
     "permissions[0]", "a grant on tableWithColumns takes SELECT"),
    (PERMISSIONS, grant("SELECT", lfTag={"key": "k", "values": ["v"]}), "permissions[0]", "a grant on lfTag takes"),
    (PERMISSIONS, by_tag("SELECT", kind="DATABASE"), "permissions[0]", "a grant on lfTagPolicy takes"),
    (PERMISSIONS, by_tag("CREATE_TABLE"), "permissions[0]", "a grant on lfTagPolicy takes"),
    (PERMISSIONS, by_tag("SELECT", permissionsWithGrantOptions=["DESCRIBE"]), "permissionsWithGrantOptions",
     "which permissions does not"),
    (PERMISSIONS, by_tag("SELECTS"), "permissions[0]", "did you mean 'SELECT'?"),
    (PERMISSIONS, grant("SELECT", table={"databaseName": "d"}), "table", "needs a name"),
    (PERMISSIONS, by_tag("SELECT", database={"name": "d"}), "lfTagPolicy", "conflicts with database"),
    (PERMISSIONS, {**by_tag("SELECT"), "principal": "train"}, "principal", "does not match"),
    (WORKGROUP, {"name": "a b"}, "name", "does not match"),
    (WORKGROUP, {"state": "OFF"}, "state", "is not one of"),
    (WORKGROUP, {"configuration": {"bytesScannedCutoffPerQuery": 1}}, "configuration.bytesScannedCutoffPerQuery",
     "the least is 10485760"),
    (WORKGROUP, {"configuration": {"resultConfiguration": {
        "encryptionConfiguration": {"encryptionOption": "SSE_KMS"}}}},
     "configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn", "is missing"),
    (INVENTORY, inventory(schedule={"frequency": "Monthly"}), "schedule.frequency", "is not one of Daily, Weekly"),
    (INVENTORY, inventory(optionalFields=["Owner"]), "optionalFields[0]", "is not one of"),
    (INVENTORY, inventory(name="a b"), "name", "does not match"),
    (LOCK, {"bucket": "b", "rule": {"defaultRetention": {"mode": "COMPLIANCE"}}}, "rule.defaultRetention",
     "needs days or years"),
    (LOCK, {"bucket": "b", "rule": {"defaultRetention": {"days": 1}}}, "rule.defaultRetention.mode", "is missing"),
    (LOCK, {"bucket": "b", "rule": {"defaultRetention": {"mode": "STRICT", "days": 1}}}, "rule.defaultRetention.mode",
     "is not one of"),
    (QUEUE, {"name": "q", "fifoQueue": True}, "name", "must end in .fifo"),
    (QUEUE, {"visibilityTimeoutSeconds": 50000}, "visibilityTimeoutSeconds", "must not be above 43200"),
    (RULE, {}, "eventPattern", "give eventPattern or scheduleExpression"),
    (RULE, {"eventPattern": "{"}, "eventPattern", "is not valid JSON"),
    (TARGET, {"rule": "r", "arn": "arn:aws:sqs:eu-west-1:123456789012:q", "input": "{}", "inputPath": "$.a"},
     "inputPath", "conflicts with input"),
    (RULE, {"scheduleExpression": "rate(5 minute)"}, "scheduleExpression", "is 'rate(5 minute)': AWS takes rate(1 min"),
    (RULE, {"scheduleExpression": "cron(0 6 * * * *)"}, "scheduleExpression", "one of day-of-month and day-of-week"),
    (RULE, {"eventPattern": {"detail": {"object": {"key": [{"prefx": "a/"}]}}}}, "eventPattern",
     "a filter 'prefx' at detail.object.key, which EventBridge does not know; did you mean 'prefix'?"),
    (RULE, {"eventPattern": {"$or": [{"source": "aws.s3"}]}}, "eventPattern", "'aws.s3' at source, where a list"),
    (TARGET, {"rule": "r", "arn": PIPELINE}, "roleArn", "in the name of a role"),
    (TARGET, {"rule": "r", "arn": PIPELINE, "roleArn": ROLE, "retryPolicy": {"maximumRetryAttempts": 186}},
     "retryPolicy.maximumRetryAttempts", "must not be above 185"),
    (TARGET, {"rule": "r", "arn": PIPELINE, "roleArn": ROLE, "retryPolicy": {"maximumEventAgeInSeconds": 59}},
     "retryPolicy.maximumEventAgeInSeconds", "must not be below 60"),
    (TARGET, {"rule": "r", "arn": PIPELINE, "roleArn": ROLE, "deadLetterConfig": {"arn": ORDERED}},
     "deadLetterConfig.arn", "must be that of a standard SQS queue"),
    (KEY, {"keyUsage": "GENERATE_VERIFY_MAC"}, "keyUsage", "HMAC keys, and they alone"),
    (KEY, {"customerMasterKeySpec": "HMAC_256"}, "keyUsage", "which a key of HMAC_256 does not do"),
    (KEY, {"keyUsage": "SIGN_VERIFY"}, "keyUsage", "a key of SYMMETRIC_DEFAULT does ENCRYPT_DECRYPT alone"),
    (KEY, {"keyUsage": "GENERATE_VERIFY_MAC", "customerMasterKeySpec": "HMAC_256", "enableKeyRotation": True},
     "enableKeyRotation", "AWS rotates keys of SYMMETRIC_DEFAULT alone, not of HMAC_256"),
    (RULESET, {"ruleset": "IsComplete \"a\""}, "ruleset", "where Rules = [ … ] must stand"),
    (RULESET, {"ruleset": "Rules = [ IsComplete \"a\""}, "ruleset", "that nothing closes"),
    (RULESET, {"ruleset": "Rules = [ ]"}, "ruleset", "has no rule"),
    (RULESET, {"ruleset": "Rules = [ RowCount > 1 ]", "targetTable": {"databaseName": "d"}}, "targetTable.tableName",
     "is required"),
    (JOB, {"jobType": "ONE_TIME", "s3JobDefinition": {}}, "s3JobDefinition", "needs bucketDefinitions or"),
    (JOB, {"jobType": "SCHEDULED", "s3JobDefinition": OF_BUCKETS}, "scheduleFrequency", "job of type SCHEDULED"),
    (JOB, {"jobType": "OFTEN", "s3JobDefinition": OF_BUCKETS}, "jobType", "is not one of ONE_TIME, SCHEDULED"),
    (MACIE, {"status": "ON"}, "status", "is not one of PAUSED, ENABLED"),
]


@pytest.mark.parametrize(("token", "inputs", "path", "reason"), REFUSED,
                         ids=[f"{token.rsplit(':', 1)[-1]}-{path}-{index}"
                              for index, (token, _, path, _) in enumerate(REFUSED)])
def test_a_wrong_input_is_refused_by_path_and_reason(check: Check, token: str, inputs: dict[str, Any], path: str,
                                                     reason: str) -> None:
    failures = check(token, inputs).failures

    assert [failure for failure in failures if failure.property == path and reason in failure.reason], failures


@pytest.mark.parametrize(("token", "inputs"), [
    (TABLE, {"databaseName": UNKNOWN, "storageDescriptor": {"location": UNKNOWN, "columns": UNKNOWN}}),
    (SETTINGS, {"admins": [UNKNOWN], "createTableDefaultPermissions": []}),
    (TAGGED, {"database": {"name": UNKNOWN}, "lfTags": [{"key": UNKNOWN, "value": "pii"}]}),
    (TAGGED, {"tableWithColumns": UNKNOWN, "lfTags": UNKNOWN}),
    (PERMISSIONS, {"principal": UNKNOWN, "permissions": ["SELECT"], "lfTagPolicy": {
        "resourceType": "TABLE", "expressions": [{"key": UNKNOWN, "values": UNKNOWN}]}}),
    (PERMISSIONS, {"principal": UNKNOWN, "permissions": UNKNOWN, "lfTagPolicy": UNKNOWN}),
    (PERMISSIONS, {"principal": ROLE, "permissions": ["CREATE_TABLE"], "lfTagPolicy": {
        "resourceType": UNKNOWN, "expressions": UNKNOWN}}),
    (PERMISSIONS, {"principal": ROLE, "permissions": ["SELECT"], "tableWithColumns": {
        "databaseName": "d", "name": "t", "columnNames": UNKNOWN, "wildcard": UNKNOWN}}),
    (PERMISSIONS, {"principal": UNKNOWN, "permissions": ["SELECT"], "table": {
        "databaseName": UNKNOWN, "name": UNKNOWN}}),
    (WORKGROUP, {"configuration": {"resultConfiguration": {"outputLocation": UNKNOWN, "encryptionConfiguration": {
        "encryptionOption": "SSE_KMS", "kmsKeyArn": UNKNOWN}}}}),
    (INVENTORY, inventory(bucket=UNKNOWN, destination={"bucket": UNKNOWN})),
    (LOCK, {"bucket": UNKNOWN, "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": UNKNOWN}}}),
    (QUEUE, {"redrivePolicy": UNKNOWN}),
    (TARGET, {"rule": UNKNOWN, "arn": UNKNOWN}),
])
def test_what_is_not_known_yet_is_accepted_anywhere(check: Check, token: str, inputs: dict[str, Any]) -> None:
    assert check(token, inputs).failures == ()


def test_a_grant_by_tag_may_select_and_describe(check: Check) -> None:
    assert check(PERMISSIONS, by_tag("DESCRIBE", "SELECT", permissionsWithGrantOptions=["SELECT"])).failures == ()


@pytest.mark.parametrize("ruleset", [
    'Rules = [ IsComplete "a" ]',
    'Rules = [ ColumnValues "a" in [ "x, [y", "z" ], (RowCount > 1) or (IsUnique "a"), ]',
    'Analyzers = [ RowCount ]\nRules = [ # how many\n RowCount between 1 and 5 ]',
])
def test_what_glue_takes_for_a_ruleset_passes(check: Check, ruleset: str) -> None:
    assert check(RULESET, {"ruleset": ruleset}).failures == ()


def test_a_pattern_given_as_an_object_becomes_a_document(check: Check) -> None:
    result = check(RULE, {"eventPattern": {"source": ["aws.s3"]}})

    assert result.failures == ()
    assert json.loads(result.inputs["eventPattern"]) == {"source": ["aws.s3"]}
