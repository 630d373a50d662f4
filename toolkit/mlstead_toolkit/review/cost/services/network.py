"""Amazon VPC: interface endpoints, NAT gateways, public addresses, load balancers.

https://aws.amazon.com/privatelink/pricing/, https://aws.amazon.com/vpc/pricing/,
https://aws.amazon.com/elasticloadbalancing/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.cost.charge import Charge, Charges, Use, by_use, monthly

_ATTACHED: Final = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
# Nothing is paid for a gateway endpoint: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
_FREE_KINDS: Final = frozenset({"Gateway"})


def _endpoint(resource: Resource, stack: Stack) -> Iterator[Charge | Use]:
    kind = str(resource.get("vpcEndpointType", "Gateway"))
    if kind in _FREE_KINDS:
        return
    subnets = resource.value("subnetIds") if resource.has("subnetIds") else []
    zones = Decimal(len(subnets) + len(stack.related(resource, _ATTACHED, via="vpcEndpointId")) or 1)
    if kind == "Interface":
        yield Charge("vpc-endpoint", f"{zones} zone{'s' if zones > 1 else ''}", zones)
        yield Use("data", "vpc-endpoint-data")
    else:
        yield Use(f"an endpoint of type {kind} by the hour and GB")


def _load_balancer(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    kind = str(resource.get("loadBalancerType", "application"))
    yield Charge(f"load-balancer-{kind}", f"1 {kind} load balancer")
    yield Use("capacity units")


CHARGES: Final[dict[str, Charges]] = {
    "aws:ec2/eip:Eip": monthly("public-ipv4", "1 public address"),
    "aws:ec2/flowLog:FlowLog": by_use(Use("log data that is delivered")),
    "aws:ec2/natGateway:NatGateway": monthly("nat-gateway", "1 gateway", Use("data", "nat-data", assumption="nat_gb")),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": by_use(Use("an attachment by the hour and GB")),
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
}
