"""The networks that jobs and models name: whether EC2 has them."""

from __future__ import annotations

from mlstead_toolkit.cloud.elsewhere import is_elsewhere
from mlstead_toolkit.cloud.sagemaker.record import Document, refusal


def check_vpc_config(config: Document | None, account: str, region: str) -> None:
    """Refuse subnets and security groups that do not exist or do not belong together, in EC2's words."""
    if not config or is_elsewhere("ec2"):
        return
    from moto.ec2.models import ec2_backends

    backend = ec2_backends[account][region]
    subnets = {subnet.id: subnet.vpc_id for zone in list(backend.subnets.values()) for subnet in list(zone.values())}
    groups = {group.id: group.vpc_id for network in list(backend.groups.values()) for group in list(network.values())}
    for subnet in config["Subnets"]:
        if subnet not in subnets:
            raise refusal(f"The subnet ID '{subnet}' does not exist")
    for group in config["SecurityGroupIds"]:
        if group not in groups:
            raise refusal(f"The security group '{group}' does not exist")
        for subnet in config["Subnets"]:
            if subnets[subnet] != groups[group]:
                raise refusal(f"Security group {group} and subnet {subnet} belong to different networks.")
