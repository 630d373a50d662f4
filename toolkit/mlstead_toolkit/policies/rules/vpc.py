"""Networks: recorded, closed unless opened, and no way from or to the internet that nobody meant.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack
from mlstead_toolkit.policies.addresses import anywhere
from mlstead_toolkit.policies.own_controls import PRIVATE_NETWORK

VPC: Final = "aws:ec2/vpc:Vpc"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
DEFAULT_SECURITY_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
SUBNET: Final = "aws:ec2/subnet:Subnet"
DEFAULT_SUBNET: Final = "aws:ec2/defaultSubnet:DefaultSubnet"
ROUTE: Final = "aws:ec2/route:Route"
ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
DEFAULT_ROUTE_TABLE: Final = "aws:ec2/defaultRouteTable:DefaultRouteTable"
INTERNET_GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"
NETWORK_ACL: Final = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT_NETWORK_ACL: Final = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
NETWORK_ACL_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"

_ADMINISTRATION = (22, 3389)
_ANY_PROTOCOL = ("-1", "all")
_TCP = ("6", "tcp")
_BLOCKS = ("cidrBlock", "ipv6CidrBlock")
_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", *_BLOCKS)


def _recorded(network: Resource, stack: Stack) -> Iterator[str]:
    if not stack.related(network, FLOW_LOG, via="vpcId"):
        yield "after an incident nobody can say who talked to whom"


def _default_group_closed(resource: Resource, stack: Stack) -> Iterator[str]:
    if resource.type == VPC:
        if not stack.related(resource, DEFAULT_SECURITY_GROUP, via="vpcId"):
            yield "its default security group has the rules that AWS gives it: everything out, and in among its members"
        return
    for direction in ("ingress", "egress"):
        if any(resource.blocks(direction)):
            yield f"the default security group has {direction} rules, for whatever was given no group"


def _private(subnet: Resource, _stack: Stack) -> Iterator[str]:
    # A default subnet has public addresses unless it is told otherwise.
    if subnet.flag("mapPublicIpOnLaunch", subnet.type == DEFAULT_SUBNET):
        yield "what starts in it gets a public address"


def _no_way_out(resource: Resource, stack: Stack) -> Iterator[str]:
    for route in [resource] if resource.type == ROUTE else resource.blocks("routes"):
        to = [value for path in _DESTINATIONS if (value := route.get(path, ""))]
        if any(anywhere(cidr) for cidr in to) and route.filled("gatewayId") and _to_internet(resource, route, stack):
            yield f"{', '.join(to)} leads to the internet"


def _to_internet(resource: Resource, route: Block, stack: Stack) -> bool:
    if resource.type == ROUTE and resource.property_dependencies.get("gatewayId"):
        return stack.referred(resource, INTERNET_GATEWAY, via="gatewayId") is not None
    return str(route.value("gatewayId")).startswith("igw-")


def _closed_acl(acl: Resource, _stack: Stack) -> Iterator[str]:
    if acl.type == NETWORK_ACL_RULE:
        rules: list[Block] = [] if acl.flag("egress") else [acl]
    else:
        rules = list(acl.blocks("ingress"))
    for rule in rules:
        allows = rule.get("ruleAction", rule.get("action", "deny")).lower() == "allow"
        opened = [port for port in _ADMINISTRATION if _admits(rule, port)]
        if allows and opened and any(anywhere(value) for path in _BLOCKS if (value := rule.get(path, ""))):
            yield f"port {' and '.join(map(str, opened))} can be reached from anywhere"


def _admits(rule: Block, port: int) -> bool:
    protocol = str(rule.get("protocol", "-1")).lower()
    if protocol in _ANY_PROTOCOL:
        return True
    return protocol in _TCP and int(rule.get("fromPort", 0)) <= port <= int(rule.get("toPort", 0))


RULES: Final = (
    Rule(
        id="vpc-flow-logs",
        level=Level.MANDATORY,
        controls=("FSBP EC2.6", "CIS 4.7"),
        title="A network's connections are recorded.",
        fix="Add an aws.ec2.FlowLog with vpc_id of the network.",
        types=(VPC,),
        check=_recorded,
    ),
    Rule(
        id="vpc-default-group-closed",
        level=Level.MANDATORY,
        controls=("FSBP EC2.2", "CIS 6.5"),
        title="A network's default security group lets nothing in or out.",
        fix="Add an aws.ec2.DefaultSecurityGroup for the network, without ingress or egress.",
        types=(VPC, DEFAULT_SECURITY_GROUP),
        check=_default_group_closed,
    ),
    Rule(
        id="vpc-subnet-no-public-addresses",
        level=Level.MANDATORY,
        controls=("FSBP EC2.15",),
        title="A subnet hands out no public addresses.",
        fix="Set map_public_ip_on_launch=False.",
        types=(SUBNET, DEFAULT_SUBNET),
        check=_private,
    ),
    Rule(
        id="vpc-no-internet-route",
        level=Level.ADVISORY,
        controls=(PRIVATE_NETWORK,),
        title="No route leads to the internet: services are reached through endpoints.",
        fix="Remove the route, and add an aws.ec2.VpcEndpoint for each service that is used.",
        types=(ROUTE, ROUTE_TABLE, DEFAULT_ROUTE_TABLE),
        check=_no_way_out,
    ),
    Rule(
        id="vpc-acl-closed-to-administration",
        level=Level.MANDATORY,
        controls=("FSBP EC2.21", "CIS 6.2"),
        title="A network ACL lets nobody on the internet reach port 22 or 3389.",
        fix="Name the blocks of addresses that administer, or leave the ports out.",
        types=(NETWORK_ACL, DEFAULT_NETWORK_ACL, NETWORK_ACL_RULE),
        check=_closed_acl,
    ),
)
