"""Puts our rules in the place of moto's: who gets an event, and when a schedule is due.

moto sends events to rules that are disabled or only have a schedule, asks no role and no policy, tries nothing twice,
knows no dead letters, and answers PutEvents with an error where a target is a topic or a pipeline.
Contract: tests/unit/cloud/events.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

from mlstead_toolkit.cloud.events import object_event
from mlstead_toolkit.cloud.events.delivery import Delivery
from mlstead_toolkit.cloud.events.due_rules import DueRules
from mlstead_toolkit.cloud.events.event import Event, as_moto_has_it, plain
from mlstead_toolkit.cloud.events.target import Send, sender
from mlstead_toolkit.cloud.workshop import Workshop
from mlstead_toolkit.schedule import parse


def install(workshop: Workshop) -> None:
    """Put them into moto's EventBridge and S3."""
    from moto.events.models import EventsBackend, Rule

    delivery = Delivery(workshop)
    others = _original(Rule.send_to_targets)

    def send(rule: Any, event: Event) -> None:
        """Send an event to all targets of a rule."""
        for target in list(rule.targets):
            if own := sender(target["Arn"]):
                delivery.deliver(rule.arn, target, plain(event), own)
            else:
                delivery.deliver(rule.arn, target, as_moto_has_it(event), _by_moto(rule, others))

    @functools.wraps(others)
    def send_to_targets(rule: Any, original_event: Any, transform_input: bool = True) -> None:  # noqa: ARG001
        only_by_schedule = rule.scheduled_expression and not rule.event_pattern.dump()
        if rule.state != "DISABLED" and not only_by_schedule and rule.event_pattern.matches_event(original_event):
            send(rule, original_event)

    Rule.send_to_targets = send_to_targets  # type: ignore[method-assign, assignment]
    rules = DueRules(workshop.timetable, send)
    for name in ("put_rule", "enable_rule", "disable_rule", "delete_rule"):
        setattr(EventsBackend, name, _followed(getattr(EventsBackend, name), rules))
    object_event.install()


def _original(operation: Any) -> Any:
    """Give moto's own: a process of tests installs more than once."""
    return getattr(operation, "__wrapped__", operation)


def _by_moto(rule: Any, others: Any) -> Send:
    def send(_workshop: Workshop, _rule_arn: str, target: dict[str, Any], event: Event) -> None:
        alone = copy.copy(rule)  # other threads deliver by the same rule, and must meet all of its targets
        alone.targets = [target]
        others(alone, event)

    return send


def _followed(operation: Any, rules: DueRules) -> Any:
    """Give an operation on rules after which the schedule of the rule is looked at again."""
    original = _original(operation)

    @functools.wraps(original)
    def changed(backend: Any, name: str, *args: Any, **more: Any) -> Any:
        from moto.events.exceptions import ValidationException

        if expression := more.get("scheduled_expression"):
            try:
                parse(expression)
            except ValueError as error:
                told = f"Parameter ScheduleExpression is not valid. Reason: it {error}."
                raise ValidationException(told) from error
        answer = original(backend, name, *args, **more)
        bus = backend.event_buses.get("default")
        arn = f"arn:aws:events:{backend.region_name}:{backend.account_id}:rule/{name}"
        rules.follow(arn, bus.rules.get(name) if bus else None)
        return answer

    return changed
