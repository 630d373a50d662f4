"""EventBridge: events of our own start things, from sources that are named, and none is lost unsaid.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/eventbridge-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import NOTHING_LOST, ON_BEHALF, OWN_KEYS
from mlstead_toolkit.policies.resource_policy import open_to_everybody

BUS: Final = "aws:cloudwatch/eventBus:EventBus"
BUS_POLICY: Final = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"
PERMISSION: Final = "aws:cloudwatch/eventPermission:EventPermission"
RULE: Final = "aws:cloudwatch/eventRule:EventRule"
TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE: Final = "aws:scheduler/schedule:Schedule"


def _with_policy(bus: Resource, stack: Stack) -> Iterator[str]:
    if not bus.filled("eventSourceName") and not stack.related(bus, BUS_POLICY, PERMISSION, via="eventBusName"):
        yield "no policy says who may put events on it"


def _named(resource: Resource, _stack: Stack) -> Iterator[str]:
    if resource.type == BUS_POLICY:
        yield from open_to_everybody(resource)
    elif resource.value("principal") == "*" and resource.value("condition.key") != "aws:PrincipalOrgID":
        yield "everybody may put events on the bus"


def _own_key(bus: Resource, _stack: Stack) -> Iterator[str]:
    if not bus.filled("kmsKeyIdentifier"):
        yield "events are encrypted with a key of AWS's, which nobody here can revoke"


def _undelivered_kept(resource: Resource, _stack: Stack) -> Iterator[str]:
    config = "target.deadLetterConfig" if resource.type == SCHEDULE else "deadLetterConfig"
    if not resource.filled(f"{config}.arn"):
        yield "an event that cannot be delivered is lost, and nobody is told"


def _of_source(rule: Resource, _stack: Stack) -> Iterator[str]:
    # Sources that begin in aws. nobody else can put; any other can be put by whoever may put events at all.
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
    if rule.filled("eventPattern") and not _sources(rule.document("eventPattern").get("source")):
        yield "its pattern names no source: events that anybody puts on the bus fit too"


def _sources(wanted: Any) -> bool:
    """Tell whether a pattern names sources, or how they begin; what it says otherwise anybody's source fits too."""
    matchers = wanted if isinstance(wanted, list) else []
    named = [each.get("prefix") or each.get("equals-ignore-case") if isinstance(each, dict) else each
             for each in matchers]
    return bool(named) and all(named)


RULES: Final = (
    Rule(
        id="events-bus-policy",
        level=Level.ADVISORY,
        controls=("FSBP EventBridge.3",),
        title="A custom event bus has a policy that says who may put events on it.",
        fix="Add an aws.cloudwatch.EventBusPolicy.",
        types=(BUS,),
        check=_with_policy,
    ),
    Rule(
        id="events-not-public",
        level=Level.MANDATORY,
        controls=("FSBP EventBridge.3", "CIS 2.21"),
        title="Not everybody may put events on a bus.",
        fix="Name the accounts, or hold the statement to aws:PrincipalOrgID.",
        types=(BUS_POLICY, PERMISSION),
        check=_named,
    ),
    Rule(
        id="events-customer-key",
        level=Level.ADVISORY,
        controls=(OWN_KEYS,),
        title="A custom event bus is encrypted with a customer-managed KMS key.",
        fix="Set kms_key_identifier=key_arn.",
        types=(BUS,),
        check=_own_key,
    ),
    Rule(
        id="events-dead-letters",
        level=Level.ADVISORY,
        controls=(NOTHING_LOST,),
        title="What cannot be delivered to a target is kept.",
        fix='Set dead_letter_config={"arn": queue_arn}.',
        types=(TARGET, SCHEDULE),
        check=_undelivered_kept,
    ),
    Rule(
        id="events-name-source",
        level=Level.MANDATORY,
        controls=(ON_BEHALF,),
        title="A rule goes by the source of an event.",
        fix='Add "source" to event_pattern, such as ["aws.s3"].',
        types=(RULE,),
        check=_of_source,
    ),
)
