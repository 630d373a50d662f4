"""Where alarms go."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import sns

from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement, document


@dataclass(frozen=True)
class AlarmTopicArgs:
    """Arguments of AlarmTopic.

    Args:
        context: where it lives and whose it is.
        encryption_key_arn: KMS key whose policy admits CloudWatch (DomainKeyArgs.alarms).
    """

    context: Context
    encryption_key_arn: pulumi.Input[str]


class AlarmTopic(Component):
    """An encrypted SNS topic to which only the project's CloudWatch alarms may publish, over TLS.

    Controls: FSBP SNS.1, SNS.4.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AlarmTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        topic = sns.Topic(name, kms_master_key_id=args.encryption_key_arn, tags=self.tags, opts=self._child())
        sns.TopicPolicy(name, arn=topic.arn, policy=document(*_statements(args.context, topic.arn)), opts=self._child())
        self.arn = topic.arn
        self.register_outputs({"arn": self.arn})


def _statements(context: Context, topic_arn: pulumi.Output[str]) -> list[Statement]:
    return [
        Statement(
            "PublishAlarms", ["sns:Publish"], [topic_arn], {"Service": "cloudwatch.amazonaws.com"},
            {
                "StringEquals": {"aws:SourceAccount": context.account_id},
                "ArnLike": {"aws:SourceArn": context.arn("cloudwatch", f"alarm:{context.name}-*")},
            },
        ),
        Statement("DenyPlainHttp", ["sns:Publish"], [topic_arn], {"AWS": "*"},
                  {"Bool": {"aws:SecureTransport": "false"}}, effect="Deny"),
    ]
