"""Examples of the theme service_policies."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.ecr import REPOSITORY_POLICY
from mlstead_toolkit.policies.rules.s3_policy import BUCKET_POLICY
from mlstead_toolkit.policies.rules.service_policies import LAMBDA_PERMISSION
from mlstead_toolkit.policies.rules.sns import TOPIC_POLICY
from mlstead_toolkit.policies.rules.sqs import QUEUE_POLICY

EVENTS = {"Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}
LOGS = {"Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/*"}
ACCOUNT = {"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}


def _one(type: str, *statements: dict[str, Any]) -> Stack:
    return stack(resource(type, policy=policy(*statements)))


def _permission(**properties: Any) -> Stack:
    return stack(resource(LAMBDA_PERMISSION, action="lambda:InvokeFunction", function="clean", **properties))


EXAMPLES = {
    "services-for-own-account": example(
        (_one(QUEUE_POLICY, EVENTS | ACCOUNT), _one(BUCKET_POLICY, LOGS | ACCOUNT),
         _permission(principal="s3.amazonaws.com", sourceAccount="123456789012"),
         _permission(principal="arn:aws:iam::123456789012:role/pipeline")),
        (_one(QUEUE_POLICY, EVENTS), _one(TOPIC_POLICY, EVENTS | {"Action": "sns:Publish"}), _one(BUCKET_POLICY, LOGS),
         _one(REPOSITORY_POLICY, EVENTS | {"Principal": {"Service": "sagemaker.amazonaws.com"}}),
         _one(QUEUE_POLICY, EVENTS | {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/*"}}}),
         _permission(principal="s3.amazonaws.com")),
    ),
}
