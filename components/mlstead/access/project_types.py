"""The resource types of a project's stack, and what the AWS provider calls to keep them.

Read from what the provider called for them: create, read, change of tags and settings, delete. A type that is not here
cannot be deployed from CI; a test holds the table against the template's stack.
"""

from __future__ import annotations

from typing import Final

from mlstead.access.managed import Managed

_LAKE_FORMATION = "Lake Formation's actions have no resource level: who administers it decides what is granted"
_LOGS = "log-group:/aws/sagemaker/Endpoints/{name}*"
_TAGGING = ("TagResource", "UntagResource")

PROJECT_TYPES: Final = (
    Managed(
        ("aws:sagemaker/modelPackageGroup:ModelPackageGroup", "aws:sagemaker/pipeline:Pipeline",
         "aws:sagemaker/endpoint:Endpoint", "aws:sagemaker/image:Image", "aws:sagemaker/appImageConfig:AppImageConfig"),
        "sagemaker", [f"{kind}/{{name}}*" for kind in
                      ("model-package-group", "pipeline", "endpoint", "image", "app-image-config")],
        creates=["CreateModelPackageGroup", "CreatePipeline", "CreateEndpoint", "CreateImage", "CreateAppImageConfig",
                 "AddTags"],
        changes=["DeleteModelPackageGroup", "UpdatePipeline", "DeletePipeline", "UpdateEndpoint", "DeleteEndpoint",
                 "UpdateImage", "DeleteImage", "CreateImageVersion", "UpdateAppImageConfig", "DeleteAppImageConfig",
                 "AddTags", "DeleteTags"],
        reads=["DescribeModelPackageGroup", "DescribePipeline", "DescribeEndpoint", "DescribeImage",
               "DescribeAppImageConfig", "ListTags"],
    ),
    Managed(  # named by Pulumi; CreateModel and CreateEndpointConfig have conditions of their own
        ("aws:sagemaker/model:Model", "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
         "aws:sagemaker/userProfile:UserProfile"),
        "sagemaker", ["model/{project}-*", "endpoint-config/{project}-*", "user-profile/*/{project}-*"],
        creates=["CreateUserProfile", "AddTags"],
        changes=["DeleteModel", "DeleteEndpointConfig", "UpdateUserProfile", "DeleteUserProfile", "CreateEndpoint",
                 "UpdateEndpoint", "AddTags", "DeleteTags"],
        reads=["DescribeModel", "DescribeEndpointConfig", "DescribeUserProfile", "ListTags"],
    ),
    Managed(  # carry no tags
        ("aws:sagemaker/imageVersion:ImageVersion",), "sagemaker", ["image-version/{name}/*"],
        changes=["UpdateImageVersion", "DeleteImageVersion"], reads=["DescribeImageVersion"], tagged=False,
    ),
    Managed(
        ("aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"), "ecr", ["repository/{name}"],
        creates=["CreateRepository", "TagResource"],
        changes=["PutImageScanningConfiguration", "PutImageTagMutability", "DeleteRepository", "PutLifecyclePolicy",
                 "DeleteLifecyclePolicy", *_TAGGING],
        reads=["DescribeRepositories", "GetLifecyclePolicy", "ListTagsForResource"],
    ),
    Managed(
        ("aws:athena/workgroup:Workgroup",), "athena", ["workgroup/{name}"],
        creates=["CreateWorkGroup", "TagResource"], changes=["UpdateWorkGroup", "DeleteWorkGroup", *_TAGGING],
        reads=["GetWorkGroup", "ListTagsForResource"],
    ),
    Managed(
        ("aws:glue/dataQualityRuleset:DataQualityRuleset",), "glue", ["dataQualityRuleset/{name}-*"],
        creates=["TagResource"], changes=["UpdateDataQualityRuleset", "DeleteDataQualityRuleset", *_TAGGING],
        reads=["GetDataQualityRuleset", "GetTags"],
    ),
    Managed(
        ("aws:glue/dataQualityRuleset:DataQualityRuleset",), "glue", [], creates=["CreateDataQualityRuleset"],
        reason="CreateDataQualityRuleset has no resource level; the tags of the request narrow it",
    ),
    Managed(  # carry no tags that IAM would see
        ("aws:glue/catalogTable:CatalogTable",), "glue",
        ["catalog", "database/{database}_*", "table/{database}_*/{table}_*"],
        creates=["CreateTable"], changes=["UpdateTable", "DeleteTable"],
        reads=["GetDatabase", "GetTable", "GetPartitionIndexes"], tagged=False,
    ),
    Managed(
        ("aws:lakeformation/lfTag:LfTag", "aws:lakeformation/resourceLfTag:ResourceLfTag",
         "aws:lakeformation/permissions:Permissions"), "lakeformation", [],
        changes=["CreateLFTag", "UpdateLFTag", "DeleteLFTag", "AddLFTagsToResource", "RemoveLFTagsFromResource",
                 "GrantPermissions", "RevokePermissions"],
        reads=["GetLFTag", "GetResourceLFTags", "ListPermissions"], tagged=False, reason=_LAKE_FORMATION,
    ),
    Managed(
        ("aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"), "events",
        ["rule/{project}-*"],
        creates=["PutRule", "TagResource"],
        changes=["PutRule", "DeleteRule", "PutTargets", "RemoveTargets", *_TAGGING],
        reads=["DescribeRule", "ListTargetsByRule", "ListTagsForResource"],
    ),
    Managed(
        ("aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"), "sns", ["{project}-*"],
        creates=["CreateTopic", "TagResource"], changes=["SetTopicAttributes", "DeleteTopic", *_TAGGING],
        reads=["GetTopicAttributes", "ListTagsForResource"],
    ),
    Managed(
        ("aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"), "sqs", ["{project}-*"],
        creates=["CreateQueue", "TagQueue"], changes=["SetQueueAttributes", "DeleteQueue", "TagQueue", "UntagQueue"],
        reads=["GetQueueAttributes", "GetQueueUrl", "ListQueueTags"],
    ),
    Managed(
        ("aws:cloudwatch/metricAlarm:MetricAlarm",), "cloudwatch", ["alarm:{name}-*"],
        creates=["PutMetricAlarm", "TagResource"], changes=["PutMetricAlarm", "DeleteAlarms", *_TAGGING],
        reads=["ListTagsForResource"],
    ),
    Managed(
        ("aws:cloudwatch/metricAlarm:MetricAlarm",), "cloudwatch", [], reads=["DescribeAlarms"],
        reason="DescribeAlarms answers for composite alarms only where it is allowed for all; it tells settings",
    ),
    Managed(
        ("aws:cloudwatch/logGroup:LogGroup",), "logs", [_LOGS], creates=["CreateLogGroup", "TagResource"],
        changes=["PutRetentionPolicy", "DeleteRetentionPolicy", "DeleteLogGroup", *_TAGGING],
        reads=["ListTagsForResource"],
    ),
    Managed(  # asked of a group that is being made, and has no tags yet
        ("aws:cloudwatch/logGroup:LogGroup",), "logs", [_LOGS], changes=["AssociateKmsKey"], tagged=False,
    ),
    Managed(
        ("aws:cloudwatch/logGroup:LogGroup",), "logs", [], reads=["DescribeLogGroups"],
        reason="DescribeLogGroups has no resource level; it tells names and settings, no events",
    ),
    Managed(
        ("aws:macie2/classificationJob:ClassificationJob",), "macie2", ["classification-job/*"],
        creates=["CreateClassificationJob", "TagResource"], changes=["UpdateClassificationJob", *_TAGGING],
        reads=["DescribeClassificationJob", "ListTagsForResource"],
    ),
    Managed(  # written with the boundary and the path as their conditions
        ("aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"), "iam", ["role/mlstead/{project}/{environment}/*"],
        reads=["GetRole", "GetRolePolicy", "ListRolePolicies", "ListAttachedRolePolicies",
               "ListInstanceProfilesForRole", "ListRoleTags"],
    ),
)
