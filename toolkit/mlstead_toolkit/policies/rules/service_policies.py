"""Statements that let a service in: for resources of our own account, not for whoever names ours.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import ON_BEHALF
from mlstead_toolkit.policies.resource_policy import open_to_services
from mlstead_toolkit.policies.rules.ecr import REPOSITORY_POLICY
from mlstead_toolkit.policies.rules.s3_policy import BUCKET_POLICY
from mlstead_toolkit.policies.rules.secrets_manager import SECRET_POLICY
from mlstead_toolkit.policies.rules.sns import TOPIC, TOPIC_POLICY
from mlstead_toolkit.policies.rules.sqs import QUEUE, QUEUE_POLICY

LAMBDA_PERMISSION: Final = "aws:lambda/permission:Permission"

_FOR_WHOM = ("sourceArn", "sourceAccount", "principalOrgId", "eventSourceToken")


def _for_us(resource: Resource, _stack: Stack) -> Iterator[str]:
    if resource.type != LAMBDA_PERMISSION:
        yield from open_to_services(resource)
        return
    service = resource.get("principal", "")
    if service.endswith(".amazonaws.com") and not any(resource.filled(path) for path in _FOR_WHOM):
        yield f"{service} may call it for anybody's resource"


RULES: Final = (
    Rule(
        id="services-for-own-account",
        level=Level.MANDATORY,
        controls=(ON_BEHALF, "FSBP Lambda.1"),
        title="A service is let in for resources of our own account alone.",
        fix="Add aws:SourceArn or aws:SourceAccount; in a Lambda permission, source_arn or source_account.",
        types=(BUCKET_POLICY, TOPIC, TOPIC_POLICY, QUEUE, QUEUE_POLICY, REPOSITORY_POLICY, SECRET_POLICY,
               LAMBDA_PERMISSION),
        check=_for_us,
    ),
)
