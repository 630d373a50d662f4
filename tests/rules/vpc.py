"""Examples of the theme vpc."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.rules.vpc import (
    DEFAULT_SECURITY_GROUP,
    DEFAULT_SUBNET,
    FLOW_LOG,
    INTERNET_GATEWAY,
    NETWORK_ACL,
    NETWORK_ACL_RULE,
    ROUTE,
    ROUTE_TABLE,
    SUBNET,
    VPC,
)

ANYWHERE = "0.0.0.0/0"


def _network(*, recorded: bool = True, taken: bool = True, **group: Any) -> Stack:
    network = resource(VPC, cidrBlock="10.0.0.0/16")
    linked: dict[str, Resource] = {"vpcId": network}
    return stack(
        network,
        *([resource(FLOW_LOG, refers=linked, trafficType="ALL")] if recorded else ()),
        *([resource(DEFAULT_SECURITY_GROUP, refers=linked, **group)] if taken else ()),
    )


def _acl(**changed: Any) -> Stack:
    rule = {"ruleNo": 100, "action": "allow", "protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlock": ANYWHERE}
    return stack(resource(NETWORK_ACL, vpcId="vpc-1", ingress=[rule | changed]))


def _acl_rule(**changed: Any) -> Stack:
    return stack(resource(NETWORK_ACL_RULE, **{
        "networkAclId": "acl-1", "ruleAction": "allow", "protocol": "-1", "ipv6CidrBlock": "::/0", "egress": False,
    } | changed))


def _default_route(kind: str, to: str = "gatewayId") -> Stack:
    gateway = resource(kind)
    return stack(gateway, resource(ROUTE, routeTableId="rtb-1", destinationCidrBlock=ANYWHERE, refers={to: gateway}))


_NAT = "aws:ec2/natGateway:NatGateway"

EXAMPLES = {
    "vpc-flow-logs": example(_network(), _network(recorded=False)),
    "vpc-default-group-closed": example((_network(), _network(ingress=[], egress=[])), (
        _network(taken=False),
        _network(egress=[{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": [ANYWHERE]}]),
        _network(ingress=[{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}]),
    )),
    "vpc-subnet-no-public-addresses": example(
        (stack(resource(SUBNET, vpcId="vpc-1")), stack(resource(DEFAULT_SUBNET, mapPublicIpOnLaunch=False))),
        (stack(resource(SUBNET, vpcId="vpc-1", mapPublicIpOnLaunch=True)), stack(resource(DEFAULT_SUBNET))),
    ),
    "vpc-no-internet-route": example(
        (_default_route(_NAT, "natGatewayId"), _default_route("aws:ec2/vpnGateway:VpnGateway"),
         stack(resource(ROUTE, routeTableId="rtb-1", destinationCidrBlock="10.1.0.0/16", gatewayId="igw-1")),
         stack(resource(ROUTE_TABLE, vpcId="vpc-1", routes=[{"cidrBlock": "10.1.0.0/16", "gatewayId": "local"}]))),
        (_default_route(INTERNET_GATEWAY),
         stack(resource(ROUTE, routeTableId="rtb-1", destinationIpv6CidrBlock="::/0", gatewayId="igw-1")),
         stack(resource(ROUTE_TABLE, vpcId="vpc-1", routes=[{"cidrBlock": "128.0.0.0/1", "gatewayId": "igw-1"}]))),
    ),
    "vpc-acl-closed-to-administration": example(
        (_acl(cidrBlock="10.0.0.0/8"), _acl(action="deny"), _acl(fromPort=443, toPort=443), _acl(protocol="17"),
         _acl_rule(egress=True)),
        (_acl(), _acl(protocol="6", fromPort=0, toPort=65535), _acl_rule()),
    ),
}
