"""Examples of the theme logs."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.logs import COMPOSITE_ALARM, LOG_GROUP, LOG_RESOURCE_POLICY, METRIC_ALARM

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
WRITE = {"Principal": {"Service": "delivery.logs.amazonaws.com"}, "Action": "logs:PutLogEvents", "Resource": "*"}


def _group(environment: str = "dev", **changed: Any) -> Stack:
    return stack(resource(LOG_GROUP, **{"kmsKeyId": KEY, "retentionInDays": 365} | changed), environment=environment)


def _policy(**changed: Any) -> Stack:
    return stack(resource(LOG_RESOURCE_POLICY, policyName="delivery", policyDocument=policy(WRITE | changed)))


def _alarm(**properties: Any) -> Stack:
    return stack(resource(METRIC_ALARM, **properties))


def _composed() -> Stack:
    part = resource(METRIC_ALARM, "late", name="late")
    return stack(part, resource(COMPOSITE_ALARM, "any", alarmName="any", alarmRule="ALARM(late)", alarmActions=[TOPIC],
                                refers={"alarmRule": part}))


EXAMPLES = {
    "logs-customer-key": example(_group(), _group(kmsKeyId=None)),
    "logs-kept-a-year": example((_group("prod"), _group(retentionInDays=30)), _group("prod", retentionInDays=180)),
    "logs-end": example(_group(), (_group(retentionInDays=None), _group("prod", retentionInDays=0))),
    "logs-not-public": example(
        (_policy(), _policy(Principal="*", Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}})),
        _policy(Principal={"AWS": "*"}),
    ),
    "alarm-tells-somebody": example(
        (_alarm(name="late", alarmActions=[TOPIC]), _composed()),
        (_alarm(name="late"), _alarm(name="late", alarmActions=[]),
         _alarm(name="late", alarmActions=[TOPIC], actionsEnabled=False)),
    ),
}
