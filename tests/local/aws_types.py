"""One example of every type: how a program writes it, how it changes in place, and how plain boto3 sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Client = Callable[[str], Any]
ROLE = "arn:aws:iam::123456789012:role/train"


@dataclass(frozen=True)
class Example:
    """A type with inputs that create it, inputs that change it in place, and one that replaces it.

    `needs` names examples that must stand before; "{bucket}" and the like in the inputs are filled from their outputs.
    `seen` reads a value with boto3, once created and once changed, that must be `before` and `after`.
    """

    token: str
    inputs: dict[str, Any]
    change: dict[str, Any]
    seen: Callable[[Client, dict[str, Any]], Any]
    before: Any
    after: Any
    replace: tuple[str, Any] | None = None
    needs: dict[str, str] = field(default_factory=dict)
    stays: bool = False
    found_after_kill: bool = True


def policy(action: str, principal: object = None, resource: str = "*") -> str:
    statement: dict[str, object] = {"Sid": "one", "Effect": "Allow", "Action": action, "Resource": resource}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(service: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})


def pipeline(name: str) -> str:
    return json.dumps({"Version": "2020-12-01", "Steps": [
        {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": "stop"}}]})


def images(count: int) -> str:
    return json.dumps({"rules": [{"rulePriority": 1, "selection": {
        "tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": count}, "action": {"type": "expire"}}]})


S3 = "aws:s3/"
BUCKET = {"bucket": "aws:s3/bucket:Bucket"}
KEY = {"key": "aws:kms/key:Key"}
TOPIC = {"topic": "aws:sns/topic:Topic"}
LOG_POLICY = policy("s3:PutObject", {"Service": "logging.s3.amazonaws.com"}, "arn:aws:s3:::{bucket.bucket}/*")

EXAMPLES = [
    Example("aws:kms/key:Key", {"description": "lake", "enableKeyRotation": True, "deletionWindowInDays": 7,
                                "tags": {"owner": "a"}},
            {"description": "raw", "tags": {"owner": "b"},
             "policy": policy("kms:*", {"AWS": "arn:aws:iam::123456789012:root"})},
            lambda boto, out: boto("kms").describe_key(KeyId=out["keyId"])["KeyMetadata"]["Description"],
            "lake", "raw", ("keyUsage", "SIGN_VERIFY")),
    Example("aws:kms/alias:Alias", {"name": "alias/lake", "targetKeyId": "{key.arn}"}, {"targetKeyId": "{other.keyId}"},
            lambda boto, out: boto("kms").describe_key(KeyId="alias/lake")["KeyMetadata"]["KeyId"] == out["_other"],
            False, True, ("name", "alias/pond"), {**KEY, "other": "aws:kms/key:Key"}),
    Example("aws:s3/bucket:Bucket", {"tags": {"owner": "a"}}, {"tags": {"owner": "b", "zone": "raw"}},
            lambda boto, out: sorted((tag["Key"], tag["Value"]) for tag in
                                     boto("s3").get_bucket_tagging(Bucket=out["bucket"])["TagSet"]),
            [("env", "local"), ("owner", "a")], [("env", "local"), ("owner", "b"), ("zone", "raw")],
            ("bucket", "another-bucket")),
    Example("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "{bucket.bucket}", "policy": LOG_POLICY},
            {"policy": LOG_POLICY.replace("PutObject", "GetObject")},
            lambda boto, out: json.loads(boto("s3").get_bucket_policy(Bucket=out["bucket"])["Policy"])
            ["Statement"][0]["Action"], "s3:PutObject", "s3:GetObject", ("bucket", "other"), BUCKET),
    Example("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            {"bucket": "{bucket.bucket}", "blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True,
             "restrictPublicBuckets": True}, {"ignorePublicAcls": False},
            lambda boto, out: boto("s3").get_public_access_block(Bucket=out["bucket"])
            ["PublicAccessBlockConfiguration"]["IgnorePublicAcls"], True, False, ("bucket", "other"), BUCKET),
    Example("aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            {"bucket": "{bucket.bucket}", "rule": {"objectOwnership": "BucketOwnerEnforced"}},
            {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
            lambda boto, out: boto("s3").get_bucket_ownership_controls(Bucket=out["bucket"])
            ["OwnershipControls"]["Rules"][0]["ObjectOwnership"], "BucketOwnerEnforced", "BucketOwnerPreferred",
            ("bucket", "other"), BUCKET),
    Example("aws:s3/bucketVersioning:BucketVersioning",
            {"bucket": "{bucket.bucket}", "versioningConfiguration": {"status": "Enabled"}},
            {"versioningConfiguration": {"status": "Suspended"}},
            lambda boto, out: boto("s3").get_bucket_versioning(Bucket=out["bucket"])["Status"], "Enabled", "Suspended",
            ("bucket", "other"), BUCKET, stays=True),
    Example("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            {"bucket": "{bucket.bucket}", "rules": [{"applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms", "kmsMasterKeyId": "{key.arn}"}, "bucketKeyEnabled": True}]},
            {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
            lambda boto, out: boto("s3").get_bucket_encryption(Bucket=out["bucket"])
            ["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
            "aws:kms", "AES256", ("bucket", "other"), {**BUCKET, **KEY}),
    Example("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {"bucket": "{bucket.bucket}", "rules": [
                {"id": "old", "status": "Enabled", "filter": {"prefix": "x/"}, "expiration": {"days": 30},
                 "abortIncompleteMultipartUpload": {"daysAfterInitiation": 3},
                 "transitions": [{"days": 10, "storageClass": "GLACIER"}, {"days": 5, "storageClass": "STANDARD_IA"}]},
                {"id": "tagged", "status": "Enabled", "filter": {"and": {"prefix": "y", "tags": {"k": "v"}}},
                 "expiration": {"days": 1}},
                {"id": "versions", "status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": 7}}]},
            {"rules": [{"id": "old", "status": "Disabled", "filter": {"tag": {"key": "a", "value": "b"}},
                        "expiration": {"days": 31}}]},
            lambda boto, out: [(rule["ID"], rule["Status"]) for rule in
                               boto("s3").get_bucket_lifecycle_configuration(Bucket=out["bucket"])["Rules"]],
            [("old", "Enabled"), ("tagged", "Enabled"), ("versions", "Enabled")], [("old", "Disabled")],
            ("bucket", "other"), BUCKET),
    Example("aws:s3/bucketLogging:BucketLogging",
            {"bucket": "{bucket.bucket}", "targetBucket": "{granted.bucket}", "targetPrefix": "a/"},
            {"targetPrefix": "b/"},
            lambda boto, out: boto("s3").get_bucket_logging(Bucket=out["bucket"])["LoggingEnabled"]["TargetPrefix"],
            "a/", "b/", ("bucket", "other"), {**BUCKET, "granted": "aws:s3/bucketPolicy:BucketPolicy"}),
    Example("aws:s3/bucketNotification:BucketNotification",
            {"bucket": "{bucket.bucket}", "eventbridge": True, "topics": [
                {"topicArn": "{topic.arn}", "events": ["s3:ObjectCreated:*"], "filterPrefix": "a/"}]},
            {"topics": []},
            lambda boto, out: [entry["Filter"]["Key"]["FilterRules"] for entry in boto("s3")
                               .get_bucket_notification_configuration(Bucket=out["bucket"])
                               .get("TopicConfigurations", [])],
            [[{"Name": "prefix", "Value": "a/"}]], [], ("bucket", "other"), {**BUCKET, **TOPIC}),
    Example("aws:s3/bucketObjectv2:BucketObjectv2",
            {"bucket": "{bucket.bucket}", "key": "a/b.txt", "content": "one", "contentType": "text/plain",
             "metadata": {"m": "1"}, "tags": {"owner": "a"}}, {"content": "two"},
            lambda boto, out: boto("s3").get_object(Bucket=out["bucket"], Key="a/b.txt")["Body"].read(), b"one", b"two",
            ("key", "c.txt"), BUCKET),
    Example("aws:sns/topic:Topic", {"displayName": "a", "kmsMasterKeyId": "alias/aws/sns", "tags": {"owner": "a"}},
            {"displayName": "b", "tags": {}},
            lambda boto, out: boto("sns").get_topic_attributes(TopicArn=out["arn"])["Attributes"]["DisplayName"],
            "a", "b", ("name", "other")),
    Example("aws:sns/topicPolicy:TopicPolicy",
            {"arn": "{topic.arn}", "policy": policy("sns:Publish", {"Service": "cloudwatch.amazonaws.com"})},
            {"policy": policy("sns:Publish", {"Service": "events.amazonaws.com"})},
            lambda boto, out: json.loads(boto("sns").get_topic_attributes(TopicArn=out["arn"])["Attributes"]["Policy"])
            ["Statement"][0]["Principal"]["Service"], "cloudwatch.amazonaws.com", "events.amazonaws.com",
            ("arn", "arn:aws:sns:eu-west-1:123456789012:other"), TOPIC),
    Example("aws:iam/role:Role",
            {"assumeRolePolicy": trust("sagemaker.amazonaws.com"), "description": "a", "tags": {"owner": "a"},
             "permissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"},
            {"assumeRolePolicy": trust("events.amazonaws.com"), "description": "b", "maxSessionDuration": 7200,
             "tags": {"owner": "b"}, "permissionsBoundary": None},
            lambda boto, out: (lambda role: (role["Description"], role["MaxSessionDuration"],
                                             role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"],
                                             "PermissionsBoundary" in role))
            (boto("iam").get_role(RoleName=out["name"])["Role"]),
            ("a", 3600, "sagemaker.amazonaws.com", True), ("b", 7200, "events.amazonaws.com", False), ("path", "/x/")),
    Example("aws:iam/rolePolicy:RolePolicy", {"role": "{role.name}", "policy": policy("s3:GetObject")},
            {"policy": policy("s3:PutObject")},
            lambda boto, out: boto("iam").get_role_policy(RoleName=out["role"], PolicyName=out["name"])
            ["PolicyDocument"]["Statement"][0]["Action"], "s3:GetObject", "s3:PutObject", ("role", "other"),
            {"role": "aws:iam/role:Role"}),
    Example("aws:ecr/repository:Repository",
            {"imageTagMutability": "IMMUTABLE", "imageScanningConfiguration": {"scanOnPush": True},
             "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "{key.arn}"}], "tags": {"owner": "a"}},
            {"imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": False}},
            lambda boto, out: (lambda one: (one["imageTagMutability"], one["imageScanningConfiguration"]["scanOnPush"]))
            (boto("ecr").describe_repositories(repositoryNames=[out["name"]])["repositories"][0]),
            ("IMMUTABLE", True), ("MUTABLE", False), ("name", "other"), KEY),
    Example("aws:ecr/lifecyclePolicy:LifecyclePolicy", {"repository": "{repository.name}", "policy": images(3)}, {},
            lambda boto, out: json.loads(boto("ecr").get_lifecycle_policy(repositoryName=out["repository"])
                                         ["lifecyclePolicyText"])["rules"][0]["selection"]["countNumber"],
            3, 3, ("policy", images(4)), {"repository": "aws:ecr/repository:Repository"}),
    Example("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 30, "kmsKeyId": "{key.arn}", "tags": {"owner": "a"}},
            {"retentionInDays": 90, "tags": {"owner": "b"}},
            lambda boto, out: boto("logs").describe_log_groups(logGroupNamePrefix=out["name"])["logGroups"][0]
            ["retentionInDays"], 30, 90, ("name", "other"), KEY),
    Example("aws:cloudwatch/metricAlarm:MetricAlarm",
            {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 1,
             "alarmActions": ["{topic.arn}"], "metricQueries": [
                 {"id": "rate", "expression": "errors/calls", "returnData": True},
                 {"id": "errors", "metric": {"metricName": "Invocation5XXErrors", "namespace": "AWS/SageMaker",
                                             "period": 60, "stat": "Sum", "dimensions": {"EndpointName": "e"}}},
                 {"id": "calls", "metric": {"metricName": "Invocations", "namespace": "AWS/SageMaker", "period": 60,
                                            "stat": "Sum"}}], "tags": {"owner": "a"}},
            {"threshold": 2.5, "treatMissingData": "notBreaching", "tags": {"owner": "b"}},
            lambda boto, out: boto("cloudwatch").describe_alarms(AlarmNames=[out["name"]])["MetricAlarms"][0]
            ["Threshold"], 1.0, 2.5, ("name", "other"), TOPIC),
    Example("aws:ssm/parameter:Parameter",
            {"name": "/mlstead/loop", "type": "String", "value": "on", "description": "kill switch", "tags": {"a": "b"}},
            {"value": "off"}, lambda boto, out: boto("ssm").get_parameter(Name=out["name"])["Parameter"]["Value"],
            "on", "off", ("name", "/other")),
    Example("aws:sagemaker/modelPackageGroup:ModelPackageGroup",
            {"modelPackageGroupName": "flights", "modelPackageGroupDescription": "delays"}, {"tags": {"owner": "b"}},
            lambda boto, out: boto("sagemaker").list_tags(ResourceArn=out["arn"])["Tags"][-1:],
            [{"Key": "env", "Value": "local"}], [{"Key": "owner", "Value": "b"}],
            ("modelPackageGroupDescription", "other")),
    Example("aws:sagemaker/pipeline:Pipeline",
            {"pipelineName": "training", "pipelineDisplayName": "training", "roleArn": ROLE,
             "pipelineDefinition": pipeline("A"), "parallelismConfiguration": {"maxParallelExecutionSteps": 2},
             "tags": {"owner": "a"}}, {"pipelineDefinition": pipeline("B"), "pipelineDescription": "changed"},
            lambda boto, out: json.loads(boto("sagemaker").describe_pipeline(PipelineName="training")
                                         ["PipelineDefinition"])["Steps"][0]["Name"],
            "A", "B", ("pipelineName", "other")),
    Example("aws:sagemaker/model:Model",
            {"executionRoleArn": ROLE, "enableNetworkIsolation": True, "primaryContainer": {
                "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/none:1", "environment": {"A": "b"},
                "modelDataUrl": "s3://bucket/model.tar.gz"}}, {"tags": {"owner": "b"}},
            lambda boto, out: len(boto("sagemaker").list_tags(ResourceArn=out["arn"])["Tags"]), 1, 2,
            ("enableNetworkIsolation", False)),
    Example("aws:sagemaker/endpointConfiguration:EndpointConfiguration",
            {"kmsKeyArn": "{key.arn}", "productionVariants": [
                {"modelName": "{model.name}", "variantName": "AllTraffic", "instanceType": "ml.m5.large",
                 "initialInstanceCount": 1}],
             "dataCaptureConfig": {
                 "enableCapture": True, "destinationS3Uri": "s3://bucket/capture", "initialSamplingPercentage": 100,
                 "kmsKeyId": "{key.arn}", "captureOptions": [{"captureMode": "Input"}, {"captureMode": "Output"}],
                 "captureContentTypeHeader": {"csvContentTypes": ["text/csv"]}}, "tags": {"owner": "a"}},
            {"tags": {"owner": "b"}},
            lambda boto, out: boto("sagemaker").describe_endpoint_config(EndpointConfigName=out["name"])
            ["DataCaptureConfig"]["EnableCapture"], True, True, ("kmsKeyArn", "other"),
            {**KEY, "model": "aws:sagemaker/model:Model"}),
]
