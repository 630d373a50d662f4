"""Targets of rules: pipelines, queues and topics. What else a rule may have is moto's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.cloud.events.admission import require_key, require_policy, require_role
from mlstead_toolkit.cloud.events.event import Event, at_path, is_path, payload
from mlstead_toolkit.cloud.events.undelivered import FAILED, NO_RESOURCE, REFUSED, Undelivered

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.workshop import Workshop

Send = Callable[["Workshop", str, dict[str, Any], Event], None]


def sender(arn: str) -> Send | None:
    """Give what delivers to a target; None for those that are moto's."""
    service, _, rest = arn.split(":", 2)[2].partition(":")
    if service == "sagemaker" and rest.split(":")[-1].startswith("pipeline/"):
        return _start_pipeline
    return {"sqs": _send, "sns": _publish}.get(service)


def send_to_queue(
    workshop: Workshop, rule_arn: str, queue_arn: str, body: str, attributes: dict[str, str] | None = None,
    group: str | None = None,
) -> None:
    """Send a message to a queue whose policy, and key, admit EventBridge."""
    from moto.sqs.exceptions import QueueDoesNotExist
    from moto.sqs.models import sqs_backends

    _, _, _, region, account, name = queue_arn.split(":")
    backend = sqs_backends[account][region]
    try:
        queue: Any = backend.get_queue(name)
    except QueueDoesNotExist as error:
        raise Undelivered(NO_RESOURCE, f"The queue does not exist: {queue_arn}") from error
    require_policy(workshop, rule_arn, "sqs:SendMessage", queue_arn, queue.policy)
    require_key(rule_arn, queue.kms_master_key_id, "sqs", region)
    typed = {name: {"DataType": "String", "StringValue": value} for name, value in (attributes or {}).items()}
    backend.send_message(name, body, message_attributes=typed, group_id=group)


def _send(workshop: Workshop, rule_arn: str, target: dict[str, Any], event: Event) -> None:
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    send_to_queue(workshop, rule_arn, target["Arn"], payload(target, event), group=group)


def _publish(workshop: Workshop, rule_arn: str, target: dict[str, Any], event: Event) -> None:
    from moto.sns.models import sns_backends

    arn = target["Arn"]
    _, _, _, region, account, _ = arn.split(":")
    topic = sns_backends[account][region].topics.get(arn)
    if topic is None:
        raise Undelivered(NO_RESOURCE, f"The topic does not exist: {arn}")
    require_policy(workshop, rule_arn, "sns:Publish", arn, topic.policy)
    require_key(rule_arn, topic.kms_master_key_id, "sns", region)
    sns_backends[account][region].publish(payload(target, event), arn=arn)


def _start_pipeline(workshop: Workshop, rule_arn: str, target: dict[str, Any], event: Event) -> None:
    from moto.core.exceptions import ServiceException

    from mlstead_toolkit.cloud.sagemaker.backend import collection_of, installed
    from mlstead_toolkit.cloud.sagemaker.pipeline import Pipelines
    from mlstead_toolkit.cloud.sagemaker.pipeline_execution import PipelineExecutions

    arn, role = target["Arn"], target.get("RoleArn", "")
    _, _, _, region, account, resource = arn.split(":")
    name = resource.partition("/")[2]
    start = ApiCall("sagemaker", "StartPipelineExecution", {"PipelineName": name}, region, account)
    require_role(workshop, rule_arn, role, start)
    if not installed() or name not in collection_of(Pipelines, region, account).records:
        raise Undelivered(NO_RESOURCE, f"The pipeline does not exist: {arn}")
    parameters = target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
    request = {"PipelineName": name, "PipelineParameters": [_filled(one, event) for one in parameters]}
    try:
        collection_of(PipelineExecutions, region, account).start_pipeline_execution(request)
    except ServiceException as error:
        code = REFUSED if error.code == "ValidationException" else FAILED
        raise Undelivered(code, error.message) from error


def _filled(parameter: dict[str, str], event: Event) -> dict[str, str]:
    """Give a parameter with its value taken from the event, where the whole of it is a JSON path.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html#targets-specific-parms
    """
    value = parameter["Value"]
    if not is_path(value):
        return parameter
    found = at_path(value, event)
    if found is None:
        raise Undelivered(REFUSED, f"Nothing stands at {value}, the value of parameter {parameter['Name']}.")
    from mlstead_toolkit.cloud.sagemaker.expression import text

    return {**parameter, "Value": text(found)}
