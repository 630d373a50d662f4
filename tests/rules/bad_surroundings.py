"""What surrounds machine learning as somebody writes it by mistake: what he did, the rule it trips, the resource."""

from __future__ import annotations

from typing import Any

from stack_builder import JOBS_HELD, OF_FOUNDATION, TAGS, Mistake, policy, resource

from mlstead_toolkit.policies import Resource
from mlstead_toolkit.policies.identity_policy import GROUP_POLICY, POLICY, ROLE, ROLE_POLICY
from mlstead_toolkit.policies.rules import (
    cloudtrail,
    ecr,
    events,
    iam_policies,
    iam_users,
    instances,
    kms,
    lambda_functions,
    logs,
    s3,
    s3_policy,
    secrets_manager,
    security_groups,
    service_policies,
    sns,
    sqs,
    step_functions,
    vpc,
    vpc_endpoints,
)

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/8a4f0c2e"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
_ATTACHMENT = next(iter(iam_policies.ATTACHMENTS))


def _may(actions: Any, resources: Any = "*", condition: dict[str, Any] | None = None) -> Resource:
    statement = {"Action": actions, "Resource": resources} | ({"Condition": condition} if condition else {})
    return resource(ROLE_POLICY, role="flights-training", policy=policy(statement))


def _trusting(principal: Any, condition: dict[str, Any] | None = None, action: str = "sts:AssumeRole") -> Resource:
    statement = {"Principal": principal, "Action": action} | ({"Condition": condition} if condition else {})
    return resource(ROLE, tags=OF_FOUNDATION, assumeRolePolicy=policy(statement))


def _letting(type: str, principal: Any, action: str, arn: str, condition: dict[str, Any] | None = None) -> Resource:
    statement = {"Principal": principal, "Action": action, "Resource": arn}
    return resource(type, policy=policy(statement | ({"Condition": condition} if condition else {})))


def _trail(**slip: Any) -> Resource:
    objects = {"includeManagementEvents": True, "readWriteType": "All",
               "dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}
    return resource(cloudtrail.TRAIL, **{
        "s3BucketName": "acme-trail", "isMultiRegionTrail": True, "enableLogFileValidation": True, "kmsKeyId": KEY,
        "cloudWatchLogsGroupArn": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:trail:*", "eventSelectors": [objects],
    } | slip)


_TO_SAGEMAKER = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}

MISTAKES = [
    Mistake("a model's file that everybody can download", "s3-no-acls", resource(
        s3.OBJECT, bucket="acme-models", key="model.tar.gz", acl="public-read")),
    Mistake("a bucket's policy copied from a website's", "s3-not-public", _letting(
        s3_policy.BUCKET_POLICY, "*", "s3:GetObject", "arn:aws:s3:::acme-lake-raw/*")),
    Mistake("public to all but one account", "s3-not-public", _letting(
        s3_policy.BUCKET_POLICY, "*", "s3:GetObject", "arn:aws:s3:::acme-lake-raw/*",
        {"StringNotEquals": {"aws:PrincipalAccount": "210987654321"}})),
    Mistake("a partner who gets s3:* on a bucket", "s3-guards-not-handed-out", _letting(
        s3_policy.BUCKET_POLICY, {"AWS": "arn:aws:iam::210987654321:role/partner"}, "s3:*",
        "arn:aws:s3:::acme-lake-curated/*")),
    Mistake("logs that any bucket of the world may deliver", "services-for-own-account", _letting(
        s3_policy.BUCKET_POLICY, {"Service": "logging.s3.amazonaws.com"}, "s3:PutObject", "arn:aws:s3:::acme-logs/*")),
    Mistake("half a block of public access", "s3-account-public-access-blocked", resource(
        s3.ACCOUNT_PUBLIC_ACCESS_BLOCK, blockPublicAcls=True, ignorePublicAcls=True)),
    Mistake("a key as the console's wizard leaves it", "kms-rotation", resource(kms.KEY, description="flights")),
    Mistake("a key for whoever comes through S3", "kms-not-public", resource(
        kms.KEY, enableKeyRotation=True, policy=policy({
            "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}))),
    Mistake("a job that decrypts with whichever key it was", "kms-decrypt-named-keys", _may("kms:Decrypt")),
    Mistake("an administrator, for the time being", "iam-not-everything", resource(
        POLICY, name="for-now", policy={"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "*"}})),
    Mistake("glue:*, until the job runs", "iam-no-whole-service", _may(
        ["s3:ListBucket", "glue:*"], f"arn:aws:glue:eu-west-1:{ACCOUNT}:table/flights/*")),
    Mistake("everything but IAM", "iam-no-all-but", resource(
        GROUP_POLICY, group="data-scientists", policy=policy({"NotAction": "iam:*", "Resource": "*"}))),
    Mistake("the policy that the tutorial attaches", "iam-no-aws-managed-policy", resource(
        _ATTACHMENT, role="flights-training", policyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess")),
    Mistake("training data from whichever bucket", "iam-no-exfiltration", _may(
        ["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::*")),
    Mistake("any role, to SageMaker at least", "iam-pass-named-roles", _may("iam:PassRole", "*", _TO_SAGEMAKER)),
    Mistake("one role, to any service", "iam-pass-role-to-named-service", _may(
        "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/mlstead/flights/dev/training")),
    Mistake("a pipeline that starts any job under any role", "iam-no-escalation-by-job", resource(
        ROLE_POLICY, role="flights-pipeline", policy=policy(
            {"Action": "sagemaker:CreateProcessingJob", "Resource": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:*",
             "Condition": JOBS_HELD},
            {"Action": "iam:PassRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/*", "Condition": _TO_SAGEMAKER}))),
    Mistake("a pipeline of CI that writes any role's policy", "iam-no-escalation", _may(
        ["iam:PutRolePolicy", "iam:GetRole"], f"arn:aws:iam::{ACCOUNT}:role/*")),
    Mistake("an endpoint that is deleted by whoever", "iam-named-resources", _may("sagemaker:DeleteEndpoint")),
    Mistake("a trust that the documentation's first example has", "iam-trust-services-for-own-account", _trusting(
        {"Service": "sagemaker.amazonaws.com"})),
    Mistake("a partner's whole account", "iam-trust-more-than-account", _trusting(
        {"AWS": "arn:aws:iam::210987654321:root"})),
    Mistake("every repository of GitHub", "iam-trust-tokens-of-own-repositories", _trusting(
        {"Federated": GITHUB}, {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}},
        "sts:AssumeRoleWithWebIdentity")),
    Mistake("a project's role made by hand", "iam-project-roles-bounded", resource(
        ROLE, tags=TAGS, path="/mlstead/project/dev/", assumeRolePolicy=policy({
            "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}))),
    Mistake("a key for the notebook's owner", "iam-no-lasting-credentials", resource(
        iam_users.ACCESS_KEY, user="ada")),
    Mistake("a door for debugging", "security-group-not-open-to-internet", resource(
        security_groups.INGRESS_RULE, securityGroupId="sg-0a", ipProtocol="tcp", fromPort=22, toPort=22,
        cidrIpv4="0.0.0.0/0")),
    Mistake("the internet in two halves", "security-group-not-open-to-internet", resource(
        security_groups.GROUP, vpcId="vpc-0a", ingress=[{
            "protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["0.0.0.0/1", "128.0.0.0/1"]}])),
    Mistake("a subnet that hands out public addresses", "vpc-subnet-no-public-addresses", resource(
        vpc.SUBNET, vpcId="vpc-0a", cidrBlock="10.64.0.0/20", mapPublicIpOnLaunch=True)),
    Mistake("a route out for pip install", "vpc-no-internet-route", resource(
        vpc.ROUTE, routeTableId="rtb-0a", destinationCidrBlock="0.0.0.0/0", gatewayId="igw-0a")),
    Mistake("an endpoint for S3 with the policy that AWS gives it", "vpc-endpoint-own-resources", resource(
        vpc_endpoints.ENDPOINT, vpcId="vpc-0a", serviceName="com.amazonaws.eu-west-1.s3", routeTableIds=["rtb-0a"])),
    Mistake("an endpoint for our people, and anybody's buckets", "vpc-endpoint-own-resources", resource(
        vpc_endpoints.ENDPOINT, vpcId="vpc-0a", serviceName="com.amazonaws.eu-west-1.s3", policy=policy({
            "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}))),
    Mistake("a machine with the old metadata service", "ec2-metadata-tokens", resource(
        instances.INSTANCE, ami="ami-0a", instanceType="g5.xlarge", subnetId="subnet-0a")),
    Mistake("a file system for data sets, in clear", "disk-customer-key", resource(instances.FILE_SYSTEM)),
    Mistake("alarms that anybody can send", "sns-not-public", _letting(
        sns.TOPIC_POLICY, {"AWS": "*"}, "sns:Publish", f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms")),
    Mistake("a queue that any bucket may fill", "sqs-not-public", _letting(
        sqs.QUEUE_POLICY, "*", "sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:arrivals",
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}})),
    Mistake("a rule for whatever calls itself Object Created", "events-name-source", resource(
        events.RULE, eventPattern='{"detail-type": ["Object Created"]}')),
    Mistake("an event that is lost when the pipeline is busy", "events-dead-letters", resource(
        events.TARGET, rule="arrivals", arn=f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:pipeline/flights",
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/mlstead/flights/dev/scheduling")),
    Mistake("jobs' logs under AWS's key", "logs-customer-key", resource(
        logs.LOG_GROUP, name="/aws/sagemaker/TrainingJobs", retentionInDays=365)),
    Mistake("an alarm that nobody hears", "alarm-tells-somebody", resource(
        logs.METRIC_ALARM, name="flights-late", namespace="AWS/SageMaker", metricName="ModelLatency")),
    Mistake("images for all of the world", "ecr-not-public", resource(
        ecr.REPOSITORY_POLICY, repository="flights", policy=policy({
            "Principal": "*", "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}))),
    Mistake("a password beside the settings", "parameter-secret-secured", resource(
        secrets_manager.PARAMETER, "password", name="/flights/warehouse/password", type="String", value="horse")),
    Mistake("a secret that everybody of the account can decrypt", "secret-customer-key", resource(
        secrets_manager.PARAMETER, name="/flights/warehouse/password", type="SecureString", value="horse")),
    Mistake("a trail for the region that one works in", "trail-records-everything", _trail(isMultiRegionTrail=False)),
    Mistake("a trail that can be rewritten", "trail-validated", _trail(enableLogFileValidation=False)),
    Mistake("a function that any bucket may call", "services-for-own-account", resource(
        service_policies.LAMBDA_PERMISSION, action="lambda:InvokeFunction", function="clean",
        principal="s3.amazonaws.com")),
    Mistake("a model behind an open address", "lambda-not-public", resource(
        lambda_functions.FUNCTION_URL, functionName="predict", authorizationType="NONE")),
    Mistake("a state machine without a log", "state-machine-logged", resource(
        step_functions.STATE_MACHINE, roleArn=f"arn:aws:iam::{ACCOUNT}:role/retrain", definition="{}",
        tracingConfiguration={"enabled": True},
        encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": KEY})),
]
