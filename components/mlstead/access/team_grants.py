"""What people's roles are granted that no part of a project grants: to observe it, to audit it."""

from __future__ import annotations

from mlstead.context import Context
from mlstead.policy import Statement

_JOBS = ("ProcessingJobs", "TrainingJobs")


def observe(context: Context) -> list[Statement]:
    """Let a role read the logs of jobs and endpoint, and the project's alarms.

    SageMaker has one log group for all jobs of a kind, and an execution's jobs are not named after their project; so
    who follows jobs could read those of the account's other projects, too.
    """
    groups = [*(f"/aws/sagemaker/{kind}" for kind in _JOBS), f"/aws/sagemaker/Endpoints/{context.name}"]
    return [
        Statement("ReadLogs", ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"],
                  [context.arn("logs", f"log-group:{group}:*") for group in groups]),
        Statement("SeeAlarms", ["cloudwatch:DescribeAlarms"], [context.arn("cloudwatch", f"alarm:{context.name}-*")]),
    ]


def measure() -> list[Statement]:
    """Let a role read metrics: latency, errors, use of machines, what models measure of themselves."""
    return [
        Statement("ReadMetrics", ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics",
                                  "cloudwatch:ListMetrics"], ["*"],
                  reason="these have no resource level; metrics are counts and times, not data"),
    ]


def audit(context: Context) -> list[Statement]:
    """Let a role read what the project's resources are set to, and who may do what; no data, no logs, no state.

    By name: the permissions boundary takes out what a name of another project begins like.
    """
    project, partition = context.project, context.partition
    iam = f"arn:{partition}:iam::{context.account_id}"
    roles, ci = f"{iam}:role{context.role_path}*", f"mlstead-ci/{context.name}-*"
    jobs = [context.arn("sagemaker", f"{kind}-job/pipelines-*") for kind in ("processing", "training")]
    return [
        Statement("ReadRoles", ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
                                "iam:ListRolePolicies", "iam:ListRoleTags"], [roles, f"{iam}:role/{ci}"]),
        Statement("ReadPolicies", ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"],
                  [context.boundary_arn, f"{iam}:policy/{ci}"]),
        Statement("FindRoles", ["iam:ListRoles"], ["*"], reason="it has no resource level; it lists names and trust"),
        Statement(
            "ReadMachineLearning",
            ["sagemaker:DescribeAppImageConfig", "sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig",
             "sagemaker:DescribeImage", "sagemaker:DescribeImageVersion", "sagemaker:DescribeModel",
             "sagemaker:DescribeModelPackage", "sagemaker:DescribeModelPackageGroup", "sagemaker:DescribePipeline",
             "sagemaker:DescribePipelineExecution", "sagemaker:DescribeProcessingJob",
             "sagemaker:DescribeTrainingJob", "sagemaker:DescribeUserProfile", "sagemaker:ListModelPackages",
             "sagemaker:ListPipelineExecutions", "sagemaker:ListPipelineExecutionSteps", "sagemaker:ListTags"],
            [context.arn("sagemaker", f"*/{project}-*"), *jobs],
        ),
        Statement("ReadImages", ["ecr:DescribeImages", "ecr:DescribeImageScanFindings", "ecr:DescribeRepositories",
                                 "ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy"],
                  [context.arn("ecr", f"repository/{context.name}")]),
        Statement("ReadStarts", ["events:DescribeRule", "events:ListTargetsByRule"],
                  [context.arn("events", f"rule/{project}-*")]),
        Statement("ReadMessages", ["sns:GetTopicAttributes", "sqs:GetQueueAttributes"],
                  [context.arn("sns", f"{project}-*"), context.arn("sqs", f"{project}-*")]),
        Statement("ReadAlarms", ["cloudwatch:DescribeAlarms"], [context.arn("cloudwatch", f"alarm:{context.name}-*")]),
        Statement("ReadQueryLimits", ["athena:GetWorkGroup"], [context.arn("athena", f"workgroup/{context.name}")]),
        Statement("FindEndpoints", ["ec2:DescribeVpcEndpoints"], ["*"],
                  reason="it has no resource level; it tells which services the network reaches, and what passes"),
        Statement("FindLogGroups", ["logs:DescribeLogGroups"], ["*"],
                  reason="it has no resource level; it lists names, keys and how long logs are kept"),
    ]
