"""What is deployed, as boto3 reads it, and what its policies decide."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from machine import REGION, Machine

from mlstead_toolkit.access import Context, Decision, Policies, Policy, Principal, Request, evaluate

ACCOUNT = "123456789012"
ZONES = ("raw", "quarantine", "curated", "features", "artifacts")
DATA_ZONES = ZONES[:-1]
PROJECT = "flight-delays"
ADMINISTRATOR = [Policy.parse("an administrator's", json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))]
"""Identity policies that allow everything, so that what is refused is refused by the resource."""


@dataclass(frozen=True)
class Who:
    """A principal with its identity policies."""

    principal: Principal
    policies: list[Policy]


def anyone(account: str = ACCOUNT, **tags: str) -> Who:
    """Somebody whose own policies allow everything; tags with `_` for `:`."""
    named = {name.replace("_", ":"): value for name, value in tags.items()}
    return Who(Principal(f"arn:aws:iam::{account}:role/somebody", "session", named), ADMINISTRATOR)


def service(name: str) -> Who:
    return Who(Principal(service=name), [])


class Deployed:
    """A machine on which a foundation and a project are up."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def client(self, name: str) -> Any:
        return self.machine.client(name)

    def state(self, project: str) -> list[dict[str, Any]]:
        """The resources that a stack's state holds."""
        file = self.machine.home / f".pulumi/stacks/{project}/local.json"
        return json.loads(file.read_text())["checkpoint"]["latest"]["resources"]

    @cached_property
    def resources(self) -> list[dict[str, Any]]:
        return self.state("mlstead-foundation") + self.state(PROJECT)

    @cached_property
    def foundation(self) -> dict[str, Any]:
        """The foundation's outputs."""
        stack = next(each for each in self.state("mlstead-foundation") if each["type"] == "pulumi:pulumi:Stack")
        return stack["outputs"]

    def ids(self, type_: str) -> list[str]:
        return [resource["id"] for resource in self.resources if resource["type"] == type_]

    def zone(self, zone: str) -> dict[str, str]:
        return self.foundation["lake"]["zones"][zone]

    @cached_property
    def buckets(self) -> dict[str, str]:
        """Every bucket by zone, and the one for logs."""
        return {zone: self.zone(zone)["bucket"] for zone in ZONES} | {"logs": self.foundation["lake"]["log_bucket"]}

    @cached_property
    def keys(self) -> dict[str, str]:
        """The ARN of every key by its alias' last part."""
        kms, prefix = self.client("kms"), "alias/mlstead-foundation-local/"
        domains = {alias["AliasName"].removeprefix(prefix): alias["TargetKeyId"]
                   for alias in kms.list_aliases()["Aliases"] if alias["AliasName"].startswith(prefix)}
        return {domain: kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"] for domain, key in domains.items()}

    @cached_property
    def roles(self) -> dict[str, Who]:
        """Every role by the use it is tagged with, or by the component that made it."""
        iam = self.client("iam")
        found = {}
        for role in iam.list_roles()["Roles"]:
            name = role["RoleName"]
            tags = {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=name)["Tags"]}
            inline = {policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                      for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]}
            use = tags.get("mlstead:use") or tags.get("mlstead:component", name)
            found[use] = Who(Principal(role["Arn"], "SageMaker", tags),
                             [Policy.parse(policy, json.dumps(document)) for policy, document in inline.items()])
        return found

    @cached_property
    def bucket_policies(self) -> dict[str, Policy]:
        s3 = self.client("s3")
        return {name: Policy.parse(name, s3.get_bucket_policy(Bucket=bucket)["Policy"])
                for name, bucket in self.buckets.items()}

    @cached_property
    def key_policies(self) -> dict[str, Policy]:
        kms = self.client("kms")
        return {name: Policy.parse(name, kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
                for name, arn in self.keys.items()}

    def on_bucket(
        self, who: Who, action: str, bucket: str, key: str | None = None, context: Mapping[str, Any] | None = None
    ) -> Decision:
        """Decide an action on a bucket or an object in it, over TLS and from the network unless the context differs."""
        usual = {"aws:SecureTransport": True, "aws:SourceVpc": self.foundation["network"]["vpc_id"],
                 "aws:ViaAWSService": False}
        circumstances = {name: value for name, value in {**usual, **(context or {})}.items() if value is not None}
        resource = f"arn:aws:s3:::{self.buckets[bucket]}" + (f"/{key}" if key else "")
        return evaluate(Request(who.principal, action, resource, Context(circumstances)),
                        Policies(who.policies, self.bucket_policies[bucket], resource_account=ACCOUNT))

    def on_key(self, who: Who, action: str, key: str, context: Mapping[str, Any] | None = None) -> Decision:
        """Decide an action on a key, by a caller of his own account unless the context differs."""
        circumstances = {"kms:CallerAccount": who.principal.account, **(context or {})}
        return evaluate(Request(who.principal, action, self.keys[key], Context(circumstances)), Policies(
            who.policies, self.key_policies[key], resource_account=ACCOUNT, resource_must_allow=True))

    def session(self, role_arn: str, service_name: str) -> Any:
        """A client with the credentials of a role."""
        import boto3
        from botocore.config import Config

        found = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="promise")["Credentials"]
        return boto3.client(
            service_name, endpoint_url=f"http://127.0.0.1:{self.machine.port}", region_name=REGION,
            aws_access_key_id=found["AccessKeyId"], aws_secret_access_key=found["SecretAccessKey"],
            aws_session_token=found["SessionToken"], config=Config(retries={"total_max_attempts": 1}),
        )
