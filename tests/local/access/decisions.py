"""The table: who · does what · to which resource · in which circumstances · and whether he may, or what is in the way.

Whom: a role's use; `<use> + all`, the same role with an administrator's policy besides, which only its boundary and the
policies of resources hold; or somebody of `principals.py`. Resources and values are filled in by `account.py`: {raw} is
the bucket of a zone, {keys[raw]} a key, {roles[training]} a role, {sagemaker} what ARNs of SageMaker begin with.
"""

from __future__ import annotations

from typing import Any

ALLOWED = "allowed"
NOT_GRANTED = "identity-based policy"
NOT_TRUSTED = "role trust policy"
BOUNDED = "permissions boundary"
OF_THE_RESOURCE = "resource-based policy"
ON_THE_WAY = "VPC endpoint policy"

Row = tuple[str, str, str, dict[str, Any], str]

TO_SAGEMAKER = {"iam:PassedToService": "sagemaker.amazonaws.com"}
VIA_S3 = {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": "{features}"}
JOB = {
    "sagemaker:VpcSubnets": ["{subnets[0]}", "{subnets[1]}"], "sagemaker:VpcSecurityGroupIds": ["{group}"],
    "sagemaker:VolumeKmsKey": "{keys[artifacts]}", "sagemaker:OutputKmsKey": "{keys[artifacts]}",
    "sagemaker:NetworkIsolation": "true", "sagemaker:InterContainerTrafficEncryption": "true",
    "sagemaker:InstanceTypes": ["ml.m5.large"],
}
"""A job as the training pipeline asks for it: each row that is denied leaves out or changes one thing."""
OWN = {"aws:RequestTag/mlstead:project": "flight-delays", "aws:RequestTag/mlstead:environment": "local"}
OWNED = {"aws:ResourceTag/mlstead:project": "flight-delays", "aws:ResourceTag/mlstead:environment": "local"}
NEW_ROLE = OWN | {"iam:PermissionsBoundary": "{boundary}"}
GITHUB = "token.actions.githubusercontent.com"
MAIN = {
    f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:ref": "refs/heads/main",
    f"{GITHUB}:sub": "repo:acme/flight-delays:environment:local", f"{GITHUB}:repository": "acme/flight-delays",
}
"""What GitHub's token says for a job on main that deploys the environment local."""

JOBS: list[Row] = [
    ("ingestion", "s3:PutObject", "{raw}/flight-delays/flights/x", {}, ALLOWED),
    ("ingestion", "s3:GetObject", "{raw}/flight-delays/landing/x", {}, ALLOWED),
    ("ingestion", "s3:PutObject", "{curated}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("ingestion", "s3:GetObject", "{raw}/churn/landing/x", {}, OF_THE_RESOURCE),
    ("ingestion", "s3:DeleteObject", "{raw}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("gate", "s3:GetObject", "{raw}/flight-delays/flights/x", {}, ALLOWED),
    ("gate", "s3:PutObject", "{curated}/flight-delays/flights/x", {}, ALLOWED),
    ("gate", "s3:PutObject", "{raw}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("gate", "kms:GenerateMac", "{keys[tokens]}", {"kms:MacAlgorithm": "HMAC_SHA_256"}, ALLOWED),
    ("training", "kms:GenerateMac", "{keys[tokens]}", {"kms:MacAlgorithm": "HMAC_SHA_256"}, NOT_GRANTED),
    ("processing", "s3:GetObject", "{curated}/flight-delays/flights/x", {}, ALLOWED),
    ("processing", "s3:GetObject", "{raw}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("training", "s3:GetObject", "{features}/flight-delays/x", {}, ALLOWED),
    ("training", "s3:GetObject", "{features}/flight-delays/x", {"aws:SecureTransport": False}, OF_THE_RESOURCE),
    ("training", "s3:GetObject", "{features}/flight-delays/x", {"aws:ResourceAccount": "999988887777"}, ON_THE_WAY),
    ("training", "s3:GetObject", "{curated}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("training", "s3:PutObject", "{artifacts}/flight-delays/models/x", {}, ALLOWED),
    ("training", "s3:PutObject", "{artifacts}/flight-delays/models/x", {
        "s3:x-amz-server-side-encryption": "aws:kms",
        "s3:x-amz-server-side-encryption-aws-kms-key-id": "{keys[raw]}"}, OF_THE_RESOURCE),
    ("training", "logs:PutLogEvents", "{logs}:log-group:/aws/sagemaker/TrainingJobs:log-stream:x", {}, ALLOWED),
    ("training", "logs:PutLogEvents", "{logs}:log-group:/aws/sagemaker/studio:log-stream:x", {}, NOT_GRANTED),
    ("training", "cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "mlstead/flight-delays"}, ALLOWED),
    ("training", "cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "mlstead/churn"}, NOT_GRANTED),
    ("training", "ecr:BatchGetImage", "{ecr}:repository/flight-delays-local", {}, ALLOWED),
    ("training", "ecr:BatchGetImage", "{ecr}:repository/churn-local", {}, NOT_GRANTED),
    ("endpoint", "s3:PutObject", "{artifacts}/flight-delays/capture/x", {}, ALLOWED),
    ("endpoint", "s3:PutObject", "{artifacts}/flight-delays/models/x", {}, NOT_GRANTED),
    ("exploration", "s3:GetObject", "{curated}/flight-delays/flights/x", {}, ALLOWED),
    ("exploration", "s3:GetObject", "{raw}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("exploration", "athena:StartQueryExecution", "{athena}:workgroup/flight-delays-local", {}, ALLOWED),
    ("exploration", "athena:StartQueryExecution", "{athena}:workgroup/primary", {}, NOT_GRANTED),
]

KEYS: list[Row] = [
    ("training", "kms:Decrypt", "{keys[refined]}", VIA_S3, ALLOWED),
    ("training", "kms:Decrypt", "{keys[refined]}", {}, OF_THE_RESOURCE),
    ("training", "kms:Decrypt", "{keys[raw]}", VIA_S3, NOT_GRANTED),
    ("training + all", "kms:Decrypt", "{keys[refined]}", {}, OF_THE_RESOURCE),
    ("training + all", "kms:PutKeyPolicy", "{keys[refined]}", {}, BOUNDED),
    ("a stranger", "kms:Decrypt", "{keys[refined]}", VIA_S3, OF_THE_RESOURCE),
]

PIPELINES: list[Row] = [
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x", JOB, ALLOWED),
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x",
     JOB | {"sagemaker:VpcSubnets": "", "sagemaker:VpcSecurityGroupIds": ""}, BOUNDED),
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x",
     JOB | {"sagemaker:VpcSubnets": ["subnet-0123456789abcdef0"]}, BOUNDED),
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x",
     JOB | {"sagemaker:VpcSecurityGroupIds": ["sg-0123456789abcdef0"]}, NOT_GRANTED),
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x",
     JOB | {"sagemaker:VolumeKmsKey": ""}, NOT_GRANTED),
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x",
     JOB | {"sagemaker:OutputKmsKey": "{keys[raw]}"}, NOT_GRANTED),
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x",
     JOB | {"sagemaker:NetworkIsolation": "false"}, NOT_GRANTED),
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x",
     JOB | {"sagemaker:InterContainerTrafficEncryption": "false"}, NOT_GRANTED),
    ("pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x",
     JOB | {"sagemaker:InstanceTypes": ["ml.p4d.24xlarge"]}, NOT_GRANTED),
    ("data-pipeline", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/pipelines-x", JOB, NOT_GRANTED),
    ("pipeline", "iam:PassRole", "{roles[training]}", TO_SAGEMAKER, ALLOWED),
    ("pipeline", "iam:PassRole", "{roles[training]}", {"iam:PassedToService": "glue.amazonaws.com"}, NOT_GRANTED),
    ("pipeline", "iam:PassRole", "{roles[gate]}", TO_SAGEMAKER, NOT_GRANTED),
    ("pipeline + all", "iam:PassRole", "{roles[deploy]}", TO_SAGEMAKER, BOUNDED),
    ("pipeline", "sagemaker:CreateModelPackage", "{sagemaker}:model-package-group/flight-delays-local",
     {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}, ALLOWED),
    ("pipeline", "sagemaker:CreateModelPackage", "{sagemaker}:model-package-group/flight-delays-local",
     {"sagemaker:ModelApprovalStatus": "Approved"}, NOT_GRANTED),
    ("pipeline", "sagemaker:CreateModelPackageGroup", "{sagemaker}:model-package-group/flight-delays-local", {},
     ALLOWED),
    ("pipeline", "sagemaker:AddTags", "{sagemaker}:model-package-group/flight-delays-local", {}, NOT_GRANTED),
    ("scheduling", "sagemaker:StartPipelineExecution", "{sagemaker}:pipeline/flight-delays-local-data", {}, ALLOWED),
    ("scheduling", "sagemaker:StartPipelineExecution", "{sagemaker}:pipeline/flight-delays-local", {}, NOT_GRANTED),
]

PEOPLE: list[Row] = [
    ("data-engineer", "s3:PutObject", "{raw}/flight-delays/landing/x", {}, ALLOWED),
    ("data-engineer", "s3:PutObject", "{raw}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("data-engineer", "s3:PutObject", "{curated}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("data-engineer", "s3:PutObject", "{quarantine}/flight-delays/releases/x", {}, ALLOWED),
    ("data-engineer", "sagemaker:UpdateModelPackage", "{sagemaker}:model-package/flight-delays-local/1",
     {"sagemaker:ModelApprovalStatus": "Approved"}, NOT_GRANTED),
    ("data-scientist", "sagemaker:StartPipelineExecution", "{sagemaker}:pipeline/flight-delays-local", {}, ALLOWED),
    ("data-scientist", "s3:GetObject", "{raw}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("data-scientist", "sagemaker:UpdateModelPackage", "{sagemaker}:model-package/flight-delays-local/1",
     {"sagemaker:ModelApprovalStatus": "Approved"}, NOT_GRANTED),
    ("data-scientist", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/flight-delays-x", JOB, NOT_GRANTED),
    ("ml-engineer", "sagemaker:UpdateModelPackage", "{sagemaker}:model-package/flight-delays-local/1",
     {"sagemaker:ModelApprovalStatus": "Approved"}, ALLOWED),
    ("ml-engineer", "sagemaker:UpdateModelPackage", "{sagemaker}:model-package/churn-local/1",
     {"sagemaker:ModelApprovalStatus": "Approved"}, NOT_GRANTED),
    ("ml-engineer", "sagemaker:InvokeEndpoint", "{sagemaker}:endpoint/flight-delays-local", {}, ALLOWED),
    ("ml-engineer", "sagemaker:UpdateEndpoint", "{sagemaker}:endpoint/flight-delays-local", {}, NOT_GRANTED),
    ("auditor", "s3:GetBucketPolicy", "{raw}", {}, ALLOWED),
    ("auditor", "iam:GetRolePolicy", "{roles[training]}", {}, ALLOWED),
    ("auditor", "s3:GetObject", "{curated}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("auditor", "sagemaker:InvokeEndpoint", "{sagemaker}:endpoint/flight-delays-local", {}, NOT_GRANTED),
    ("auditor", "logs:GetLogEvents", "{logs}:log-group:/aws/sagemaker/TrainingJobs:log-stream:x", {}, NOT_GRANTED),
]

CI: list[Row] = [
    ("plan", "sagemaker:DescribePipeline", "{sagemaker}:pipeline/flight-delays-local", {}, ALLOWED),
    ("plan", "sagemaker:UpdatePipeline", "{sagemaker}:pipeline/flight-delays-local", OWNED, NOT_GRANTED),
    ("plan", "s3:GetObject", "{curated}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("deploy", "iam:CreateRole", "{iam}:role/mlstead/flight-delays/local/x", NEW_ROLE, ALLOWED),
    ("deploy", "iam:CreateRole", "{iam}:role/mlstead/flight-delays/local/x", OWN, NOT_GRANTED),
    ("deploy", "iam:CreateRole", "{iam}:role/mlstead/flight-delays/local/x",
     NEW_ROLE | {"iam:PermissionsBoundary": "{iam}:policy/wider"}, NOT_GRANTED),
    ("deploy", "iam:CreateRole", "{iam}:role/mlstead/churn/local/x", NEW_ROLE, NOT_GRANTED),
    ("deploy", "iam:DeleteRolePermissionsBoundary", "{roles[training]}", {}, NOT_GRANTED),
    ("deploy + all", "iam:PutRolePolicy", "{roles[deploy]}", {}, NOT_GRANTED),
    ("deploy + all", "iam:CreatePolicyVersion", "{boundary}", {}, NOT_GRANTED),
    ("deploy", "iam:TagRole", "{roles[training]}", {"aws:RequestTag/mlstead:project": "churn"}, NOT_GRANTED),
    ("deploy", "iam:UntagRole", "{roles[training]}", {"aws:TagKeys": ["Mlstead:Project"]}, NOT_GRANTED),
    ("deploy", "iam:UpdateAssumeRolePolicy", "{roles[plan]}", {}, NOT_GRANTED),
    ("deploy + all", "sts:AssumeRole", "{roles[data-engineer]}", {}, NOT_GRANTED),
    ("deploy", "s3:PutObject", "{state}/stacks/mlstead-foundation/local.json", {}, NOT_GRANTED),
    ("plan", "s3:GetObject", "{state}/stacks/churn/local.json", {}, NOT_GRANTED),
    ("deploy", "iam:PassRole", "{roles[endpoint]}", TO_SAGEMAKER, ALLOWED),
    ("deploy", "iam:PassRole", "{roles[endpoint]}", {"iam:PassedToService": "lambda.amazonaws.com"}, NOT_GRANTED),
    ("deploy", "sagemaker:CreateModel", "{sagemaker}:model/flight-delays-x", OWN | JOB, ALLOWED),
    ("deploy", "sagemaker:CreateModel", "{sagemaker}:model/flight-delays-x",
     OWN | JOB | {"sagemaker:NetworkIsolation": "false"}, NOT_GRANTED),
    ("deploy", "sagemaker:CreateModel", "{sagemaker}:model/flight-delays-x",
     OWN | JOB | {"sagemaker:VpcSubnets": ""}, NOT_GRANTED),
    ("deploy", "sagemaker:CreateEndpointConfig", "{sagemaker}:endpoint-config/flight-delays-x",
     OWN | JOB | {"sagemaker:InstanceTypes": ["ml.p4d.24xlarge"]}, NOT_GRANTED),
    ("deploy", "s3:GetObject", "{curated}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("deploy + all", "s3:GetObject", "{artifacts}/flight-delays/evaluations/x", {}, OF_THE_RESOURCE),
    ("deploy", "sagemaker:InvokeEndpoint", "{sagemaker}:endpoint/flight-delays-local", {}, NOT_GRANTED),
    ("deploy", "sts:AssumeRole", "{roles[delivery]}", {}, ALLOWED),
    ("plan", "sts:AssumeRole", "{roles[delivery]}", {}, NOT_TRUSTED),
    ("plan + all", "sts:AssumeRole", "{roles[delivery]}", {}, NOT_TRUSTED),
    ("churn's deploy", "sts:AssumeRole", "{roles[delivery]}", {}, NOT_GRANTED),
    ("delivery", "s3:GetObject", "{artifacts}/flight-delays/evaluations/x", {}, ALLOWED),
    ("delivery", "s3:GetObject", "{artifacts}/churn/evaluations/x", {}, OF_THE_RESOURCE),
    ("delivery", "s3:GetObject", "{artifacts}/flight-delays/models/x", {}, NOT_GRANTED),
    ("delivery", "s3:GetObject", "{curated}/flight-delays/flights/x", {}, NOT_GRANTED),
    ("delivery", "s3:PutObject", "{raw}/flight-delays/landing/x", {}, NOT_GRANTED),
    ("delivery", "sagemaker:InvokeEndpoint", "{sagemaker}:endpoint/flight-delays-local", {}, ALLOWED),
    ("delivery", "sagemaker:UpdateModelPackage", "{sagemaker}:model-package/flight-delays-local/1",
     {"sagemaker:ModelApprovalStatus": "Approved"}, NOT_GRANTED),
    ("delivery", "sagemaker:StartPipelineExecution", "{sagemaker}:pipeline/flight-delays-local", {}, NOT_GRANTED),
    ("delivery + all", "sts:AssumeRole", "{roles[data-engineer]}", {}, BOUNDED),
    ("churn's deploy", "sagemaker:UpdatePipeline", "{sagemaker}:pipeline/flight-delays-local", OWNED, NOT_GRANTED),
    ("churn's deploy", "iam:PutRolePolicy", "{roles[training]}", NEW_ROLE, NOT_GRANTED),
    ("churn's training + all", "s3:GetObject", "{features}/flight-delays/x", {}, OF_THE_RESOURCE),
    ("churn's training + all", "sagemaker:InvokeEndpoint", "{sagemaker}:endpoint/flight-delays-local", {}, BOUNDED),
]

BOUNDARY: list[Row] = [
    ("training + all", "s3:GetObject", "{curated}/flight-delays/flights/x", {}, ALLOWED),
    ("training + all", "s3:GetObject", "{curated}/churn/x", {}, OF_THE_RESOURCE),
    ("training tagged churn + all", "s3:GetObject", "{curated}/churn/x", {}, BOUNDED),
    ("training tagged mlstead-foundation + all", "s3:GetObject", "{curated}/churn/x", {}, BOUNDED),
    ("training + all", "s3:DeleteObjectVersion", "{curated}/flight-delays/flights/x", {}, BOUNDED),
    ("training + all", "s3:PutBucketPolicy", "{curated}", {}, BOUNDED),
    ("training + all", "s3:GetObject", "arn:aws:s3:::somebody-elses/x", {}, BOUNDED),
    ("training + all", "iam:CreateRole", "{iam}:role/mlstead/flight-delays/local/x", NEW_ROLE, BOUNDED),
    ("training + all", "iam:DeleteRolePermissionsBoundary", "{roles[training]}", {}, BOUNDED),
    ("training + all", "ec2:RunInstances", "{ec2}:instance/*", {}, BOUNDED),
    ("training + all", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/flight-delays-x",
     JOB | {"sagemaker:VpcSubnets": ""}, BOUNDED),
    ("training + all", "sagemaker:CreateTrainingJob", "{sagemaker}:training-job/churn-x", JOB, BOUNDED),
    ("training + all", "sts:AssumeRole", "{roles[data-engineer]}", {}, BOUNDED),
]

TRUST: list[Row] = [
    ("somebody", "sts:AssumeRole", "{roles[data-engineer]}", {}, ALLOWED),
    ("a stranger", "sts:AssumeRole", "{roles[data-engineer]}", {}, NOT_TRUSTED),
    ("somebody tagged", "sts:AssumeRole", "{roles[data-engineer]}", {}, NOT_TRUSTED),
    ("somebody", "sts:AssumeRole", "{roles[training]}", {}, NOT_TRUSTED),
    ("somebody", "sts:AssumeRole", "{roles[deploy]}", {}, NOT_TRUSTED),
    ("somebody", "sts:AssumeRole", "{roles[delivery]}", {}, NOT_TRUSTED),
    ("sagemaker.amazonaws.com", "sts:AssumeRole", "{roles[training]}",
     {"aws:SourceAccount": "123456789012", "aws:SourceArn": "{sagemaker}:training-job/x"}, ALLOWED),
    ("sagemaker.amazonaws.com", "sts:AssumeRole", "{roles[training]}",
     {"aws:SourceAccount": "999988887777", "aws:SourceArn": "{sagemaker}:training-job/x"}, NOT_TRUSTED),
    ("glue.amazonaws.com", "sts:AssumeRole", "{roles[training]}",
     {"aws:SourceAccount": "123456789012", "aws:SourceArn": "{sagemaker}:training-job/x"}, NOT_TRUSTED),
    ("a token", "sts:AssumeRoleWithWebIdentity", "{roles[deploy]}", MAIN, ALLOWED),
    ("a token", "sts:AssumeRoleWithWebIdentity", "{roles[deploy]}",
     MAIN | {f"{GITHUB}:sub": "repo:mallory/flight-delays:environment:local",
             f"{GITHUB}:repository": "mallory/flight-delays"}, NOT_TRUSTED),
    ("a token", "sts:AssumeRoleWithWebIdentity", "{roles[deploy]}",
     MAIN | {f"{GITHUB}:ref": "refs/heads/feature"}, NOT_TRUSTED),
    ("a token", "sts:AssumeRoleWithWebIdentity", "{roles[deploy]}",
     MAIN | {f"{GITHUB}:sub": "repo:acme/flight-delays:environment:prod"}, NOT_TRUSTED),
    ("a token", "sts:AssumeRoleWithWebIdentity", "{roles[deploy]}",
     MAIN | {f"{GITHUB}:sub": "repo:acme/flight-delays:pull_request"}, NOT_TRUSTED),
    ("a token", "sts:AssumeRoleWithWebIdentity", "{roles[deploy]}", MAIN | {f"{GITHUB}:aud": "https://github.com/acme"},
     NOT_TRUSTED),
    ("a token", "sts:AssumeRoleWithWebIdentity", "{roles[plan]}",
     MAIN | {f"{GITHUB}:sub": "repo:acme/flight-delays:pull_request"}, ALLOWED),
]

TABLE = [*JOBS, *KEYS, *PIPELINES, *PEOPLE, *CI, *BOUNDARY, *TRUST]
