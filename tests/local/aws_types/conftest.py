"""The life of a type on the local cloud: created, seen by plain boto3, read, changed, imported, deleted, gone."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider, Target
from mlstead_toolkit.aws.registry import resource_types
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine.values import Properties

KEY, VPC = "aws:kms/key:Key", "aws:ec2/vpc:Vpc"
_DELIVERY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
     "Resource": "arn:aws:s3:::{logs.bucket}/*"}]}
_TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
_PULL = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
                                   "ecr:GetDownloadUrlForLayer"], "Resource": "*"}]}
# What other types need to stand before them, in its plainest form: inputs, and what it needs itself.
PLAIN: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    KEY: ({}, {}),
    "aws:s3/bucket:Bucket": ({}, {}),
    "aws:s3/bucket:Bucket with a lock": ({"objectLockEnabled": True}, {}),
    "aws:s3/bucketPolicy:BucketPolicy": ({"bucket": "{logs.bucket}", "policy": json.dumps(_DELIVERY)},
                                         {"logs": "aws:s3/bucket:Bucket"}),
    "aws:sns/topic:Topic": ({}, {}),
    "aws:iam/role:Role": ({"assumeRolePolicy": json.dumps(_TRUST)}, {}),
    "aws:iam/rolePolicy:RolePolicy": ({"role": "{role.name}", "name": "pull", "policy": json.dumps(_PULL)},
                                      {"role": "aws:iam/role:Role"}),
    "aws:iam/policy:Policy": ({"policy": json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/*"}]})}, {}),
    "aws:ecr/repository:Repository": ({}, {}),
    VPC: ({"cidrBlock": "10.64.0.0/16", "enableDnsHostnames": True}, {}),
    "aws:ec2/subnet:Subnet": ({"vpcId": "{vpc.id}", "cidrBlock": "10.64.0.0/20", "availabilityZone": "eu-west-1a"},
                              {"vpc": VPC}),
    "aws:ec2/routeTable:RouteTable": ({"vpcId": "{vpc.id}"}, {"vpc": VPC}),
    "aws:ec2/securityGroup:SecurityGroup": ({"vpcId": "{vpc.id}", "description": "jobs"}, {"vpc": VPC}),
    "aws:ec2/internetGateway:InternetGateway": ({"vpcId": "{vpc.id}"}, {"vpc": VPC}),
    "aws:ec2/eip:Eip": ({}, {}),
    "aws:cloudwatch/logGroup:LogGroup": ({}, {}),
    "aws:sagemaker/model:Model": ({"executionRoleArn": "{role.arn}", "primaryContainer": {
        "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/none:1"}}, {"role": "aws:iam/role:Role"}),
    "aws:sagemaker/domain:Domain": ({
        "domainName": "explored", "authMode": "IAM", "vpcId": "{vpc.id}", "subnetIds": ["{subnet.id}"],
        "defaultUserSettings": {"executionRole": "{role.arn}"}},
        {"vpc": VPC, "subnet": "aws:ec2/subnet:Subnet", "role": "aws:iam/role:Role"}),
    "aws:sagemaker/image:Image": ({"imageName": "pictured", "roleArn": "{role.arn}"},
                                  {"role": "aws:iam/role:Role", "pull": "aws:iam/rolePolicy:RolePolicy"}),
    "aws:sqs/queue:Queue": ({}, {}),
    "aws:cloudwatch/eventRule:EventRule": ({"eventPattern": '{"source": ["mine"]}'}, {}),
    "aws:glue/catalogDatabase:CatalogDatabase": ({}, {}),
    "aws:glue/catalogTable:CatalogTable": ({"databaseName": "{database.name}", "storageDescriptor": {"columns": [
        {"name": "carrier", "type": "string"}, {"name": "tailnum", "type": "string"}]}},
        {"database": "aws:glue/catalogDatabase:CatalogDatabase"}),
    "aws:lakeformation/lfTag:LfTag": ({"key": "sensitivity", "values": ["public", "internal", "pii"]}, {}),
    "aws:lakeformation/resource:Resource": ({"arn": "{bucket.arn}"}, {"bucket": "aws:s3/bucket:Bucket"}),
}


class Stand:
    """Creates examples with what they need, and takes everything down in the end."""

    def __init__(self, provider: AwsProvider) -> None:
        self.provider = provider
        self.standing: list[tuple[str, str, str, Properties, Properties]] = []
        self.count = 0

    def create(self, token: str, inputs: dict[str, Any], name: str = "thing") -> tuple[str, Properties, Properties]:
        urn = self.urn(token, name)
        checked = self.provider.check(token, urn, None, inputs, f"{id(self)}{self.count}".encode())
        self.count += 1
        assert checked.failures == ()
        resource_id, outputs = self.provider.create(token, urn, checked.inputs, preview=False, timeout=60)
        self.standing.append((token, urn, resource_id, checked.inputs, outputs))
        return resource_id, checked.inputs, outputs

    def needs(self, needs: dict[str, str], made: dict[str, Properties] | None = None) -> dict[str, Properties]:
        """Create what is needed, and what that needs; one name is one thing."""
        made = {} if made is None else made
        for name, token in needs.items():
            if name not in made:
                plain, inner = PLAIN[token]
                made[name] = self.create(token.partition(" ")[0], fill(plain, self.needs(inner, made)), name)[2]
        return made

    def urn(self, token: str, name: str = "thing") -> str:
        return f"urn:pulumi:local::p::{token}::{name}"

    def clear(self) -> None:
        for token, urn, resource_id, inputs, outputs in reversed(self.standing):
            self.provider.delete(token, urn, resource_id, inputs, outputs, timeout=60)


def fill(inputs: Any, made: dict[str, Properties]) -> Any:
    if isinstance(inputs, dict):
        return {key: fill(value, made) for key, value in inputs.items()}
    if isinstance(inputs, list):
        return [fill(value, made) for value in inputs]
    if isinstance(inputs, str):
        return re.sub(r"\{(\w+)\.(\w+)\}", lambda match: made[match[1]][match[2]], inputs)
    return inputs


@pytest.fixture(scope="module")
def aws(cloud: CloudStatus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsProvider]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLSTEAD_HOME", str(tmp_path_factory.mktemp("aws-home")))
        yield AwsProvider(Target.local(cloud.endpoint, "eu-west-1"),
                          {"purge": True, "defaultTags": {"tags": {"env": "local"}}})


@pytest.fixture
def stand(aws: AwsProvider) -> Iterator[Stand]:
    stand = Stand(aws)
    yield stand
    stand.clear()


@pytest.fixture
def lives(aws: AwsProvider, stand: Stand, boto: Callable[[str], Any]) -> Callable[..., None]:
    """Take a type through its life.

    `inputs` create it, `change` changes it in place, `replace` (name, value) replaces it; `needs` names what stands
    before, whose outputs fill "{bucket.arn}" and the like; `seen` reads with boto3 a value that must be `before`, then
    `after`; `stays` says that a deletion leaves something that still reads as there.
    """

    def live(token: str, inputs: dict[str, Any], change: dict[str, Any], seen: Callable[..., Any], before: object,
             after: object, replace: tuple[str, Any] | None = None, needs: dict[str, str] | None = None,
             stays: bool = False) -> None:
        _live(aws, stand, boto, token, inputs, change, seen, before, after, replace, needs or {}, stays)

    return live


def _live(aws: AwsProvider, stand: Stand, boto: Callable[[str], Any], token: str, plain: dict[str, Any],
          change: dict[str, Any], seen: Callable[..., Any], before: object, expected: object,
          replace: tuple[str, Any] | None, needs: dict[str, str], stays: bool) -> None:
    urn, started = stand.urn(token), time.time()
    made = stand.needs(needs)
    other = {"_other": made["other"]["keyId"]} if "other" in made else {}
    resource_id, inputs, outputs = stand.create(token, fill(plain, made))

    assert seen(boto, {**outputs, **other}) == before
    unsure = resource_types()[token].singleton and any(
        inputs.get(name) for name in aws.target.unread.get(token, ()))
    assert aws.recover(token, urn, inputs, started) == (None if unsure else resource_id)
    read = aws.read(token, resource_id, inputs, outputs)
    assert read is not None
    assert read.inputs == inputs
    assert read.outputs == outputs
    assert aws.diff(token, resource_id, read.inputs, read.outputs, inputs, ()).changes == {}

    changed_inputs = {**fill(plain, made), **fill(change, made)}
    changed = aws.check(token, urn, inputs, changed_inputs, b"")
    assert changed.failures == ()
    difference = aws.diff(token, resource_id, inputs, outputs, changed.inputs, ())
    assert (difference.changed, difference.replaces) == (bool(change), ())
    after = aws.update(token, urn, resource_id, inputs, outputs, changed.inputs, preview=False, timeout=60,
                       ignore_changes=())
    assert seen(boto, {**after, **other}) == expected
    read = aws.read(token, resource_id, changed.inputs, after)
    assert read is not None
    assert aws.diff(token, resource_id, read.inputs, read.outputs, changed.inputs, ()).changes == {}

    if resource_types()[token].importable:
        _import(aws, token, resource_id, changed.inputs)

    if replace is not None:
        name, value = replace
        replacing = aws.diff(token, resource_id, changed.inputs, after, {**changed.inputs, name: value}, ())
        assert name in replacing.replaces

    note = aws.delete(token, urn, resource_id, changed.inputs, after, timeout=60)
    assert (note is not None) == (token == KEY)
    assert stays or aws.read(token, resource_id, changed.inputs, after) is None
    assert aws.delete(token, urn, resource_id, changed.inputs, after, timeout=60) is None or token == KEY


def _import(aws: AwsProvider, token: str, resource_id: str, inputs: Properties) -> None:
    imported = aws.read(token, resource_id, {}, {})
    assert imported is not None
    silent = {name for name, line in resource_types()[token].by_name.items() if line.local or line.api == ""}
    silent.update(aws.target.unread.get(token, ()))
    again = aws.diff(token, resource_id, imported.inputs, imported.outputs, inputs, (
        *silent, "deletionWindowInDays", "retentionPolicy"))
    assert again.changes == {}
