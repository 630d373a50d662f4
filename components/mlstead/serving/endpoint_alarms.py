"""What is watched on every endpoint: failures of the service, refusals of callers, and time taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import pulumi
from pulumi_aws import cloudwatch

from mlstead.alarm_topic import AlarmTopic, AlarmTopicArgs
from mlstead.component import Component
from mlstead.context import Context


@dataclass(frozen=True)
class EndpointAlarmsArgs:
    """Arguments of EndpointAlarms.

    Args:
        context: where they live and whose they are.
        endpoint_name: the endpoint that is watched; it need not exist yet.
        variant_name: which of its variants.
        encryption_key_arn: KMS key of the topic, whose policy admits CloudWatch.
        server_errors: answers 5xx in five minutes that raise the alarm, from this number on.
        client_errors: answers 4xx in five minutes that raise the alarm, from this number on.
        latency_milliseconds: time in the model, 99th percentile of five minutes, that raises the alarm when it is
            reached three times running.
    """

    context: Context
    endpoint_name: str
    variant_name: str
    encryption_key_arn: pulumi.Input[str]
    server_errors: int = 1
    client_errors: int = 25
    latency_milliseconds: int = 1000


class _Rule(TypedDict, total=False):
    metric_name: str
    threshold: float
    alarm_description: str
    statistic: str
    extended_statistic: str
    evaluation_periods: int


class EndpointAlarms(Component):
    """Three CloudWatch alarms and the topic they tell. Silence is no alarm: an endpoint may rest, or not exist yet."""

    topic: AlarmTopic
    names: list[pulumi.Output[str]]

    def __init__(self, name: str, args: EndpointAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self.topic = AlarmTopic(
            f"{name}-topic", AlarmTopicArgs(args.context, args.encryption_key_arn), self._child()
        )
        alarms = [
            cloudwatch.MetricAlarm(
                f"{name}-{suffix}",
                **rule,
                name=f"{args.context.name}-{suffix}",
                namespace="AWS/SageMaker",
                dimensions={"EndpointName": args.endpoint_name, "VariantName": args.variant_name},
                comparison_operator="GreaterThanOrEqualToThreshold",
                period=300,
                treat_missing_data="notBreaching",
                alarm_actions=[self.topic.arn],
                ok_actions=[self.topic.arn],
                tags=self.tags,
                opts=self._child(),
            )
            for suffix, rule in _rules(args).items()
        ]
        self.names = [alarm.name for alarm in alarms]
        self.register_outputs({"names": self.names})


def _rules(args: EndpointAlarmsArgs) -> dict[str, _Rule]:
    return {
        "server-errors": {
            "metric_name": "Invocation5XXErrors",
            "statistic": "Sum",
            "threshold": args.server_errors,
            "evaluation_periods": 1,
            "alarm_description": f"{args.endpoint_name} failed to answer.",
        },
        "client-errors": {
            "metric_name": "Invocation4XXErrors",
            "statistic": "Sum",
            "threshold": args.client_errors,
            "evaluation_periods": 1,
            "alarm_description": f"{args.endpoint_name} refuses what callers send.",
        },
        "latency": {
            "metric_name": "ModelLatency",
            "extended_statistic": "p99",
            "threshold": args.latency_milliseconds * 1000,  # SageMaker counts ModelLatency in microseconds
            "evaluation_periods": 3,
            "alarm_description": f"The model of {args.endpoint_name} is slow.",
        },
    }
