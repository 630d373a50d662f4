"""The private network that jobs, endpoints and notebooks run in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_aws import ec2, vpc

from mlstead.component import Component
from mlstead.context import Context
from mlstead.job_logs import check_retention
from mlstead.network.access import NetworkAccess
from mlstead.network.addresses import NetworkAddresses
from mlstead.network.egress import NetworkEgress, NetworkEgressArgs
from mlstead.network.endpoints import ENDPOINTS, NetworkEndpoints, NetworkEndpointsArgs
from mlstead.network.flow_logs import NetworkFlowLogs, NetworkFlowLogsArgs
from mlstead.refusal import Refusal
from mlstead.weakened import Secure

__all__ = ["ENDPOINTS", "Network", "NetworkArgs"]

_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")


@dataclass(frozen=True)
class NetworkArgs:
    """Arguments of Network.

    Args:
        context: where it lives and whose it is.
        encryption_key_arn: KMS key for flow logs; its policy admits their log group (DomainKeyArgs.log_groups).
        cidr: its addresses, a private block of /16 to /20; cannot be changed without a new network.
        zones: over how many availability zones it spreads, 2 or 3.
        zone_names: which ones, such as eu-west-1a, where the region's first will not do: not every service has an
            endpoint in every zone; empty: the first. Another zone in a place is another subnet.
        endpoints: services with an interface endpoint, of mlstead.network.endpoints.ENDPOINTS; each costs about 8 USD
            a month and zone in eu-west-1 (0.011 USD an hour), all of them over two zones about 225 USD, besides 0.01
            USD a GB.
        log_retention_days: how long flow logs are kept, in days that CloudWatch Logs knows.
        organization_id: the AWS organisation whose principals and resources may meet through the endpoints, o-…;
            empty: this account's alone.
        no_internet_route: whether there is no way out to the internet. Weakened: a NAT gateway, about 39 USD a month
            and 0.048 USD a GB in eu-west-1, and a way by which whatever runs here without network isolation can carry
            data to anyone on the internet over HTTPS.
        flow_logs: whether connections are recorded. Weakened: after an incident nobody can say who talked to whom; the
            records until then are deleted.
    """

    context: Context
    encryption_key_arn: pulumi.Input[str]
    cidr: str = "10.64.0.0/16"
    zones: int = 2
    zone_names: Sequence[str] = ()
    endpoints: Sequence[str] = ENDPOINTS
    log_retention_days: int = 365
    organization_id: str = ""
    no_internet_route: Secure = True
    flow_logs: Secure = True

    def __post_init__(self) -> None:
        NetworkAddresses.of(self.cidr, "NetworkArgs.cidr")
        check_retention(self.log_retention_days, "NetworkArgs.log_retention_days")
        if self.zones not in (2, 3):
            raise Refusal(f"A network over {self.zones} zones.", where="NetworkArgs.zones", fix="choose 2 or 3")
        check_zone_names(self.zone_names, self.zones, "NetworkArgs.zone_names")
        check_endpoints(self.endpoints, "NetworkArgs.endpoints")
        check_organization(self.organization_id, "NetworkArgs.organization_id")


def check_zone_names(names: Sequence[str], zones: int, where: str) -> None:
    """Refuse names of availability zones that are not one for each zone."""
    if names and not len(names) == len(set(names)) == zones:
        raise Refusal(f"{', '.join(names)}: not {zones} zones.", where=where,
                      fix=f"name {zones} different ones, or change `zones`")


def check_endpoints(services: Sequence[str], where: str) -> None:
    """Refuse a service that no endpoint is made for, or one that is named twice."""
    if unknown := sorted(set(services) - set(ENDPOINTS)):
        raise Refusal(f"No endpoint is made for {', '.join(unknown)}.", where=where,
                      fix=f"choose of {', '.join(ENDPOINTS)}")
    if len(set(services)) < len(services):
        raise Refusal("A service is named twice.", where=where, fix="name each once")


def check_organization(organization_id: str, where: str) -> None:
    """Refuse what is no id of an AWS organisation; empty is none."""
    if organization_id and not _ORGANIZATION.fullmatch(organization_id):
        raise Refusal(f"{organization_id!r} is no organisation.", where=where,
                      fix="write its id, o- and letters and digits, or leave it empty")


class Network(Component, NetworkAccess):
    """A VPC with a private subnet in each zone, endpoints for the services that are used, and no other way out.

    Jobs and endpoints have the workload's security group: HTTPS to the endpoints of services and to S3, everything
    among themselves, nothing in from elsewhere. Notebooks have one of their own: the same HTTPS out, and nothing in at
    all, for JupyterLab asks nobody for a password. AWS wants a group of Studio's to admit itself, so that JupyterServer
    reaches its kernels in other apps (Studio Classic); in a space both run in one container.
    https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html

    Controls: FSBP EC2.2, .6, .13 to .15, .18, .19, .21, .55, .56; CIS AWS 4.7, 6.2 to 6.5.
    """

    s3_endpoint_id: pulumi.Output[str]

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context, addresses = args.context, NetworkAddresses.of(args.cidr, "NetworkArgs.cidr")
        zones = _zones(args)
        network = ec2.Vpc(
            name, cidr_block=args.cidr, enable_dns_support=True, enable_dns_hostnames=True, tags=self._named(),
            opts=self._child(),
        )
        ec2.DefaultSecurityGroup(name, vpc_id=network.id, tags=self.tags, opts=self._child())  # without rules: closed
        routes = ec2.RouteTable(name, vpc_id=network.id, tags=self._named("private"), opts=self._child())
        self._subnets = []
        for zone, block in zip(zones, addresses.private, strict=False):
            letter = zone.removeprefix(context.region)
            subnet = ec2.Subnet(
                f"{name}-{letter}", vpc_id=network.id, availability_zone=zone, cidr_block=block,
                map_public_ip_on_launch=False, tags=self._named(letter), opts=self._child(),
            )
            ec2.RouteTableAssociation(
                f"{name}-{letter}", route_table_id=routes.id, subnet_id=subnet.id, opts=self._child()
            )
            self._subnets.append(subnet)
        self._vpc = network
        # Notebooks have left this group; another description would be another group, and jobs and endpoints are in it.
        self._group = ec2.SecurityGroup(
            f"{name}-workload", description="Jobs, endpoints and notebooks", vpc_id=network.id,
            tags=self._named("workload"), opts=self._child(),
        )
        self._notebooks = ec2.SecurityGroup(
            f"{name}-notebooks", description="Notebooks: nothing in", vpc_id=network.id,
            tags=self._named("notebooks"), opts=self._child(),
        )
        endpoints = NetworkEndpoints(f"{name}-endpoints", NetworkEndpointsArgs(
            context, network.id, [subnet.id for subnet in self._subnets], routes.id, self._group.id,
            self._notebooks.id, args.endpoints, args.organization_id,
        ), self._child())
        self.s3_endpoint_id = endpoints.s3_endpoint_id
        self._open_among_itself(f"{name}-workload")
        self._open_to_aws(f"{name}-workload", self._group, endpoints)
        self._open_to_aws(f"{name}-notebooks", self._notebooks, endpoints)
        if args.flow_logs:
            NetworkFlowLogs(f"{name}-flow-logs", NetworkFlowLogsArgs(
                context, network.id, args.encryption_key_arn, args.log_retention_days,
            ), self._child())
        if not args.no_internet_route:
            NetworkEgress(f"{name}-egress", NetworkEgressArgs(
                context, network.id, zones[0], addresses.public, routes.id, self._group.id, self._notebooks.id,
            ), self._child())
        self.register_outputs(self.outputs)

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what NetworkReference needs, as plain data: vpc_id, subnet_ids, both groups' ids, s3_endpoint_id."""
        # One by one: a plan knows the subnets that stand, though not the one that a third zone adds.
        return {
            "vpc_id": self.vpc_id, "subnet_ids": [subnet.id for subnet in self._subnets],
            "security_group_id": self.security_group_id,
            "notebook_security_group_id": self.notebook_security_group_id, "s3_endpoint_id": self.s3_endpoint_id,
        }

    @property
    def vpc_id(self) -> pulumi.Output[str]:
        """The VPC."""
        return self._vpc.id

    @property
    def subnet_ids(self) -> pulumi.Output[list[str]]:
        """Its private subnets, one a zone: two or three."""
        return pulumi.Output.all(*[subnet.id for subnet in self._subnets])

    @property
    def security_group_id(self) -> pulumi.Output[str]:
        """The security group of jobs and endpoints."""
        return self._group.id

    @property
    def notebook_security_group_id(self) -> pulumi.Output[str]:
        """The security group of notebooks."""
        return self._notebooks.id

    def _open_among_itself(self, name: str) -> None:
        """Let the workload's members send each other anything.

        Encrypted traffic between the containers of a job is IPsec (UDP 500 and ESP), and distributed training picks its
        own ports. https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html
        """
        group, tags = self._group.id, self.tags
        vpc.SecurityGroupIngressRule(
            f"{name}-itself", security_group_id=group, referenced_security_group_id=group, ip_protocol="-1",
            description="Containers of a job among each other", tags=tags, opts=self._child(),
        )
        vpc.SecurityGroupEgressRule(
            f"{name}-itself", security_group_id=group, referenced_security_group_id=group, ip_protocol="-1",
            description="Containers of a job among each other", tags=tags, opts=self._child(),
        )

    def _open_to_aws(self, name: str, group: ec2.SecurityGroup, endpoints: NetworkEndpoints) -> None:
        """Let a group's members speak HTTPS to the endpoints of AWS services."""
        tags = self.tags
        vpc.SecurityGroupEgressRule(
            f"{name}-endpoints", security_group_id=group.id, referenced_security_group_id=endpoints.security_group_id,
            ip_protocol="tcp", from_port=443, to_port=443, description="HTTPS to endpoints of AWS services", tags=tags,
            opts=self._child(),
        )
        vpc.SecurityGroupEgressRule(
            f"{name}-s3", security_group_id=group.id, prefix_list_id=endpoints.s3_prefix_list_id, ip_protocol="tcp",
            from_port=443, to_port=443, description="HTTPS to S3", tags=tags, opts=self._child(),
        )

    def _named(self, part: str = "") -> dict[str, str]:
        """Give tags with Name, which is all that the VPC console shows of a thing."""
        return self.tags | {"Name": f"{self.context.name}-{part}" if part else self.context.name}


def _zones(args: NetworkArgs) -> list[str]:
    # Zones that an account has opted in to are local zones, which have neither SageMaker nor most endpoints. Whatever
    # their state: the first two must not become others, and their subnets move, while one of them is impaired.
    found = aws.get_availability_zones(filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}]).names
    if unknown := sorted(set(args.zone_names) - set(found)):
        raise Refusal(f"{args.context.region} has no availability zone {', '.join(unknown)}.",
                      where="NetworkArgs.zone_names", fix=f"choose of {', '.join(found)}")
    if args.zone_names:
        return list(args.zone_names)
    if len(found) < args.zones:
        raise Refusal(f"{args.context.region} has {len(found)} availability zones.", where="NetworkArgs.zones",
                      fix="choose as many, or another region")
    return list(found[:args.zones])
