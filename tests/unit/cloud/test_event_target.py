"""EventBridge targets of ours beside moto's own."""

from __future__ import annotations

from typing import Any

import pytest
from moto.events.models import Rule

from mlstead_toolkit.cloud import event_target

TOPIC = {"Id": "1", "Arn": "arn:aws:sns:eu-west-1:123456789012:alarms"}
QUEUE = {"Id": "2", "Arn": "arn:aws:sqs:eu-west-1:123456789012:work"}


def test_a_rule_keeps_all_its_targets_while_it_delivers(monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[str] = []
    delivered: list[tuple[list[Any], list[Any]]] = []
    rule = Rule("rule", "123456789012", "eu-west-1", None, '{"source": ["mine"]}', None, None, "default", "ENABLED",
                targets=[TOPIC, QUEUE])

    def deliver(given: Any, _event: Any, _transform_input: bool = True) -> None:
        delivered.append((given.targets, list(rule.targets)))

    monkeypatch.setattr(Rule, "send_to_targets", deliver)
    monkeypatch.setattr(event_target, "_publish", lambda target, _event: published.append(target["Arn"]))
    event_target.install()
    rule.send_to_targets({"source": "mine"})  # type: ignore[typeddict-item]

    assert published == [TOPIC["Arn"]]
    assert delivered == [([QUEUE], [TOPIC, QUEUE])]
