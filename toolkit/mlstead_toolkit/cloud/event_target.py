"""EventBridge targets that moto refuses with an error of its own: SNS topics and SageMaker pipelines."""

from __future__ import annotations

import copy
import json
import logging
from typing import Any

log = logging.getLogger("mlstead.cloud")


def install() -> None:
    """Deliver to our targets before moto looks at the rest; what one target does never fails PutEvents."""
    from moto.events.models import Rule

    deliver = Rule.send_to_targets

    def send_to_targets(rule: Any, original_event: Any, transform_input: bool = True) -> None:
        if rule.event_pattern.matches_event(original_event):
            for target in rule.targets:
                if action := _action(target["Arn"]):
                    _attempt(action, target, original_event)
        for target in rule.targets:
            if _action(target["Arn"]) is None:
                alone = copy.copy(rule)  # other threads deliver by the same rule, and must meet all of its targets
                alone.targets = [target]
                _attempt(lambda _target, event, alone=alone: deliver(alone, event, transform_input), target,
                         original_event)

    Rule.send_to_targets = send_to_targets  # type: ignore[method-assign, assignment]


def _action(arn: str) -> Any:
    service, _, rest = arn.split(":", 2)[2].partition(":")
    if service == "sns":
        return _publish
    if service == "sagemaker" and rest.split(":")[-1].startswith("pipeline/"):
        return _start_pipeline
    return None


def _attempt(action: Any, target: dict[str, Any], event: dict[str, Any]) -> None:
    try:
        action(target, event)
    except Exception as error:
        log.warning("delivery of an event to %s: %s", target["Arn"], error)


def _publish(target: dict[str, Any], event: dict[str, Any]) -> None:
    from moto.sns.models import sns_backends

    _, _, _, region, account, _ = target["Arn"].split(":")
    sns_backends[account][region].publish(target.get("Input") or json.dumps(event, default=str), arn=target["Arn"])


def _start_pipeline(target: dict[str, Any], event: dict[str, Any]) -> None:  # noqa: ARG001 - parameters come from the rule
    from mlstead_toolkit.cloud.sagemaker.backend import collection_of
    from mlstead_toolkit.cloud.sagemaker.pipeline_execution import PipelineExecutions

    _, _, _, region, account, resource = target["Arn"].split(":")
    parameters = target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
    collection_of(PipelineExecutions, region, account).start_pipeline_execution(
        {"PipelineName": resource.partition("/")[2], "PipelineParameters": parameters}
    )
