"""Where events end up that could not start what they were to start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, sqs

from mlstead.alarm_topic import AlarmTopic, AlarmTopicArgs
from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement, document

_TWO_WEEKS = 14 * 24 * 3600  # the longest that SQS keeps a message


@dataclass(frozen=True)
class DeadLettersArgs:
    """Arguments of DeadLetters.

    Args:
        context: where they live and whose they are.
        what: what the events were to start, a word or two: the data pipeline.
        pipeline_name: that pipeline, <project>-<environment>-…; the alarm is named after it.
        rules: the EventBridge rules whose events they are, by name.
        encryption_key_arn: KMS key of the alarm's topic, whose policy admits CloudWatch (DomainKeyArgs.alarms).
    """

    context: Context
    what: str
    pipeline_name: str
    rules: Mapping[str, cloudwatch.EventRule]
    encryption_key_arn: pulumi.Input[str]


class DeadLetters(Component):
    """A queue that takes undelivered events from these rules alone, over TLS, and an alarm as soon as it holds one.

    An event says which object came, and no more, so SQS's own keys encrypt the queue. With a key of ours EventBridge
    would need a right to it, and where that was wrong the queue would lose, unsaid, just what it is there to keep
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).

    Controls: FSBP SQS.1, SQS.3.
    """

    queue_arn: pulumi.Output[str]
    queue_url: pulumi.Output[str]
    policy: sqs.QueuePolicy
    alarm_name: pulumi.Output[str]
    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: DeadLettersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        queue = sqs.Queue(
            name, sqs_managed_sse_enabled=True, message_retention_seconds=_TWO_WEEKS, tags=self.tags,
            opts=self._child(),
        )
        self.queue_arn, self.queue_url = queue.arn, queue.url
        self.policy = sqs.QueuePolicy(
            name, queue_url=queue.url, policy=document(*_statements(args, queue.arn)), opts=self._child()
        )
        topic = AlarmTopic(f"{name}-topic", AlarmTopicArgs(args.context, args.encryption_key_arn), self._child())
        alarm = cloudwatch.MetricAlarm(
            name,
            name=f"{args.pipeline_name}-undelivered-events",
            alarm_description=f"Events did not start {args.what} of {args.context.name}.",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue.name},
            statistic="Maximum",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            period=300,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            tags=self.tags,
            opts=self._child(),
        )
        self.alarm_name, self.topic_arn = alarm.name, topic.arn
        self.register_outputs({
            "queue_arn": self.queue_arn, "queue_url": self.queue_url, "alarm_name": self.alarm_name,
        })


def _statements(args: DeadLettersArgs, queue_arn: pulumi.Output[str]) -> list[Statement]:
    return [
        Statement(
            "TakeUndelivered", ["sqs:SendMessage"], [queue_arn], {"Service": "events.amazonaws.com"},
            {"ArnEquals": {"aws:SourceArn": [rule.arn for rule in args.rules.values()]}},
        ),
        Statement("DenyPlainHttp", ["sqs:*"], [queue_arn], {"AWS": "*"},
                  {"Bool": {"aws:SecureTransport": "false"}}, effect="Deny"),
    ]
