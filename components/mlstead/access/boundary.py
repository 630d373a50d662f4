"""What any role of a project may at most do: the permissions boundary of an environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import iam

from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.grants import LakeGrants
from mlstead.lake.zones import ZONES
from mlstead.network.access import NetworkAccess
from mlstead.policy import Statement, document

_PROJECT = "mlstead:project"
_OWN = f"${{aws:PrincipalTag/{_PROJECT}}}"
_TAGGED = f"${{aws:PrincipalTag/{_PROJECT}, '-'}}"  # no path has the default: who has no tag is denied, too
_SUBNETS = "sagemaker:VpcSubnets"
_BOUND = "a boundary grants nothing: what a role may do of this is said by its own policies"

_IN_NETWORK = ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob", "sagemaker:CreateModel"]


@dataclass(frozen=True)
class PermissionsBoundaryArgs:
    """Arguments of PermissionsBoundary.

    Args:
        context: where it lives and whose it is: the foundation's.
        lake: the only buckets whose objects may be used.
        network: the only network that jobs may run in.
    """

    context: Context
    lake: LakeGrants
    network: NetworkAccess


class PermissionsBoundary(Component):
    """A managed policy that bounds every role of every project of an environment, `mlstead/<environment>-boundary`.

    What a project's roles are granted counts only within it, whoever grants: a role with `*` on `*` could use its own
    project's data, and the services below for its own project, and no more. Its name is known before it exists
    (Context.boundary_arn), and it goes by the tag mlstead:project of whoever asks, so a new project changes nothing in
    it. It does not bound what a resource's policy gives to a role's session by name; ours name none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: PermissionsBoundaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context = args.context
        policy = iam.Policy(
            name, name=f"{context.environment}-boundary", path="/mlstead/",
            description=f"What any role of a project may at most do in {context.environment}",
            policy=document(*_allowed(args), *_denied(args)), tags=self.tags, opts=self._child(),
        )
        self.arn = policy.arn
        self.register_outputs({"arn": self.arn})


def _allowed(args: PermissionsBoundaryArgs) -> list[Statement]:
    context, environment = args.context, args.context.environment
    roles = f"arn:{context.partition}:iam::{context.account_id}:role/mlstead/{_OWN}/{environment}/*"
    ci = [f"arn:{context.partition}:iam::{context.account_id}:{kind}/mlstead-ci/{_OWN}-{environment}-*"
          for kind in ("role", "policy")]  # IAM takes no ARN of its own without the kind
    buckets = [args.lake.bucket_arn(zone) for zone in ZONES]
    keys = [context.arn("kms", "key/*")]
    return [
        # The buckets' own policies hold a project to its prefix.
        _bound("Lake", ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListBucket", "s3:GetBucket*",
                        "s3:Get*Configuration"],
               [*buckets, *(pulumi.Output.concat(bucket, "/*") for bucket in buckets)],
               {"StringEquals": {"aws:ResourceAccount": context.account_id}}),
        _bound("Keys", ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateMac", "kms:DescribeKey", "kms:GetKey*"],
               keys),
        _bound("KeyGrants", ["kms:CreateGrant"], keys, {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
        _bound("PassRoles", ["iam:PassRole"], [roles],
               {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}),
        _bound("ReadRoles", ["iam:Get*", "iam:List*"], [roles, *ci, context.boundary_arn]),
        _bound("Network", ["ec2:CreateNetworkInterface*", "ec2:DeleteNetworkInterface*"], [context.arn("ec2", "*")],
               # IfExists: an interface that is being made has no VPC yet, but its subnet has.
               {"ArnEqualsIfExists": {"ec2:Vpc": pulumi.Output.concat(context.arn("ec2", "vpc/"),
                                                                      args.network.vpc_id)}}),
        # SageMaker names the jobs of pipelines. Whose a space is, no name says; the grants hold each to its own.
        _bound("Work", ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob", "sagemaker:Stop*Job",
                        "sagemaker:CreatePresignedDomainUrl", "sagemaker:*Space", "sagemaker:CreateApp",
                        "sagemaker:DeleteApp", "sagemaker:AddTags"],
               [context.arn("sagemaker", each) for each in (f"*/{_OWN}-*", "*-job/pipelines-*", "space/*", "app/*")]),
        _bound("Models", ["sagemaker:StartPipelineExecution", "sagemaker:StopPipelineExecution",
                          "sagemaker:CreateModelPackage*", "sagemaker:UpdateModelPackage", "sagemaker:InvokeEndpoint"],
               [context.arn("sagemaker", f"*/{_OWN}-{environment}{each}") for each in ("", "-*", "/*")]),
        _bound("Images", ["ecr:*Layer*", "ecr:BatchGetImage", "ecr:PutImage", "ecr:Get*Policy"],
               [context.arn("ecr", f"repository/{_OWN}-{environment}")]),
        _bound("Queries", ["athena:*Quer*", "athena:GetWorkGroup"],
               [context.arn("athena", f"workgroup/{_OWN}-{environment}")]),
        _bound("Catalog", ["glue:GetDatabase*", "glue:GetTable*", "glue:GetPartition*", "glue:BatchGetPartition"],
               [context.arn("glue", each) for each in ("catalog", "database/*", "table/*")]),
        _bound("Logs", ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents",
                        "logs:FilterLogEvents"], [context.arn("logs", "log-group:/aws/sagemaker/*")]),
        _bound("Metrics", ["cloudwatch:PutMetricData"], ["*"],
               {"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", f"mlstead/{_OWN}"]}}),
        _bound("Look", ["sagemaker:Describe*", "sagemaker:List*", "ec2:Describe*", "ecr:Describe*", "ecr:ListImages",
                        "ecr:GetAuthorizationToken", "lakeformation:GetDataAccess", "logs:DescribeLogGroups",
                        "cloudwatch:DescribeAlarms", "cloudwatch:GetMetric*", "cloudwatch:ListMetrics",
                        "events:DescribeRule", "events:List*", "sqs:GetQueueAttributes", "sns:GetTopicAttributes",
                        "iam:ListRoles"], ["*"]),
    ]


def _denied(args: PermissionsBoundaryArgs) -> list[Statement]:
    context, tag = args.context, f"aws:ResourceTag/{_PROJECT}"
    return [
        # Also where a name begins like one of ours, as those of `flight` and `flight-delays` do.
        _deny("Others", ["*"], {"Null": {tag: "false"}, "StringNotEquals": {tag: [_OWN, context.project]}}),
        # A session's tags hide its role's, and a project writes the trust policies that let them in: the path decides.
        _deny("Disguised", ["*"], {
            "ArnNotLike": {"aws:PrincipalArn": f"arn:*:iam::*:role/mlstead/{_TAGGED}/{context.environment}/*"},
        }),
        _deny("NoNetwork", _IN_NETWORK, {"Null": {_SUBNETS: "true"}}),
        _deny("OtherNetworks", _IN_NETWORK, {"ForAnyValue:StringNotEquals": {_SUBNETS: args.network.subnet_ids}}),
        # None of these is allowed above; denied, no policy of a key, bucket or queue can give them back.
        _deny("Guards", [
            "iam:Create*", "iam:Attach*", "iam:Put*", "iam:Update*", "iam:Delete*", "iam:Set*", "iam:Tag*",
            "sts:AssumeRole*", "organizations:*", "kms:Put*", "kms:Disable*", "kms:Schedule*", "s3:PutBucket*",
            "s3:DeleteBucket*", "s3:Put*Configuration", "s3:BypassGovernanceRetention", "s3:DeleteObjectVersion",
            "cloudtrail:*", "config:*", "guardduty:*", "logs:Delete*", "logs:PutRetentionPolicy",
        ], {}),
    ]


def _bound(sid: str, actions: list[str], resources: list[Any], conditions: dict[str, Any] | None = None) -> Statement:
    return Statement(sid, actions, resources, conditions=conditions or {}, reason=_BOUND, bounds=True)


def _deny(sid: str, actions: list[str], conditions: dict[str, Any]) -> Statement:
    return Statement(sid, actions, ["*"], conditions=conditions, effect="Deny")
