"""A program of a few resources, and hands that change what it deployed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

PROGRAM = """
import pulumi, pulumi_aws as aws
stage = pulumi.Config().require_int("stage")

class Pair(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("tried:index:Pair", name, {}, opts)
        own = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(f"{name}-topic", display_name=f"stage {stage}", opts=own)
        aws.ssm.Parameter(f"{name}-parameter", type="String", value=topic.arn, opts=own)

Pair("pair")
aws.ssm.Parameter("secret", name="/tried/secret", type="SecureString", value=pulumi.Output.secret(f"swordfish-{stage}"))
aws.s3.Bucket("bucket", bucket="tried-bucket", tags={"stage": str(stage)})
aws.cloudwatch.LogGroup("log", name=f"/tried/{stage}", retention_in_days=30)
aws.cloudwatch.LogGroup("kept", name="/tried/kept", retention_in_days=30, tags={"Owner": "us"})
aws.sqs.Queue("gone", name="tried-gone")
aws.sns.Topic("first" if stage == 1 else "second")
pulumi.export("kept", "kept")
"""


def change_by_hand(boto: Callable[[str], Any]) -> None:
    """Change a retention, overwrite a secret, delete a queue."""
    boto("logs").put_retention_policy(logGroupName="/tried/kept", retentionInDays=7)
    boto("ssm").put_parameter(Name="/tried/secret", Value="pufferfish", Type="SecureString", Overwrite=True)
    queues = boto("sqs")
    queues.delete_queue(QueueUrl=queues.get_queue_url(QueueName="tried-gone")["QueueUrl"])
