"""Resources of machine learning as somebody writes them by mistake: what he did, the resource, the rule it trips."""

from __future__ import annotations

import json
from typing import Any

from stack_builder import Mistake, policy, resource

from mlstead_toolkit.policies import Resource
from mlstead_toolkit.policies.pipeline_jobs import PIPELINE
from mlstead_toolkit.policies.rules import (
    athena,
    bedrock,
    glue,
    lake_formation,
    mlflow,
    plain_credentials,
    sagemaker_endpoints,
    sagemaker_features,
    sagemaker_jobs,
    sagemaker_models,
    sagemaker_monitoring,
    sagemaker_notebooks,
    sagemaker_registry,
    sagemaker_studio,
)

KEY = "arn:aws:kms:eu-west-1:123456789012:key/8a4f0c2e"
ROLE = "arn:aws:iam::123456789012:role/flights-"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flights:1.4.0"
VPC = {"subnets": ["subnet-0a", "subnet-0b"], "securityGroupIds": ["sg-0a"]}


def _model(**slip: Any) -> Resource:
    return resource(sagemaker_models.MODEL, **{
        "executionRoleArn": f"{ROLE}endpoint", "primaryContainer": {"image": IMAGE, "environment": {"LOG": "info"}},
        "enableNetworkIsolation": True, "vpcConfig": VPC,
    } | slip)


def _endpoint(variant: dict[str, Any] | None = None, **slip: Any) -> Resource:
    capture = {"enableCapture": True, "initialSamplingPercentage": 100, "captureOptions": [{"captureMode": "Input"}],
               "destinationS3Uri": "s3://acme-lake-artifacts/flights/capture", "kmsKeyId": KEY}
    primary = {"variantName": "primary", "modelName": "flights-1a2b3c4", "instanceType": "ml.m5.large",
               "initialInstanceCount": 1}
    return resource(sagemaker_endpoints.ENDPOINT_CONFIGURATION, **{
        "kmsKeyArn": KEY, "dataCaptureConfig": capture, "productionVariants": [primary | (variant or {})],
    } | slip)


def _pipeline(**slip: Any) -> Resource:
    train = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True,
        "OutputDataConfig": {"KmsKeyId": KEY, "S3OutputPath": "s3://acme-lake-artifacts/flights/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30,
                           "VolumeKmsKeyId": KEY},
        "RoleArn": f"{ROLE}training", "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "VpcConfig": {"Subnets": VPC["subnets"], "SecurityGroupIds": VPC["securityGroupIds"]},
    }
    return resource(PIPELINE, roleArn=f"{ROLE}pipeline", pipelineName="flights", pipelineDefinition=json.dumps(
        {"Version": "2020-12-01", "Steps": [{"Name": "Train", "Type": "Training", "Arguments": train | slip}]}))


def _training(**slip: Any) -> Resource:
    return resource(sagemaker_jobs.TRAINING_JOB, **{
        "trainingJobName": "flights", "roleArn": f"{ROLE}training", "vpcConfig": VPC, "enableNetworkIsolation": True,
        "algorithmSpecification": {"trainingImage": IMAGE, "trainingInputMode": "File"},
        "enableInterContainerTrafficEncryption": True,
        "outputDataConfig": {"s3OutputPath": "s3://acme-lake-artifacts/flights/models", "kmsKeyId": KEY},
        "resourceConfig": {"instanceType": "ml.m5.large", "instanceCount": 1, "volumeKmsKeyId": KEY},
    } | slip)


def _schedule(kind: str, **slip: Any) -> Resource:
    job = {
        "roleArn": f"{ROLE}monitoring", "monitoringAppSpecification": {"imageUri": IMAGE},
        "networkConfig": {"enableNetworkIsolation": True, "enableInterContainerTrafficEncryption": True,
                          "vpcConfig": VPC} | slip,
        "monitoringResources": {"clusterConfig": {"instanceCount": 1, "instanceType": "ml.m5.large",
                                                  "volumeSizeInGb": 20, "volumeKmsKeyId": KEY}},
        "monitoringOutputConfig": {"kmsKeyId": KEY, "monitoringOutputs": {
            "s3Output": {"s3Uri": "s3://acme-lake-artifacts/flights/reports"}}},
    }
    return resource(sagemaker_monitoring.SCHEDULE, monitoringScheduleConfig={
        "monitoringType": kind, "monitoringJobDefinition": job})


def _features(**slip: Any) -> Resource:
    place = {"s3Uri": "s3://acme-lake-features/flights", "kmsKeyId": KEY}
    return resource(sagemaker_features.FEATURE_GROUP, **{
        "featureGroupName": "flights", "roleArn": f"{ROLE}features", "recordIdentifierFeatureName": "flight",
        "eventTimeFeatureName": "at",
        "onlineStoreConfig": {"enableOnlineStore": True, "securityConfig": {"kmsKeyId": KEY}},
        "offlineStoreConfig": {"s3StorageConfig": place, "disableGlueTableCreation": True},
    } | slip)


def _notebook(**slip: Any) -> Resource:
    return resource(sagemaker_notebooks.NOTEBOOK, **{
        "roleArn": f"{ROLE}notebook", "instanceType": "ml.t3.medium", "directInternetAccess": "Disabled",
        "rootAccess": "Disabled", "subnetId": "subnet-0a", "securityGroups": ["sg-0a"], "kmsKeyId": KEY,
        "platformIdentifier": "notebook-al2023-v1",
        "instanceMetadataServiceConfiguration": {"minimumInstanceMetadataServiceVersion": "2"},
    } | slip)


def _domain(**slip: Any) -> Resource:
    ends = {"appLifecycleManagement": {"idleSettings": {"lifecycleManagement": "ENABLED"}}}
    return resource(sagemaker_studio.DOMAIN, **{
        "domainName": "shared", "authMode": "IAM", "vpcId": "vpc-0a", "subnetIds": ["subnet-0a"], "kmsKeyId": KEY,
        "appNetworkAccessType": "VpcOnly", "domainSettings": {"executionRoleIdentityConfig": "USER_PROFILE_NAME"},
        "defaultUserSettings": {"executionRole": f"{ROLE}studio", "securityGroups": ["sg-0a"],
                                "jupyterLabAppSettings": ends, "codeEditorAppSettings": ends},
    } | slip)


def _workgroup(**slip: Any) -> Resource:
    return resource(athena.WORKGROUP, name="flights", configuration={
        "bytesScannedCutoffPerQuery": 10**10, "resultConfiguration": {
            "outputLocation": "s3://acme-lake-artifacts/flights/athena/", "expectedBucketOwner": "123456789012",
            "encryptionConfiguration": {"encryptionOption": "SSE_KMS", "kmsKeyArn": KEY},
        },
    } | slip)


def _grant(**slip: Any) -> Resource:
    return resource(lake_formation.PERMISSIONS, **{
        "principal": f"{ROLE}exploration", "permissions": ["SELECT"],
        "tableWithColumns": {"databaseName": "flights", "name": "flights", "columnNames": ["delay"]},
    } | slip)


MISTAKES = [
    Mistake("the endpoint's model calls a service of its own", "sagemaker-model-isolated",
            _model(enableNetworkIsolation=False)),
    Mistake("the example on the web had no VPC", "sagemaker-model-in-vpc", _model(vpcConfig=None)),
    Mistake("yesterday's image is good enough", "sagemaker-image-pinned",
            _model(primaryContainer={"image": IMAGE.replace("1.4.0", "latest")})),
    Mistake("a model of the hub, with the token to fetch it", "no-credentials-in-settings",
            _model(primaryContainer={"image": IMAGE, "environment": {"HUGGING_FACE_HUB_TOKEN": "hf_anything"}})),
    Mistake("the key is SageMaker's business", "sagemaker-endpoint-encrypted", _endpoint(kmsKeyArn=None)),
    Mistake("answers come later, wherever", "sagemaker-endpoint-outputs-encrypted",
            _endpoint(asyncInferenceConfig={"outputConfig": {"s3OutputPath": "s3://acme-lake-artifacts/out"}})),
    Mistake("recording requests is for later", "sagemaker-endpoint-captured", _endpoint(dataCaptureConfig=None)),
    Mistake("a look into the container, just once", "sagemaker-endpoint-no-shell",
            _endpoint({"enableSsmAccess": True})),
    Mistake("the SDK left the VPC out of the step", "sagemaker-pipeline-in-vpc", _pipeline(VpcConfig=None)),
    Mistake("pip install at the start of training", "sagemaker-pipeline-isolated",
            _pipeline(EnableNetworkIsolation=False)),
    Mistake("a single machine talks to nobody, for now", "sagemaker-pipeline-traffic-encrypted",
            _pipeline(EnableInterContainerTrafficEncryption=False)),
    Mistake("the model is written with the bucket's key", "sagemaker-pipeline-outputs-encrypted",
            _pipeline(OutputDataConfig={"S3OutputPath": "s3://acme-lake-artifacts/flights/models"})),
    Mistake("a password among the hyperparameters", "no-credentials-in-pipelines",
            _pipeline(HyperParameters={"iterations": "150", "db_password": "correct horse battery"})),
    Mistake("one role for all of the pipeline", "sagemaker-pipeline-roles-apart", _pipeline(RoleArn=f"{ROLE}pipeline")),
    Mistake("a debugger, left in", "sagemaker-training-no-shell",
            _training(remoteDebugConfig={"enableRemoteDebug": True})),
    Mistake("SageMaker's default bucket is there anyway", "sagemaker-own-bucket", _training(outputDataConfig={
        "s3OutputPath": "s3://sagemaker-eu-west-1-123456789012/flights", "kmsKeyId": KEY})),
    Mistake("a bias monitor without isolation", "sagemaker-monitoring-isolated",
            _schedule("ModelBias", enableNetworkIsolation=False)),
    Mistake("a quality monitor whose traffic is in clear", "sagemaker-monitoring-traffic-encrypted",
            _schedule("ModelQuality", enableInterContainerTrafficEncryption=None)),
    Mistake("the online store's key was forgotten", "sagemaker-feature-group-online-encrypted",
            _features(onlineStoreConfig={"enableOnlineStore": True})),
    Mistake("only the latest values matter", "sagemaker-feature-group-history", _features(offlineStoreConfig=None)),
    Mistake("a registry shared with the whole world", "sagemaker-registry-not-public", resource(
        sagemaker_registry.GROUP_POLICY, modelPackageGroupName="flights", resourcePolicy=policy({
            "Principal": "*", "Action": "sagemaker:DescribeModelPackage",
            "Resource": "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flights/*"}))),
    Mistake("production may approve too", "sagemaker-registry-approved-here", resource(
        sagemaker_registry.GROUP_POLICY, modelPackageGroupName="flights", resourcePolicy=policy({
            "Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "sagemaker:*",
            "Resource": "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flights/*"}))),
    Mistake("a notebook that can pip install", "sagemaker-notebook-no-internet",
            _notebook(directInternetAccess="Enabled")),
    Mistake("sudo makes life easier", "sagemaker-notebook-no-root", _notebook(rootAccess="Enabled")),
    Mistake("Studio as the quick setup makes it", "sagemaker-domain-vpc-only",
            _domain(appNetworkAccessType="PublicInternetOnly")),
    Mistake("an image whose user is root", "sagemaker-studio-not-root", resource(
        sagemaker_studio.APP_IMAGE_CONFIGURATION, appImageConfigName="flights",
        jupyterLabImageConfig={"fileSystemConfig": {"defaultUid": 0, "defaultGid": 0}})),
    Mistake("one MLflow for everything that is logged", "mlflow-registration-asked-for", resource(
        mlflow.TRACKING_SERVER, trackingServerName="flights", roleArn=f"{ROLE}mlflow", mlflowVersion="3.0",
        artifactStoreUri="s3://acme-lake-artifacts/flights/mlflow", automaticModelRegistration=True)),
    Mistake("a crawler from the console", "glue-uses-security-configuration", resource(
        glue.CRAWLER, role="glue", databaseName="flights", s3Targets=[{"path": "s3://acme-lake-raw/flights"}])),
    Mistake("the database's password in the connection", "glue-connection-secret", resource(
        glue.CONNECTION, connectionProperties={"JDBC_CONNECTION_URL": "jdbc:postgresql://db/flights",
                                               "JDBC_ENFORCE_SSL": "true", "USERNAME": "app", "PASSWORD": "horse"})),
    Mistake("queries say themselves where results go", "athena-workgroup-enforced",
            _workgroup(enforceWorkgroupConfiguration=False)),
    Mistake("the catalog as it was before Lake Formation", "lake-formation-decides", resource(
        lake_formation.SETTINGS, admins=[f"{ROLE}deploy"],
        createTableDefaultPermissions=[{"permissions": ["ALL"], "principal": "IAM_ALLOWED_PRINCIPALS"}])),
    Mistake("ALL, so that nobody asks again", "lake-formation-rights-named", _grant(permissions=["ALL"])),
    Mistake("everybody of the account may read", "lake-formation-to-somebody",
            _grant(principal="123456789012:IAMPrincipals")),
    Mistake("a token in the address of the repository", "no-credentials-in-git-addresses", resource(
        plain_credentials.CODE_REPOSITORY, codeRepositoryName="flights",
        gitConfig={"repositoryUrl": "https://robot:glpat-aaaaaaaaaaaaaaaaaaaa@gitlab.com/acme/flights.git"})),
    Mistake("a custom model under AWS's key", "bedrock-encrypted", resource(
        bedrock.CUSTOM_MODEL, customModelName="flights", roleArn=f"{ROLE}bedrock",
        vpcConfig={"subnetIds": ["subnet-0a"], "securityGroupIds": ["sg-0a"]})),
    Mistake("a registry that a destroy takes along", "stateful-protected", resource(
        sagemaker_registry.MODEL_PACKAGE_GROUP, protect=False, modelPackageGroupName="flights")),
]
