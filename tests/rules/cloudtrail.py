"""Examples of the theme cloudtrail."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.cloudtrail import EVENT_DATA_STORE, RECORDER, RECORDER_STATUS, TRAIL

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"
OBJECTS = {"includeManagementEvents": True, "readWriteType": "All",
           "dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}
ADVANCED = {"fieldSelectors": [{"field": "eventCategory", "equals": ["Data"]},
                               {"field": "resources.type", "equals": ["AWS::S3::Object"]}]}

MANAGEMENT = {"fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]}
READS = {"fieldSelectors": [*MANAGEMENT["fieldSelectors"], {"field": "readOnly", "equals": ["true"]}]}


def _trail(**changed: Any) -> Stack:
    return stack(resource(TRAIL, **{
        "s3BucketName": "trail", "isMultiRegionTrail": True, "enableLogFileValidation": True, "kmsKeyId": KEY,
        "cloudWatchLogsGroupArn": GROUP, "eventSelectors": [OBJECTS],
    } | changed))


def _one(type: str, **properties: Any) -> Stack:
    return stack(resource(type, **properties))


GOOD = (
    _trail(), _trail(eventSelectors=None, advancedEventSelectors=[ADVANCED, MANAGEMENT]),
    _trail(eventSelectors=[OBJECTS | {"readWriteType": "WriteOnly"}, OBJECTS | {"readWriteType": "ReadOnly"}]),
)

EXAMPLES = {
    "trail-records-everything": example(GOOD, (
        _trail(isMultiRegionTrail=None), _trail(includeGlobalServiceEvents=False), _trail(enableLogging=False),
        _trail(eventSelectors=[OBJECTS | {"readWriteType": "WriteOnly"}]),
        _trail(eventSelectors=None, advancedEventSelectors=[ADVANCED]),
        _trail(eventSelectors=None, advancedEventSelectors=[ADVANCED, READS]),
    )),
    "trail-customer-key": example((*GOOD, _one(EVENT_DATA_STORE, kmsKeyId=KEY)),
                                  (_trail(kmsKeyId=None), _one(EVENT_DATA_STORE))),
    "trail-validated": example(GOOD, _trail(enableLogFileValidation=None)),
    "trail-to-logs": example(GOOD, _trail(cloudWatchLogsGroupArn=None)),
    "trail-with-objects": example(GOOD, (
        _trail(eventSelectors=None), _trail(eventSelectors=[OBJECTS | {"dataResources": []}]),
    )),
    "trail-store-kept": example(_one(EVENT_DATA_STORE, kmsKeyId=KEY),
                                _one(EVENT_DATA_STORE, kmsKeyId=KEY, terminationProtectionEnabled=False)),
    "config-records-everything": example(
        (_one(RECORDER), _one(RECORDER, recordingGroup={"allSupported": True}), _one(RECORDER_STATUS, isEnabled=True)),
        (_one(RECORDER, recordingGroup={"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]}),
         _one(RECORDER_STATUS, isEnabled=False)),
    ),
}
