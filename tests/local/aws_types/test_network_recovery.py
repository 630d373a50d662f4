"""A creation of EC2's that was cut off is found by its tags and completed, and nothing is taken for another's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.values import Properties

VPC, GROUP = "aws:ec2/vpc:Vpc", "aws:ec2/securityGroup:SecurityGroup"
TABLE, EIP = "aws:ec2/routeTable:RouteTable", "aws:ec2/eip:Eip"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
Boto = Callable[[str], Any]


def tagged(kind: str, **own: str) -> list[dict[str, Any]]:
    tags = {"env": "local", **own}
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]


def checked(aws: AwsProvider, stand: Any, token: str, inputs: Properties) -> Properties:
    result = aws.check(token, stand.urn(token), None, inputs, b"seed")
    assert result.failures == ()
    return result.inputs


def test_what_follows_a_creation_is_done_by_the_next_run(aws: AwsProvider, stand: Any, boto: Boto) -> None:
    ec2 = boto("ec2")
    network = checked(aws, stand, VPC, {"cidrBlock": "10.70.0.0/16", "enableDnsHostnames": True})
    made = ec2.create_vpc(CidrBlock="10.70.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]["VpcId"]
    group = checked(aws, stand, GROUP, {"vpcId": made})
    bare = ec2.create_security_group(GroupName=group["name"], Description=group["description"], VpcId=made,
                                     TagSpecifications=tagged("security-group"))["GroupId"]
    gateway = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway"))["InternetGateway"]

    assert aws.recover(VPC, stand.urn(VPC), network, time.time()) == made
    assert aws.recover(GROUP, stand.urn(GROUP), group, time.time()) == bare
    assert aws.recover(GATEWAY, stand.urn(GATEWAY), {"vpcId": made}, time.time()) == gateway["InternetGatewayId"]

    names = ec2.describe_vpc_attribute(VpcId=made, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"]
    rules = ec2.describe_security_groups(GroupIds=[bare])["SecurityGroups"][0]["IpPermissionsEgress"]
    attached = ec2.describe_internet_gateways(InternetGatewayIds=[gateway["InternetGatewayId"]])["InternetGateways"][0]
    assert (names, rules, attached["Attachments"][0]["VpcId"]) == (True, [], made)


@pytest.mark.parametrize(("token", "inputs"), [(EIP, {}), (TABLE, {"vpcId": "{vpc.id}"})])
def test_two_that_are_alike_are_never_taken_for_one(aws: AwsProvider, stand: Any, token: str,
                                                    inputs: Properties) -> None:
    vpc = stand.create(VPC, {"cidrBlock": "10.71.0.0/16"}, "vpc")[2]
    plain = {name: str(value).replace("{vpc.id}", vpc["id"]) for name, value in inputs.items()}
    first, second = stand.create(token, plain, "one"), stand.create(token, plain, "two")

    found = aws.recover(token, stand.urn(token), second[1], time.time(), frozenset({first[0]}))

    assert found == second[0]
    assert aws.recover(token, stand.urn(token), second[1], time.time(), frozenset({first[0], second[0]})) is None


def test_what_was_there_before_us_is_not_taken_over(aws: AwsProvider, stand: Any, boto: Boto) -> None:
    """Neither the region's own network, nor a network's own table, nor one with other tags, nor any where none has."""
    default = boto("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]
    untagged = AwsProvider(aws.target, {})
    vpc = stand.create(VPC, {"cidrBlock": "10.72.0.0/16"}, "vpc")[2]

    like_default = checked(aws, stand, VPC, {"cidrBlock": default["CidrBlock"]})
    assert untagged.recover(VPC, stand.urn(VPC), like_default, time.time()) is None
    assert untagged.recover(TABLE, stand.urn(TABLE), {"vpcId": vpc["id"]}, time.time()) is None
    assert untagged.recover(VPC, stand.urn(VPC), {"cidrBlock": "10.72.0.0/16"}, time.time()) is None

    boto("ec2").create_vpc(CidrBlock="10.73.0.0/16")
    boto("ec2").allocate_address(Domain="vpc")
    assert untagged.recover(VPC, stand.urn(VPC), {"cidrBlock": "10.73.0.0/16"}, time.time()) is None
    assert untagged.recover(EIP, stand.urn(EIP), {}, time.time()) is None


def test_an_association_follows_its_subnet_to_another_table(aws: AwsProvider, stand: Any, boto: Boto) -> None:
    token = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    made = stand.needs({"vpc": VPC, "subnet": "aws:ec2/subnet:Subnet", "one": TABLE, "two": TABLE})
    resource_id, inputs, outputs = stand.create(token, {"subnetId": made["subnet"]["id"],
                                                        "routeTableId": made["one"]["id"]})
    moved = {**inputs, "routeTableId": made["two"]["id"]}

    after = aws.update(token, stand.urn(token), resource_id, inputs, outputs, moved, preview=False, timeout=60,
                       ignore_changes=())
    read = aws.read(token, resource_id, moved, after)
    assert read is not None
    assert read.inputs == moved
    aws.delete(token, stand.urn(token), resource_id, moved, after, timeout=60)

    tables = boto("ec2").describe_route_tables(RouteTableIds=[made["one"]["id"], made["two"]["id"]])["RouteTables"]
    assert [table["Associations"] for table in tables] == [[], []]
