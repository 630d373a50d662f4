"""How jobs and endpoints get into the private network: what Network and NetworkReference share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import pulumi

from mlstead.policy import Statement
from mlstead.role import Grantee

if TYPE_CHECKING:
    from pulumi_aws.sagemaker import ModelVpcConfigArgsDict


class NetworkAccess(ABC):
    """The private network, as whoever runs something in it needs it: the network itself does not change."""

    @property
    @abstractmethod
    def vpc_id(self) -> pulumi.Output[str]:
        """The VPC."""

    @property
    @abstractmethod
    def subnet_ids(self) -> pulumi.Output[list[str]]:
        """Its private subnets, one a zone: two or three."""

    @property
    @abstractmethod
    def security_group_id(self) -> pulumi.Output[str]:
        """The security group of jobs and endpoints."""

    @property
    @abstractmethod
    def notebook_security_group_id(self) -> pulumi.Output[str]:
        """The security group of notebooks."""

    @property
    def vpc_config(self) -> ModelVpcConfigArgsDict:
        """The block VpcConfig of a SageMaker model."""
        return {"subnets": self.subnet_ids, "security_group_ids": [self.security_group_id]}

    def grant_join(self, role: Grantee) -> None:
        """Let SageMaker put network interfaces of the role's jobs and endpoints into the network, and into no other.

        The actions: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html. An interface that is being
        made has no VPC yet; the subnet that it is made in has, and is asked for in the same call. So AWS's own policy
        SageMakerStudioProjectRoleMachineLearningPolicy narrows it, in two statements.
        """
        context = role.context
        role.allow("join-network", [
            Statement(
                "PlaceInterfaces",
                ["ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface",
                 "ec2:DeleteNetworkInterfacePermission"],
                [context.arn("ec2", "network-interface/*"), context.arn("ec2", "subnet/*"),
                 pulumi.Output.concat(context.arn("ec2", "security-group/"), self.security_group_id)],
                conditions={"ArnEqualsIfExists": {
                    "ec2:Vpc": pulumi.Output.concat(context.arn("ec2", "vpc/"), self.vpc_id),
                }},
            ),
            Statement(
                "LookUpNetwork",
                ["ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DescribeDhcpOptions", "ec2:DescribeSubnets",
                 "ec2:DescribeSecurityGroups"],
                ["*"], conditions={"StringEquals": {"ec2:Region": context.region}},
                reason="EC2's Describe actions have no resource level; the region narrows them",
            ),
        ])
