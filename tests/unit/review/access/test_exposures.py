"""What settings and security groups lay open."""

from __future__ import annotations

from typing import Any

import pytest
from access_lab import STRANGER, changes, resource, told

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.report import AccessKind

BUCKET = resource("aws:s3/bucket:Bucket", "flights-site", arn="arn:aws:s3:::site", id_="site", bucket="site")
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
NETWORK = {"vpcConfig": {"subnets": ["s"]}}


def block(**flags: bool) -> ResourceState:
    on = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)
    return resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "site", {"bucket": "site"} | on | flags)


def group(name: str = "work") -> ResourceState:
    return resource(GROUP, f"flights-{name}", {}, f"arn:aws:ec2:eu-west-1:1:security-group/sg-{name}", f"sg-{name}")


def rule(source: str, first: int = 443, last: int | None = None, **more: Any) -> ResourceState:
    return resource(INGRESS, f"from-{source}", {
        "securityGroupId": "sg-work", "ipProtocol": "tcp", "fromPort": first, "toPort": last or first,
        "cidrIpv4": source} | more)


def test_public_access_that_is_no_longer_blocked_is_an_exposure() -> None:
    (found,) = changes([BUCKET, block()], [BUCKET, block(restrictPublicBuckets=False)])
    assert (found.kind, found.widens) == (AccessKind.EXPOSURE, True)
    assert found.text == "anybody may now be let into the bucket site by its policy"
    assert found.details == ("restrictPublicBuckets: false",)
    assert len(changes([BUCKET, block()], [BUCKET])) == 4
    assert told([BUCKET, block(restrictPublicBuckets=False)], [BUCKET, block()]) == [
        "- anybody may no longer be let into the bucket site by its policy"]


def test_a_bucket_that_goes_with_its_block_opens_nothing() -> None:
    assert told([BUCKET, block()], []) == []


@pytest.mark.parametrize(("acl", "said"), [
    ("public-read", "anybody may now list what is in the bucket site"),
    ("public-read-write", "anybody may now list, add and overwrite what is in the bucket site"),
    ("authenticated-read", "anybody with an AWS account may now list what is in the bucket site"),
])
def test_a_public_acl_is_an_exposure(acl: str, said: str) -> None:
    assert told([BUCKET], [BUCKET, resource("aws:s3/bucketAcl:BucketAcl", "acl", {"bucket": "site", "acl": acl})]) == [
        said]


@pytest.mark.parametrize(("type_", "inputs", "said"), [
    ("aws:ram/principalAssociation:PrincipalAssociation", {"principal": STRANGER},
     "another account may now use what is shared by the principal association x"),
    ("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", {"accountId": STRANGER},
     "another account may now copy the disk that the snapshot create volume permission x names"),
    ("aws:iam/openIdConnectProvider:OpenIdConnectProvider", {"url": "https://elsewhere.example"},
     "whoever has a token of it may now assume the roles that trust the open id connect provider x"),
])
def test_what_lets_somebody_in_by_being_there_is_an_exposure(type_: str, inputs: dict[str, Any], said: str) -> None:
    (found,) = changes([BUCKET], [BUCKET, resource(type_, "x", inputs)])
    assert (found.kind, found.widens, found.text) == (AccessKind.EXPOSURE, True, said)


@pytest.mark.parametrize("type_", [
    "aws-native:iam:Role", "aws:cloudcontrol/resource:Resource", "aws:cloudformation/stack:Stack",
    "command:local:Command", "pulumi-python:dynamic:Resource",
])
def test_what_no_review_can_read_is_an_exposure_whenever_it_changes(type_: str) -> None:
    one, other = (resource(type_, "x", {"templateBody": body}) for body in ("{}", "{ }"))
    for before in ([BUCKET], [BUCKET, one]):
        (found,) = changes(before, [BUCKET, other])
        assert found.kind is AccessKind.EXPOSURE and found.text.endswith(" x may now do what no review reads")
    assert changes([BUCKET, one], [one]) == ()


@pytest.mark.parametrize(("type_", "shut", "opened", "said"), [
    ("aws:sagemaker/notebookInstance:NotebookInstance", {"directInternetAccess": "Disabled", "rootAccess": "Disabled"},
     {"directInternetAccess": "Enabled", "rootAccess": "Disabled"},
     "the notebook instance x may now reach the internet directly, past the VPC"),
    ("aws:sagemaker/domain:Domain", {"appNetworkAccessType": "VpcOnly"}, {},
     "the domain x may now reach the internet past the VPC"),
    ("aws:sagemaker/model:Model", NETWORK | {"enableNetworkIsolation": True}, {"enableNetworkIsolation": True},
     "the model x may now work outside the VPC, with the internet in reach"),
    ("aws:sagemaker/model:Model", NETWORK | {"enableNetworkIsolation": True}, NETWORK,
     "the model x may now open connections of its own: it is no longer isolated"),
    ("aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition", {"networkConfig": NETWORK}, {},
     "the data quality job definition x may now work outside the VPC, with the internet in reach"),
    ("aws:lambda/functionUrl:FunctionUrl", {"authorizationType": "AWS_IAM"}, {"authorizationType": "NONE"},
     "anybody may now call the function URL x without signing in"),
    ("aws:apigateway/method:Method", {"authorization": "AWS_IAM"}, {"authorization": "NONE"},
     "anybody may now call the method x without signing in"),
    ("aws:rds/instance:Instance", {}, {"publiclyAccessible": True},
     "anybody may now reach the instance x from the internet"),
    ("aws:ec2/subnet:Subnet", {}, {"mapPublicIpOnLaunch": True},
     "whatever starts may now be given a public address in the subnet x"),
])
def test_a_setting_that_opens_is_an_exposure_and_one_that_shuts_a_loss(
    type_: str, shut: dict[str, Any], opened: dict[str, Any], said: str,
) -> None:
    before, after = resource(type_, "flights-x", shut), resource(type_, "flights-x", opened)
    (found,) = changes([before], [after])
    assert (found.kind, found.text, found.widens) == (AccessKind.EXPOSURE, said, True)
    (found,) = changes([after], [before])
    assert (found.kind, found.widens) == (AccessKind.LOSES, False)


def test_a_security_group_that_lets_the_internet_in_is_an_exposure() -> None:
    (found,) = changes([group()], [group(), rule("0.0.0.0/0")])
    assert found.kind is AccessKind.EXPOSURE
    assert found.text == "anybody on the internet may now reach port 443 of the security group work"


def test_a_group_let_in_is_a_gain_of_that_group() -> None:
    inside = rule("", cidrIpv4=None, referencedSecurityGroupId="sg-other")
    assert told([group(), group("other")], [group(), group("other"), inside]) == [
        "the security group other may now reach port 443 of the security group work"]


def test_what_a_wider_rule_let_in_before_is_no_gain() -> None:
    wide = rule("10.0.0.0/8", 1, 65535)
    assert told([group(), wide], [group(), rule("10.1.0.0/16")]) == [
        "- 10.0.0.0/8 may no longer reach ports 1 to 65535 of the security group work"]


def test_inline_rules_mean_what_separate_ones_do() -> None:
    inline = resource(GROUP, "flights-work", {"ingress": [
        {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.1.0.0/16"]}]}, id_="sg-work")
    assert told([group(), rule("10.1.0.0/16")], [inline]) == []


def test_a_way_out_to_the_internet_is_an_exposure() -> None:
    out = resource("aws:ec2/securityGroupRule:SecurityGroupRule", "out", {
        "type": "egress", "securityGroupId": "sg-work", "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]})
    (found,) = changes([group()], [group(), out])
    assert found.kind is AccessKind.EXPOSURE
    assert found.text == "the security group work may now reach every port of the internet"
