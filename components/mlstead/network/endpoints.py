"""Ways from the private network to AWS's services, and what may pass them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2, vpc

from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement, document

ENDPOINTS = (
    "sagemaker.api", "sagemaker.runtime", "sagemaker.featurestore-runtime", "sts", "logs", "monitoring", "kms",
    "ecr.api", "ecr.dkr", "secretsmanager", "events", "states", "glue", "athena",
)
"""Services that machine learning uses, as the names of their interface endpoints end."""


@dataclass(frozen=True)
class NetworkEndpointsArgs:
    """Arguments of NetworkEndpoints.

    Args:
        context: where they live and whose they are.
        vpc_id: the VPC.
        subnet_ids: the private subnets, one a zone; each endpoint gets an address in every one.
        route_table_id: the private subnets' route table; S3 is reached through it.
        workload_group_id: the security group of jobs and endpoints, which may use them.
        notebook_group_id: that of notebooks, which may too.
        services: for which services, of ENDPOINTS.
        organization_id: the AWS organisation whose principals and resources may meet here; empty: this account's alone.
    """

    context: Context
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    route_table_id: pulumi.Input[str]
    workload_group_id: pulumi.Input[str]
    notebook_group_id: pulumi.Input[str]
    services: Sequence[str]
    organization_id: str


class NetworkEndpoints(Component):
    """A gateway endpoint for S3 and interface endpoints for the other services, each with the perimeter as its policy.

    Controls: FSBP EC2.55, .56; not .10, .57, .58 and .60, which ask for endpoints of EC2 and Systems Manager.
    """

    s3_endpoint_id: pulumi.Output[str]
    s3_prefix_list_id: str
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: NetworkEndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context, perimeter = args.context, _perimeter(args)
        s3 = ec2.VpcEndpoint(
            f"{name}-s3", vpc_id=args.vpc_id, service_name=_service(context, "s3"), vpc_endpoint_type="Gateway",
            route_table_ids=[args.route_table_id],
            policy=document(perimeter, _image_layers(context)), tags=self.tags, opts=self._child(),
        )
        self.s3_endpoint_id, self.s3_prefix_list_id = s3.id, ec2.get_prefix_list(name=_service(context, "s3")).id
        group = ec2.SecurityGroup(
            name, description="Endpoints of AWS services: HTTPS from the workload, nothing else", vpc_id=args.vpc_id,
            tags=self.tags, opts=self._child(),
        )
        self.security_group_id = group.id
        for each, whose, source in (
            (name, "the workload", args.workload_group_id), (f"{name}-notebooks", "notebooks", args.notebook_group_id),
        ):
            vpc.SecurityGroupIngressRule(
                each, security_group_id=group.id, referenced_security_group_id=source, ip_protocol="tcp",
                from_port=443, to_port=443, description=f"HTTPS from {whose}", tags=self.tags, opts=self._child(),
            )
        for service in args.services:
            ec2.VpcEndpoint(
                f"{name}-{service.replace('.', '-')}", vpc_id=args.vpc_id,
                service_name=_service(context, service), vpc_endpoint_type="Interface",
                subnet_ids=args.subnet_ids, security_group_ids=[group.id], private_dns_enabled=True,
                policy=document(perimeter), tags=self.tags, opts=self._child(),
            )
        self.register_outputs({"s3_endpoint_id": self.s3_endpoint_id, "security_group_id": self.security_group_id})


def _service(context: Context, service: str) -> str:
    return f"com.amazonaws.{context.region}.{service}"


def _perimeter(args: NetworkEndpointsArgs) -> Statement:
    # AWS's pattern for any service, default_endpoint_policy.json, without its exception for service principals: no
    # service calls from this network in its own name. AWS's reviews of these services (SageMaker's is missing) name no
    # request that lacks the resource's account, hence no ...IfExists.
    # https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/service_specific_guidance
    whose, what = ("OrgID", args.organization_id) if args.organization_id else ("Account", args.context.account_id)
    return Statement(
        "OwnIdentitiesToOwnResources", ["*"], ["*"], {"AWS": "*"},
        {"StringEquals": {f"aws:Principal{whose}": what, f"aws:Resource{whose}": what}}, bounds=True,
        reason="what may pass is said by whose it is on both sides; what a role may do is said by its own policies",
    )


def _image_layers(context: Context) -> Statement:
    # ECR hands out layers by addresses that its own account has signed, so no principal of ours is seen here.
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    bucket = f"arn:{context.partition}:s3:::prod-{context.region}-starport-layer-bucket"
    return Statement("PullImageLayers", ["s3:GetObject"], [f"{bucket}/*"], {"AWS": "*"})
