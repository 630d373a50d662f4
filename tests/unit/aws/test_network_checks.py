"""What EC2 would refuse of a network is refused at preview, and what it would take is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.provider import CheckResult
from mlstead_toolkit.engine.values import UNKNOWN

Check = Callable[..., CheckResult]

VPC, SUBNET, ROUTE = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/route:Route"
TABLE, ENDPOINT = "aws:ec2/routeTable:RouteTable", "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP, DEFAULT = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
RULE, LOG = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:ec2/flowLog:FlowLog"
NAT, EIP = "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip"
S3, API = "com.amazonaws.eu-west-1.s3", "com.amazonaws.eu-west-1.sagemaker.api"
ROLE = "arn:aws:iam::123456789012:role/logs"
LOGS = "arn:aws:logs:eu-west-1:123456789012:log-group:flow"
HTTPS = {"securityGroupId": "sg-1", "cidrIpv4": "10.0.0.0/8", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
FLOW = {"vpcId": "vpc-1", "trafficType": "ALL", "logDestination": LOGS, "iamRoleArn": ROLE}

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    (VPC, {}, "cidrBlock", "is missing"),
    (VPC, {"cidrBlock": "10.64.0.0"}, "cidrBlock", "is no IPv4 network"),
    (VPC, {"cidrBlock": "10.64.0.1/16"}, "cidrBlock", "write 10.64.0.0/16"),
    (VPC, {"cidrBlock": "10.0.0.0/8"}, "cidrBlock", "must be from /16 to /28"),
    (VPC, {"cidrBlock": "fd00::/16"}, "cidrBlock", "is no IPv4 network"),
    (VPC, {"cidrBlock": "ten"}, "cidrBlock", "is no network"),
    (VPC, {"cidrBlock": "10.0.0.0/16", "instanceTenancy": "shared"}, "instanceTenancy", "is not one of"),
    (VPC, {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "enableDnsSupport": False}, "enableDnsHostnames",
     "needs enableDnsSupport"),
    (VPC, {"cidrBlock": "10.0.0.0/16", "region": "eu-west-9"}, "region", "near it are eu-west-"),
    (SUBNET, {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/29"}, "cidrBlock", "must be from /16 to /28"),
    (SUBNET, {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/20", "availabilityZone": "a"}, "availabilityZone",
     "does not match"),
    (TABLE, {"vpcId": "vpc-1", "routes": [{"cidrBlock": "0.0.0.0/0"}]}, "routes", "use aws.ec2.Route"),
    (ROUTE, {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}, "gatewayId",
     "give gatewayId or natGatewayId or networkInterfaceId"),
    (ROUTE, {"routeTableId": "rtb-1", "gatewayId": "igw-1"}, "destinationCidrBlock", "is missing"),
    (ROUTE, {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1",
             "natGatewayId": "nat-1"}, "natGatewayId", "conflicts with gatewayId"),
    (ENDPOINT, {"vpcId": "vpc-1", "serviceName": "s3"}, "serviceName", "names no service"),
    (ENDPOINT, {"vpcId": "vpc-1", "serviceName": API}, "vpcEndpointType", "is Gateway, which only s3"),
    (ENDPOINT, {"vpcId": "vpc-1", "serviceName": S3, "subnetIds": ["subnet-1"]}, "subnetIds", "of type Gateway"),
    (ENDPOINT, {"vpcId": "vpc-1", "serviceName": S3, "privateDnsEnabled": True}, "privateDnsEnabled",
     "of type Gateway"),
    (ENDPOINT, {"vpcId": "vpc-1", "serviceName": API, "vpcEndpointType": "Interface", "routeTableIds": ["rtb-1"]},
     "routeTableIds", "of type Interface"),
    (ENDPOINT, {"vpcId": "vpc-1", "serviceName": API, "vpcEndpointType": "interface"}, "vpcEndpointType",
     "did you mean 'Interface'?"),
    (ENDPOINT, {"vpcId": "vpc-1", "serviceName": S3, "policy": json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"}]})}, "policy", "lacks Principal"),
    (GROUP, {"name": "sg-mine"}, "name", "which AWS keeps for itself"),
    (GROUP, {"description": "Jobs' own"}, "description", "does not match"),
    (GROUP, {"ingress": []}, "ingress", "use aws.vpc.SecurityGroupIngressRule"),
    (DEFAULT, {}, "vpcId", "is missing"),
    (RULE, {**HTTPS, "cidrIpv4": None}, "cidrIpv4", "is missing: give cidrIpv4 or"),
    (RULE, {**HTTPS, "prefixListId": "pl-1"}, "prefixListId", "conflicts with cidrIpv4"),
    (RULE, {**HTTPS, "cidrIpv4": "10.0.0.1/8"}, "cidrIpv4", "write 10.0.0.0/8"),
    (RULE, {**HTTPS, "ipProtocol": "https"}, "ipProtocol", "is none of tcp, udp"),
    (RULE, {**HTTPS, "ipProtocol": "6"}, "ipProtocol", "write tcp"),
    (RULE, {**HTTPS, "ipProtocol": "-1"}, "fromPort", "does not go with protocol -1"),
    (RULE, {**HTTPS, "toPort": None}, "toPort", "is missing: tcp needs it"),
    (RULE, {**HTTPS, "toPort": 80}, "toPort", "is below fromPort"),
    (RULE, {**HTTPS, "toPort": 70000}, "toPort", "must be from 0 to 65535"),
    (LOG, {**FLOW, "subnetId": "subnet-1"}, "subnetId", "conflicts with vpcId"),
    (LOG, {**FLOW, "iamRoleArn": None}, "iamRoleArn", "needs a role"),
    (LOG, {**FLOW, "maxAggregationInterval": 61}, "maxAggregationInterval", "is not one of 60, 600"),
    (LOG, {**FLOW, "trafficType": "all"}, "trafficType", "did you mean 'ALL'?"),
    (LOG, {**FLOW, "destinationOptions": {}}, "destinationOptions", "are for logDestinationType s3"),
    (NAT, {"subnetId": "subnet-1"}, "allocationId", "needs the address of an aws.ec2.Eip"),
    (NAT, {"subnetId": "subnet-1", "allocationId": "eipalloc-1", "connectivityType": "private"}, "allocationId",
     "does not go with a private gateway"),
    (EIP, {"domain": "standard"}, "domain", "is not one of vpc"),
]


@pytest.mark.parametrize(("token", "inputs", "path", "reason"), REFUSED,
                         ids=[f"{token.rsplit(':', 1)[-1]}-{path}-{index}"
                              for index, (token, _, path, _) in enumerate(REFUSED)])
def test_a_wrong_input_is_refused_by_path_and_reason(check: Check, token: str, inputs: dict[str, Any], path: str,
                                                     reason: str) -> None:
    failures = check(token, inputs).failures

    assert [failure for failure in failures if failure.property == path and reason in failure.reason], failures


@pytest.mark.parametrize(("token", "inputs"), [
    (VPC, {"cidrBlock": UNKNOWN}),
    (SUBNET, {"vpcId": UNKNOWN, "cidrBlock": UNKNOWN, "availabilityZone": UNKNOWN}),
    (ROUTE, {"routeTableId": UNKNOWN, "destinationPrefixListId": UNKNOWN, "natGatewayId": UNKNOWN}),
    (ENDPOINT, {"vpcId": UNKNOWN, "serviceName": UNKNOWN, "vpcEndpointType": UNKNOWN, "subnetIds": UNKNOWN}),
    (ENDPOINT, {"vpcId": "vpc-1", "serviceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0e123abc123198abc",
                "vpcEndpointType": "Interface"}),
    (RULE, {"securityGroupId": UNKNOWN, "referencedSecurityGroupId": UNKNOWN, "ipProtocol": UNKNOWN,
            "fromPort": UNKNOWN, "toPort": UNKNOWN}),
    (RULE, {"securityGroupId": "sg-1", "cidrIpv6": "::/0", "ipProtocol": "icmpv6", "fromPort": -1, "toPort": -1}),
    (RULE, {"securityGroupId": "sg-1", "cidrIpv4": "0.0.0.0/0", "ipProtocol": "50"}),
    (LOG, {**FLOW, "vpcId": UNKNOWN, "logDestination": UNKNOWN, "iamRoleArn": UNKNOWN}),
    (LOG, {"vpcId": "vpc-1", "trafficType": "REJECT", "logDestination": "arn:aws:s3:::logs", "logDestinationType": "s3",
           "destinationOptions": {"fileFormat": "parquet"}}),
    (NAT, {"subnetId": UNKNOWN, "allocationId": UNKNOWN}),
    (GROUP, {"description": "Jobs, endpoints: HTTPS [443] & more!", "vpcId": UNKNOWN}),
])
def test_what_ec2_would_take_is_taken(check: Check, token: str, inputs: dict[str, Any]) -> None:
    assert check(token, inputs).failures == ()


@pytest.mark.parametrize(("change", "replaced"), [
    ({"cidrIpv4": "10.1.0.0/16"}, ()),
    ({"toPort": 444}, ()),
    ({"cidrIpv4": None, "prefixListId": "pl-1"}, ("cidrIpv4", "prefixListId")),
])
def test_a_rule_changes_in_place_unless_it_is_about_another_kind_of_peer(
        check: Check, provider: AwsProvider, change: dict[str, Any], replaced: tuple[str, ...]) -> None:
    old, new = check(RULE, HTTPS).inputs, check(RULE, {**HTTPS, **change}).inputs

    difference = provider.diff(RULE, "sgr-1", old, {}, new, ())

    assert difference.changed
    assert difference.replaces == replaced
