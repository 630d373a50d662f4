"""A way out to the internet, for the network that was asked to have one."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2, vpc

from mlstead.component import Component
from mlstead.context import Context

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class NetworkEgressArgs:
    """Arguments of NetworkEgress.

    Args:
        context: where it lives and whose it is.
        vpc_id: the VPC.
        zone: the availability zone of the public subnet; the others' traffic crosses over to it.
        cidr: the public subnet's block of addresses.
        route_table_id: the private subnets' route table.
        workload_group_id: the security group of jobs and endpoints, which may go out.
        notebook_group_id: that of notebooks, which may too.
    """

    context: Context
    vpc_id: pulumi.Input[str]
    zone: str
    cidr: str
    route_table_id: pulumi.Input[str]
    workload_group_id: pulumi.Input[str]
    notebook_group_id: pulumi.Input[str]


class NetworkEgress(Component):
    """A public subnet that holds one NAT gateway, and the private subnets' default route to it: HTTPS out, nothing in.

    Nothing else is placed in the public subnet, and it hands out no public addresses (FSBP EC2.15).
    """

    def __init__(self, name: str, args: NetworkEgressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        gateway = ec2.InternetGateway(name, vpc_id=args.vpc_id, tags=self.tags, opts=self._child())
        subnet = ec2.Subnet(
            f"{name}-public", vpc_id=args.vpc_id, availability_zone=args.zone, cidr_block=args.cidr,
            map_public_ip_on_launch=False, tags=self.tags | {"Name": f"{args.context.name}-public"}, opts=self._child(),
        )
        public = ec2.RouteTable(f"{name}-public", vpc_id=args.vpc_id, tags=self.tags, opts=self._child())
        association = ec2.RouteTableAssociation(
            f"{name}-public", route_table_id=public.id, subnet_id=subnet.id, opts=self._child()
        )
        out = ec2.Route(
            f"{name}-public", route_table_id=public.id, destination_cidr_block=_ANYWHERE, gateway_id=gateway.id,
            opts=self._child(),
        )
        address = ec2.Eip(name, domain="vpc", tags=self.tags, opts=self._child(depends_on=[gateway]))
        nat = ec2.NatGateway(
            name, allocation_id=address.id, subnet_id=subnet.id, tags=self.tags,
            opts=self._child(depends_on=[association, out]),
        )
        ec2.Route(
            name, route_table_id=args.route_table_id, destination_cidr_block=_ANYWHERE, nat_gateway_id=nat.id,
            opts=self._child(),
        )
        for each, group in ((name, args.workload_group_id), (f"{name}-notebooks", args.notebook_group_id)):
            vpc.SecurityGroupEgressRule(
                each, security_group_id=group, cidr_ipv4=_ANYWHERE, ip_protocol="tcp", from_port=443, to_port=443,
                description="HTTPS to anywhere", tags=self.tags, opts=self._child(),
            )
        self.register_outputs({})
