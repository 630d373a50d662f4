"""What may stand behind a type: a service that acts, one that remembers, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Coverage(StrEnum):
    """Real: it does its work; simulated: it answers as AWS would; declared only: it is recorded in the state."""

    REAL = "real"
    SIMULATED = "simulated"
    DECLARED_ONLY = "declared only"


LIMITS: Final[Mapping[str, str]] = {
    "aws:glue/dataQualityRuleset:DataQualityRuleset": "is remembered, and never evaluated: the gate's own rules are",
    "aws:cloudwatch/logGroup:LogGroup": "keeps its lines for ever, whatever the retention",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "looks at no metric, and tells nobody",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "looks into no token, and changes no audiences",
    "aws:iam/role:Role": "lets jobs act in its name; what it may do is decided for S3's data, the keys behind it, MACs "
                         "and what EventBridge starts",
    "aws:iam/rolePolicy:RolePolicy": "decides on S3's data, the keys behind it, MACs and what EventBridge starts; "
                                     "other services answer any caller",
    "aws:kms/key:Key": "decides by its policy on S3's data and on MACs; it encrypts even when disabled, and objects "
                       "lie in clear",
    "aws:s3/bucketPolicy:BucketPolicy": "decides on a role's calls for data; the developer's own may do anything",
    "aws:sagemaker/endpoint:Endpoint": "is one process on this machine, whatever its instances",
    "aws:sagemaker/pipeline:Pipeline": "runs its jobs as processes on this machine, whatever their instances",
    "aws:sns/topic:Topic": "delivers to queues and HTTP addresses, not to mail; no alarm goes off by itself",
    "aws:sns/topicPolicy:TopicPolicy": "decides on what EventBridge publishes, and on nobody else",
    "aws:sqs/queuePolicy:QueuePolicy": "decides on what EventBridge sends, and on nobody else",
}
"""What a type does less on the local cloud than on AWS, as the end of a sentence about it."""
