"""CloudTrail and Config: everything that is done is on record, and the record can be trusted.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html,
https://docs.aws.amazon.com/securityhub/latest/userguide/config-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import NOTHING_LOST, OWN_KEYS

TRAIL: Final = "aws:cloudtrail/trail:Trail"
EVENT_DATA_STORE: Final = "aws:cloudtrail/eventDataStore:EventDataStore"
RECORDER: Final = "aws:cfg/recorder:Recorder"
RECORDER_STATUS: Final = "aws:cfg/recorderStatus:RecorderStatus"

_OBJECTS = "AWS::S3::Object"


def _complete(trail: Resource, _stack: Stack) -> Iterator[str]:
    if not trail.flag("isMultiRegionTrail"):
        yield "what is done in other regions is not recorded"
    if not trail.flag("includeGlobalServiceEvents", True):
        yield "what is done in IAM and STS is not recorded"
    if not trail.flag("enableLogging", True):
        yield "it does not record"
    plain, advanced = list(trail.blocks("eventSelectors")), list(trail.blocks("advancedEventSelectors"))
    of_account = {one.get("readWriteType", "All") for one in plain if one.flag("includeManagementEvents", True)}
    recorded = "All" in of_account or len(of_account) == 2 or any(_of_management(one) for one in advanced)
    if (plain or advanced) and not recorded:
        yield "its selectors leave out what is done to the account"


def _of_management(selector: Block) -> bool:
    fields = {field.value("field"): field.get("equals", []) for field in selector.blocks("fieldSelectors")}
    return fields.get("eventCategory") == ["Management"] and "readOnly" not in fields


def _own_key(trail: Resource, _stack: Stack) -> Iterator[str]:
    if not trail.filled("kmsKeyId"):
        yield "the record is not encrypted with a KMS key of your own"


def _validated(trail: Resource, _stack: Stack) -> Iterator[str]:
    if not trail.flag("enableLogFileValidation"):
        yield "nobody can tell whether a record was changed"


def _to_logs(trail: Resource, _stack: Stack) -> Iterator[str]:
    if not trail.filled("cloudWatchLogsGroupArn"):
        yield "no alarm can go by the record"


def _with_objects(trail: Resource, _stack: Stack) -> Iterator[str]:
    plain = any(resource.value("type") == _OBJECTS for selector in trail.blocks("eventSelectors")
                for resource in selector.blocks("dataResources"))
    advanced = any(field.value("field") == "resources.type" and _OBJECTS in field.get("equals", [])
                   for selector in trail.blocks("advancedEventSelectors")
                   for field in selector.blocks("fieldSelectors"))
    if not plain and not advanced:
        yield "who reads or writes which object is not recorded"


def _kept(store: Resource, _stack: Stack) -> Iterator[str]:
    if not store.flag("terminationProtectionEnabled", True):
        yield "it can be deleted, and what it recorded with it"


def _everything(resource: Resource, _stack: Stack) -> Iterator[str]:
    if resource.type == RECORDER_STATUS:
        if not resource.flag("isEnabled"):
            yield "nothing is recorded"
        return
    for group in resource.blocks("recordingGroup"):
        if not group.flag("allSupported", True):
            yield "types of resources are left out"


RULES: Final = (
    Rule(
        id="trail-records-everything",
        level=Level.MANDATORY,
        controls=("FSBP CloudTrail.1", "CIS 4.1"),
        title="A trail records what is done, reads and writes, in every region.",
        fix="Set is_multi_region_trail=True, and leave include_global_service_events and enable_logging out.",
        types=(TRAIL,),
        check=_complete,
    ),
    Rule(
        id="trail-customer-key",
        level=Level.MANDATORY,
        controls=("FSBP CloudTrail.2", "FSBP CloudTrail.10", "CIS 4.5", OWN_KEYS),
        title="The record is encrypted with a customer-managed KMS key.",
        fix="Set kms_key_id=key_arn.",
        types=(TRAIL, EVENT_DATA_STORE),
        check=_own_key,
    ),
    Rule(
        id="trail-validated",
        level=Level.MANDATORY,
        controls=("FSBP CloudTrail.4", "CIS 4.2"),
        title="A trail's files are signed, so that a change shows.",
        fix="Set enable_log_file_validation=True.",
        types=(TRAIL,),
        check=_validated,
    ),
    Rule(
        id="trail-to-logs",
        level=Level.ADVISORY,
        controls=("FSBP CloudTrail.5",),
        title="A trail goes to CloudWatch Logs too, where alarms can go by it.",
        fix="Set cloud_watch_logs_group_arn and cloud_watch_logs_role_arn.",
        types=(TRAIL,),
        check=_to_logs,
    ),
    Rule(
        id="trail-with-objects",
        level=Level.ADVISORY,
        controls=("CIS 4.8", "CIS 4.9"),
        title="A trail records who reads and writes which object.",
        fix='Add an advanced event selector for resources.type "AWS::S3::Object".',
        types=(TRAIL,),
        check=_with_objects,
    ),
    Rule(
        id="trail-store-kept",
        level=Level.MANDATORY,
        controls=(NOTHING_LOST,),
        title="An event data store cannot be deleted by mistake.",
        fix="Leave termination_protection_enabled out.",
        types=(EVENT_DATA_STORE,),
        check=_kept,
    ),
    Rule(
        id="config-records-everything",
        level=Level.MANDATORY,
        controls=("FSBP Config.1", "CIS 4.3"),
        title="Config records every type of resource.",
        fix="Leave recording_group out, or set all_supported=True; set is_enabled=True of the recorder's status.",
        types=(RECORDER, RECORDER_STATUS),
        check=_everything,
    ),
)
