"""Examples of the theme events."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.events import BUS, BUS_POLICY, PERMISSION, RULE, SCHEDULE, TARGET

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:dead"
PIPELINE = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/flights"
PUT = {"Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "events:PutEvents", "Resource": "*"}


def _bus(*, with_policy: bool = True, **changed: Any) -> Stack:
    bus = resource(BUS, **{"kmsKeyIdentifier": KEY} | changed)
    written = resource(BUS_POLICY, refers={"eventBusName": bus}, policy=policy(PUT))
    return stack(bus, *([written] if with_policy else ()))


def _policy(**changed: Any) -> Stack:
    return stack(resource(BUS_POLICY, eventBusName="default", policy=policy(PUT | changed)))


def _permission(**properties: Any) -> Stack:
    return stack(resource(PERMISSION, statementId="partners", **properties))


def _rule(**properties: Any) -> Stack:
    return stack(resource(RULE, **properties))


EXAMPLES = {
    "events-bus-policy": example((_bus(), _bus(with_policy=False, eventSourceName="aws.partner/example.com")),
                                 _bus(with_policy=False)),
    "events-not-public": example(
        (_policy(), _policy(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}),
         _permission(principal="210987654321"),
         _permission(principal="*", condition={"key": "aws:PrincipalOrgID", "type": "StringEquals",
                                               "value": "o-abcdefghij"})),
        (_policy(Principal="*"), _permission(principal="*"),
         _policy(Principal="*", Condition={"StringEquals": {"events:source": "flights"}})),
    ),
    "events-customer-key": example(_bus(), _bus(kmsKeyIdentifier=None)),
    "events-dead-letters": example(
        (stack(resource(TARGET, rule="arrivals", arn=PIPELINE, deadLetterConfig={"arn": QUEUE})),
         stack(resource(SCHEDULE, scheduleExpression="rate(1 day)", target={
             "arn": PIPELINE, "deadLetterConfig": {"arn": QUEUE}}))),
        (stack(resource(TARGET, rule="arrivals", arn=PIPELINE)),
         stack(resource(SCHEDULE, scheduleExpression="rate(1 day)", target={"arn": PIPELINE}))),
    ),
    "events-name-source": example(
        (_rule(eventPattern='{"source": ["aws.s3"], "detail-type": ["Object Created"]}'),
         _rule(eventPattern='{"source": [{"prefix": "aws."}]}'), _rule(scheduleExpression="rate(1 day)")),
        (_rule(eventPattern='{"detail-type": ["Object Created"]}'),
         *(_rule(eventPattern=f'{{"source": [{anybodys}]}}') for anybodys in (
             '{"prefix": ""}', '{"exists": true}', '{"wildcard": "*"}', '{"anything-but": "aws.s3"}')),
         _rule(eventPattern='{"account": ["123456789012"]}')),
    ),
}
