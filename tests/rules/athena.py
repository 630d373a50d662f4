"""Examples of the theme athena."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.athena import DATABASE, WORKGROUP

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
RESULTS = {
    "outputLocation": "s3://lake-artifacts/flights/athena/", "expectedBucketOwner": "123456789012",
    "encryptionConfiguration": {"encryptionOption": "SSE_KMS", "kmsKeyArn": KEY},
}


def _workgroup(**changed: Any) -> Stack:
    return stack(resource(WORKGROUP, name="flights-dev", configuration={
        "enforceWorkgroupConfiguration": True, "bytesScannedCutoffPerQuery": 10 * 1024**3,
        "publishCloudwatchMetricsEnabled": True, "resultConfiguration": RESULTS,
    } | changed))


def _kept(key: str | None) -> Stack:
    return _workgroup(resultConfiguration=None, managedQueryResultsConfiguration={
        "enabled": True, "encryptionConfiguration": {"kmsKey": key}})


def _database(option: str, key: str | None = None) -> Stack:
    return stack(resource(DATABASE, name="flights", bucket="lake-artifacts",
                          encryptionConfiguration={"encryptionOption": option, "kmsKey": key}))


def _results(**changed: Any) -> Stack:
    return _workgroup(resultConfiguration=RESULTS | changed)


GOOD = _workgroup()

EXAMPLES = {
    "athena-workgroup-enforced": example(
        (GOOD, _workgroup(enforceWorkgroupConfiguration=None)), _workgroup(enforceWorkgroupConfiguration=False)),
    "athena-results-encrypted": example((GOOD, _kept(KEY), _database("SSE_KMS", KEY)), (
        _results(encryptionConfiguration=None), _results(encryptionConfiguration={"encryptionOption": "SSE_S3"}),
        _kept(None), _database("SSE_S3"), _database("SSE_KMS"),
    )),
    "athena-workgroup-logged": example(
        (GOOD, _workgroup(publishCloudwatchMetricsEnabled=None)), _workgroup(publishCloudwatchMetricsEnabled=False)),
    "athena-scan-bounded": example(GOOD, _workgroup(bytesScannedCutoffPerQuery=None)),
    "athena-results-own-account": example((GOOD, _kept(KEY)), _results(expectedBucketOwner=None)),
}
