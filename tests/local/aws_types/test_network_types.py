"""Networks and what stands in them, each through its whole life (see conftest.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

VPC = {"vpc": "aws:ec2/vpc:Vpc"}
SUBNET = {**VPC, "subnet": "aws:ec2/subnet:Subnet"}
TABLE = {**VPC, "table": "aws:ec2/routeTable:RouteTable"}
GROUP = {**VPC, "group": "aws:ec2/securityGroup:SecurityGroup"}
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def first(boto: Callable[[str], Any], operation: str, listed: str, **asked: Any) -> dict[str, Any]:
    entry: dict[str, Any] = getattr(boto("ec2"), operation)(**asked)[listed][0]
    return entry


def tags(entry: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in entry["Tags"]}


def policy(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}]})


def vpc(boto: Callable[[str], Any], out: Any) -> tuple[Any, ...]:
    names = boto("ec2").describe_vpc_attribute(VpcId=out["id"], Attribute="enableDnsHostnames")
    owner = tags(first(boto, "describe_vpcs", "Vpcs", VpcIds=[out["id"]]))["owner"]
    return owner, names["EnableDnsHostnames"]["Value"], out["defaultSecurityGroupId"][:3]


def subnet(boto: Callable[[str], Any], out: Any) -> tuple[Any, ...]:
    entry = first(boto, "describe_subnets", "Subnets", SubnetIds=[out["id"]])
    return entry["CidrBlock"], entry["AvailabilityZone"], entry["MapPublicIpOnLaunch"], tags(entry)


def rule(boto: Callable[[str], Any], out: Any) -> tuple[Any, ...]:
    entry = first(boto, "describe_security_group_rules", "SecurityGroupRules",
                  SecurityGroupRuleIds=[out["securityGroupRuleId"]])
    source = entry.get("CidrIpv4") or entry["ReferencedGroupInfo"]["GroupId"][:3]
    return entry["FromPort"], entry["ToPort"], source, entry.get("Description")


def route(boto: Callable[[str], Any], out: Any) -> str:
    table = first(boto, "describe_route_tables", "RouteTables", RouteTableIds=[out["routeTableId"]])
    return next(str(one["GatewayId"][:4]) for one in table["Routes"] if one["DestinationCidrBlock"] == "0.0.0.0/0")


def associated(boto: Callable[[str], Any], out: Any) -> bool:
    table = first(boto, "describe_route_tables", "RouteTables", RouteTableIds=[out["routeTableId"]])
    return out["subnetId"] in [one.get("SubnetId") for one in table["Associations"]]


def endpoint(boto: Callable[[str], Any], out: Any) -> tuple[Any, ...]:
    entry = first(boto, "describe_vpc_endpoints", "VpcEndpoints", VpcEndpointIds=[out["id"]])
    action = json.loads(entry["PolicyDocument"])["Statement"][0]["Action"]
    return action, len(entry["SubnetIds"]), len(entry["RouteTableIds"]), len(entry.get("Groups", []))


EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.65.0.0/16", "tags": {"owner": "a", "old": "x"}},
     {"enableDnsHostnames": True, "tags": {"owner": "b"}}, vpc, ("a", False, "sg-"), ("b", True, "sg-"),
     ("cidrBlock", "10.66.0.0/16")),
    ("aws:ec2/subnet:Subnet",
     {"vpcId": "{vpc.id}", "cidrBlock": "10.64.16.0/20", "availabilityZone": "eu-west-1b"},
     {"mapPublicIpOnLaunch": True, "tags": {"zone": "b"}}, subnet,
     ("10.64.16.0/20", "eu-west-1b", False, {"env": "local"}),
     ("10.64.16.0/20", "eu-west-1b", True, {"env": "local", "zone": "b"}), ("availabilityZone", "eu-west-1c"), VPC),
    ("aws:ec2/routeTable:RouteTable", {"vpcId": "{vpc.id}", "tags": {"tier": "a"}}, {"tags": {"tier": "b"}},
     lambda boto, out: tags(first(boto, "describe_route_tables", "RouteTables", RouteTableIds=[out["id"]])),
     {"tier": "a", "env": "local"}, {"tier": "b", "env": "local"}, ("vpcId", "vpc-2"), VPC),
    ("aws:ec2/route:Route",
     {"routeTableId": "{table.id}", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "{gateway.id}"}, {},
     route, "igw-", "igw-", ("destinationCidrBlock", "1.0.0.0/8"),
     {**TABLE, "gateway": "aws:ec2/internetGateway:InternetGateway"}),
    ("aws:ec2/routeTableAssociation:RouteTableAssociation",
     {"routeTableId": "{table.id}", "subnetId": "{subnet.id}"}, {}, associated,
     True, True, ("subnetId", "subnet-2"), {**SUBNET, **TABLE}),
    ("aws:ec2/vpcEndpoint:VpcEndpoint",
     {"vpcId": "{vpc.id}", "serviceName": "com.amazonaws.eu-west-1.s3", "routeTableIds": ["{table.id}"],
      "policy": policy("s3:GetObject"), "tags": {"Name": "s3"}},
     {"routeTableIds": ["{table.id}", "{other_table.id}"], "policy": policy("s3:*")}, endpoint,
     ("s3:GetObject", 0, 1, 0), ("s3:*", 0, 2, 0), ("serviceName", "com.amazonaws.eu-west-1.dynamodb"),
     {**TABLE, "other_table": "aws:ec2/routeTable:RouteTable"}),
    ("aws:ec2/vpcEndpoint:VpcEndpoint",
     {"vpcId": "{vpc.id}", "serviceName": "com.amazonaws.eu-west-1.sagemaker.api", "vpcEndpointType": "Interface",
      "subnetIds": ["{subnet.id}"], "securityGroupIds": ["{group.id}"], "privateDnsEnabled": True,
      "policy": policy("sagemaker:*")},
     {"securityGroupIds": ["{other_group.id}"], "policy": policy("sagemaker:Describe*"), "tags": {"Name": "api"}},
     endpoint, ("sagemaker:*", 1, 0, 1), ("sagemaker:Describe*", 1, 0, 1), ("vpcId", "vpc-2"),
     {**SUBNET, **GROUP, "other_group": "aws:ec2/securityGroup:SecurityGroup"}),
    ("aws:ec2/securityGroup:SecurityGroup", {"vpcId": "{vpc.id}", "description": "jobs"}, {"tags": {"owner": "b"}},
     lambda boto, out: (lambda entry: (entry["Description"], entry["IpPermissionsEgress"], tags(entry).get("owner")))
     (first(boto, "describe_security_groups", "SecurityGroups", GroupIds=[out["id"]])),
     ("jobs", [], None), ("jobs", [], "b"), ("description", "other"), VPC),
    ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {"vpcId": "{vpc.id}"}, {"tags": {"owner": "b"}},
     lambda boto, out: (lambda entry: (entry["GroupName"], entry["IpPermissionsEgress"], tags(entry).get("owner")))
     (first(boto, "describe_security_groups", "SecurityGroups", GroupIds=[out["id"]])),
     ("default", [], None), ("default", [], "b"), ("vpcId", "vpc-2"), VPC, True),
    (INGRESS, {"securityGroupId": "{group.id}", "referencedSecurityGroupId": "{group.id}", "ipProtocol": "tcp",
               "fromPort": 443, "toPort": 443, "description": "among themselves"},
     {"toPort": 444, "description": "more", "tags": {"owner": "b"}}, rule,
     (443, 443, "sg-", "among themselves"), (443, 444, "sg-", "more"), ("cidrIpv4", "10.0.0.0/8"), GROUP),
    (EGRESS, {"securityGroupId": "{group.id}", "cidrIpv4": "10.64.0.0/16", "ipProtocol": "-1"},
     {"cidrIpv4": "10.64.0.0/20"}, rule, (-1, -1, "10.64.0.0/16", None), (-1, -1, "10.64.0.0/20", None),
     ("securityGroupId", "sg-2"), GROUP),
    ("aws:ec2/internetGateway:InternetGateway", {"vpcId": "{vpc.id}"}, {"vpcId": "{other_vpc.id}"},
     lambda boto, out: first(boto, "describe_internet_gateways", "InternetGateways", InternetGatewayIds=[out["id"]])
     ["Attachments"][0]["VpcId"] == out["vpcId"], True, True, None, {**VPC, "other_vpc": "aws:ec2/vpc:Vpc"}),
    ("aws:ec2/eip:Eip", {"domain": "vpc", "tags": {"owner": "a"}}, {"tags": {"owner": "b"}},
     lambda boto, out: tags(first(boto, "describe_addresses", "Addresses", AllocationIds=[out["id"]]))["owner"],
     "a", "b"),
    ("aws:ec2/natGateway:NatGateway", {"subnetId": "{subnet.id}", "allocationId": "{eip.id}"},
     {"tags": {"owner": "b"}},
     lambda boto, out: tags(first(boto, "describe_nat_gateways", "NatGateways", NatGatewayIds=[out["id"]])),
     {"env": "local"}, {"env": "local", "owner": "b"}, ("subnetId", "subnet-2"),
     {**SUBNET, "eip": "aws:ec2/eip:Eip"}),
    ("aws:ec2/flowLog:FlowLog",
     {"vpcId": "{vpc.id}", "trafficType": "ALL", "logDestination": "{group.arn}", "iamRoleArn": "{role.arn}",
      "maxAggregationInterval": 60}, {"tags": {"owner": "b"}},
     lambda boto, out: (lambda entry: (entry["MaxAggregationInterval"], entry["DeliverLogsStatus"], len(entry["Tags"])))
     (first(boto, "describe_flow_logs", "FlowLogs", FlowLogIds=[out["id"]])),
     (60, "SUCCESS", 1), (60, "SUCCESS", 2), ("trafficType", "REJECT"),
     {**VPC, "group": "aws:cloudwatch/logGroup:LogGroup", "role": "aws:iam/role:Role"}),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)
