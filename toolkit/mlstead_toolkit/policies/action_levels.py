"""Actions that IAM cannot hold to a resource, so that `*` is all that can be written.

From the Service Authorization Reference, https://docs.aws.amazon.com/service-authorization/latest/reference/, for what
surrounds machine learning; a test holds every entry against parliament's copy of it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

_LOOKS: Final = ("List*", "Describe*", "Search*")
"""Verbs that look through everything there is; where some have a resource level, to hold them to one hides nothing."""

WITHOUT_RESOURCE: Final = frozenset({
    "application-autoscaling:GetPredictiveScalingForecast",
    "cloudtrail:LookupEvents",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "cloudwatch:GetMetricWidgetImage",
    "cloudwatch:PutMetricData",
    "ec2:GetSpotPlacementScores",
    "ecr:GetAuthorizationToken",
    "ecr:GetRegistryPolicy",
    "ecr:GetRegistryScanningConfiguration",
    "elasticfilesystem:CreateFileSystem",
    "glue:CreateCrawler",
    "glue:CreateDataQualityRuleset",
    "glue:CreateSecurityConfiguration",
    "glue:DeleteSecurityConfiguration",
    "glue:GetCrawlers",
    "glue:GetJobs",
    "glue:GetSecurityConfiguration",
    "glue:GetSecurityConfigurations",
    "glue:GetTriggers",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetAccountPasswordPolicy",
    "iam:GetAccountSummary",
    "kms:CreateKey",
    "kms:GenerateRandom",
    "lakeformation:*",
    "lambda:CreateEventSourceMapping",
    "lambda:GetAccountSettings",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:GetLogDelivery",
    "logs:PutQueryDefinition",
    "logs:PutResourcePolicy",
    "logs:StopQuery",
    "logs:UpdateLogDelivery",
    "pricing:GetProducts",
    "s3:GetAccountPublicAccessBlock",
    "s3:PutAccountPublicAccessBlock",
    "sagemaker:GetSearchSuggestions",
    "sagemaker:QueryLineage",
    "sagemaker:RenderUiTemplate",
    "secretsmanager:GetRandomPassword",
    "servicequotas:GetServiceQuota",
    "sts:DecodeAuthorizationMessage",
    "sts:GetCallerIdentity",
    "tag:GetResources",
    "tag:GetTagKeys",
    "tag:GetTagValues",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
})
"""A name that ends in `*` stands for all that begin so."""


def may_be_anywhere(action: str) -> bool:
    """Tell whether an action, as a policy names it, can be held to no resource, or looks only."""
    return (any(fnmatchcase(action, one) for one in WITHOUT_RESOURCE)
            or any(fnmatchcase(action.partition(":")[2], verb) for verb in _LOOKS))
