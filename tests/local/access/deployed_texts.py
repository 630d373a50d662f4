"""Every policy that is deployed, as text: of identities, who may assume them, what bounds them, of resources."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from mlstead_toolkit.access.deployed import DeployedRole, read_role

Clients = Callable[[str], Any]
_RANDOM = re.compile(r"-[0-9a-f]{7}$")
"""What Pulumi makes names unique with."""


@dataclass(frozen=True)
class PolicyText:
    """One policy: identity, boundary, trust, or the kind of resource that it stands on; and what to call it."""

    kind: str
    name: str
    resource: str
    document: dict[str, Any]

    @property
    def statements(self) -> list[dict[str, Any]]:
        listed = self.document["Statement"]
        return listed if isinstance(listed, list) else [listed]


def every_policy(client: Clients) -> list[PolicyText]:
    """Read all of them; names hold no random part, so that a reviewed file can name them."""
    return [*_of_roles(client), *_managed(client), *_of_resources(client)]


def _of_roles(client: Clients) -> Iterator[PolicyText]:
    for listed in client("iam").get_paginator("list_roles").paginate():
        for each in listed["Roles"]:
            role = read_role(client, each["Arn"])
            owner = _owner(role)
            yield PolicyText("trust", owner, role.arn, json.loads(role.trust))
            for name, text in role.grants.items():
                if not name.startswith("arn:"):
                    yield PolicyText("identity", f"{owner}/{name}", role.arn, json.loads(text))


def _owner(role: DeployedRole) -> str:
    if project := role.tags.get("mlstead:project"):
        return f"{project}/{role.tags.get('mlstead:use') or role.tags['mlstead:component']}"
    return role.name


def _managed(client: Clients) -> Iterator[PolicyText]:
    iam = client("iam")
    for listed in iam.get_paginator("list_policies").paginate(Scope="Local"):
        for each in listed["Policies"]:
            version = iam.get_policy_version(PolicyArn=each["Arn"], VersionId=each["DefaultVersionId"])["PolicyVersion"]
            kind = "boundary" if each["PolicyName"].endswith("-boundary") else "identity"
            yield PolicyText(kind, each["PolicyName"], each["Arn"], version["Document"])


def _of_resources(client: Clients) -> Iterator[PolicyText]:
    for kind, name, arn, read in _resources(client):
        with suppress(ClientError):  # it has none
            if text := read():
                yield PolicyText(kind, _RANDOM.sub("", name), arn, json.loads(text))


def _resources(client: Clients) -> Iterator[tuple[str, str, str, Callable[[], str | None]]]:
    """Give everything that can have a policy: its kind, a name of it, its ARN, and how the policy is read."""
    s3, kms, sqs, sns, ecr, ec2 = map(client, ("s3", "kms", "sqs", "sns", "ecr", "ec2"))
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        yield "bucket", name, f"arn:aws:s3:::{name}", lambda name=name: s3.get_bucket_policy(Bucket=name)["Policy"]
    for alias in kms.list_aliases()["Aliases"]:
        if alias["AliasName"].startswith("alias/mlstead-"):
            key = kms.describe_key(KeyId=alias["AliasName"])["KeyMetadata"]["Arn"]
            yield "key", alias["AliasName"], key, lambda key=key: kms.get_key_policy(
                KeyId=key, PolicyName="default")["Policy"]
    for url in sqs.list_queues().get("QueueUrls", []):
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        yield "queue", url.rpartition("/")[2], found["QueueArn"], lambda found=found: found.get("Policy")
    for topic in sns.list_topics()["Topics"]:
        arn = topic["TopicArn"]
        yield "topic", arn.rpartition(":")[2], arn, lambda arn=arn: sns.get_topic_attributes(
            TopicArn=arn)["Attributes"].get("Policy")
    for one in ecr.describe_repositories()["repositories"]:
        yield "repository", one["repositoryName"], one["repositoryArn"], lambda one=one: ecr.get_repository_policy(
            repositoryName=one["repositoryName"])["policyText"]
    for one in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
        service = one["ServiceName"].split(".", 3)[-1]
        yield "endpoint", service, "*", lambda one=one: one.get("PolicyDocument")
