"""Logs and alarms: encrypted, kept as long as an inquiry takes, and somebody is told.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import BOUNDED_COST, OWN_KEYS, WATCHED
from mlstead_toolkit.policies.resource_policy import open_to_everybody

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
LOG_RESOURCE_POLICY: Final = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
METRIC_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"

_YEAR = 365
_FOR_EVER = 0


def _own_key(group: Resource, _stack: Stack) -> Iterator[str]:
    if not group.filled("kmsKeyId"):
        yield "logs are not encrypted with a KMS key of your own"


def _kept_a_year(group: Resource, stack: Stack) -> Iterator[str]:
    days = int(group.get("retentionInDays", _FOR_EVER))
    if stack.environment.startswith("prod") and days != _FOR_EVER and days < _YEAR:
        yield f"logs are gone after {days} days"


def _ending(group: Resource, _stack: Stack) -> Iterator[str]:
    if int(group.get("retentionInDays", _FOR_EVER)) == _FOR_EVER:
        yield "logs are kept, and paid for, for ever"


def _named(policy: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(policy, "policyDocument")


def _telling(alarm: Resource, stack: Stack) -> Iterator[str]:
    if not alarm.flag("actionsEnabled", True):
        yield "its actions are switched off"
    elif not alarm.get("alarmActions", []) and not _part_of_another(alarm, stack):
        yield "nobody is told when it goes off"


def _part_of_another(alarm: Resource, stack: Stack) -> bool:
    """Tell whether a composite alarm speaks for it."""
    return any(alarm.urn in other.property_dependencies.get("alarmRule", ()) or _says(other, alarm)
               for other in stack.of(COMPOSITE_ALARM) if other.urn != alarm.urn)


def _says(composite: Resource, alarm: Resource) -> bool:
    name = alarm.value("alarmName" if alarm.type == COMPOSITE_ALARM else "name")
    return bool(name) and str(name) in str(composite.get("alarmRule", ""))


RULES: Final = (
    Rule(
        id="logs-customer-key",
        level=Level.MANDATORY,
        controls=(OWN_KEYS,),
        title="A log group is encrypted with a customer-managed KMS key.",
        fix="Set kms_key_id=key_arn.",
        types=(LOG_GROUP,),
        check=_own_key,
    ),
    Rule(
        id="logs-kept-a-year",
        level=Level.MANDATORY,
        controls=("FSBP CloudWatch.16",),
        title="In production logs are kept for a year at least.",
        fix="Set retention_in_days=365 or longer.",
        types=(LOG_GROUP,),
        check=_kept_a_year,
    ),
    Rule(
        id="logs-end",
        level=Level.ADVISORY,
        controls=(BOUNDED_COST,),
        title="Logs are not kept for ever.",
        fix="Set retention_in_days.",
        types=(LOG_GROUP,),
        check=_ending,
    ),
    Rule(
        id="logs-not-public",
        level=Level.MANDATORY,
        controls=("CIS 2.21",),
        title="Not everybody may write to log groups.",
        fix="Name the service, and hold the statement to aws:SourceAccount.",
        types=(LOG_RESOURCE_POLICY,),
        check=_named,
    ),
    Rule(
        id="alarm-tells-somebody",
        level=Level.MANDATORY,
        controls=("FSBP CloudWatch.15", "FSBP CloudWatch.17", WATCHED),
        title="An alarm tells somebody.",
        fix="Set alarm_actions=[topic_arn], and leave actions_enabled out.",
        types=(METRIC_ALARM, COMPOSITE_ALARM),
        check=_telling,
    ),
)
