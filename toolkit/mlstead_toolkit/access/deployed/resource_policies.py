"""The policies of what something is done to: buckets, keys, queues, topics, repositories, roles, VPC endpoints."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mlstead.own_names import FOUNDATION
from mlstead_toolkit.access.deployed.roles import Clients

Answer = TypeVar("Answer")
_ABSENT = ("NoSuch", "NotFound", "NonExistent", "DoesNotExist")
_ENDPOINTS = {
    "s3": ("s3",), "kms": ("kms",), "logs": ("logs",), "cloudwatch": ("monitoring",), "ecr": ("ecr.api", "ecr.dkr"),
    "sagemaker": ("sagemaker.api", "sagemaker.runtime"), "sts": ("sts",), "secretsmanager": ("secretsmanager",),
    "events": ("events",), "states": ("states",), "glue": ("glue",), "athena": ("athena",),
}
"""By the prefix of an action, how the names of the endpoints end that its calls go through."""


def resource_policy(clients: Clients, action: str, resource: str) -> str | None:
    """Give the policy of a resource, as text; None where it has none, or where its service knows none.

    Args:
        clients: gives boto3 clients.
        action: what is done to it; only to be assumed has a role a policy, its trust.
        resource: its ARN.
    """
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return None
    kind = "sts" if parts[2] == "iam" and action.lower().startswith("sts:") else parts[2]
    reader = _READERS.get(kind)
    if reader is None:
        return None
    return absent_as_none(lambda: reader(clients, parts[5], resource))


def absent_as_none(read: Callable[[], Answer | None]) -> Answer | None:
    """Read something, and give None where AWS says that there is none, for which each service has a code of its own."""
    from botocore.exceptions import ClientError

    try:
        return read()
    except ClientError as error:
        code = str(error.response["Error"]["Code"])
        if not any(words in code for words in _ABSENT):
            raise  # what may not be read decides all the same
        return None


def endpoint_policy(clients: Clients, endpoint: str) -> tuple[str, str] | None:
    """Give the VPC of a VPC endpoint, and its policy; None where there is no such endpoint."""
    found = absent_as_none(lambda: clients("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"])
    for one in found or ():
        return one["VpcId"], one["PolicyDocument"]
    return None


def endpoint_for(clients: Clients, environment: str, action: str) -> str | None:
    """Give the id of the foundation's endpoint that an action goes through from its network; None: there is none."""
    ends = _ENDPOINTS.get(action.partition(":")[0].lower(), ())
    for page in clients("ec2").get_paginator("describe_vpc_endpoints").paginate():
        for one in page["VpcEndpoints"]:
            tags = {tag["Key"]: tag["Value"] for tag in one.get("Tags", [])}
            ours = tags.get("mlstead:project") == FOUNDATION and tags.get("mlstead:environment") == environment
            if ours and one["ServiceName"].split(".", 3)[-1] in ends:
                return str(one["VpcEndpointId"])
    return None


def _bucket(clients: Clients, name: str, _: str) -> str | None:
    return str(clients("s3").get_bucket_policy(Bucket=name.partition("/")[0])["Policy"])


def _key(clients: Clients, _: str, arn: str) -> str | None:
    return str(clients("kms").get_key_policy(KeyId=arn, PolicyName="default")["Policy"])


def _queue(clients: Clients, name: str, _: str) -> str | None:
    sqs = clients("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    return _text(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes", {}))


def _topic(clients: Clients, _: str, arn: str) -> str | None:
    return _text(clients("sns").get_topic_attributes(TopicArn=arn)["Attributes"])


def _repository(clients: Clients, name: str, _: str) -> str | None:
    repository = name.removeprefix("repository/")
    return str(clients("ecr").get_repository_policy(repositoryName=repository)["policyText"])


def _trust(clients: Clients, name: str, _: str) -> str | None:
    role = clients("iam").get_role(RoleName=name.rpartition("/")[2])["Role"]
    return json.dumps(role["AssumeRolePolicyDocument"])


def _text(attributes: Mapping[str, Any]) -> str | None:
    found = attributes.get("Policy")
    return str(found) if found else None


_READERS: dict[str, Callable[[Clients, str, str], str | None]] = {
    "s3": _bucket, "kms": _key, "sqs": _queue, "sns": _topic, "ecr": _repository, "sts": _trust,
}
