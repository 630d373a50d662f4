"""Amazon SageMaker.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.access.calls import sagemaker_job as job
from mlstead_toolkit.access.calls.call import ApiCall, Known, Need
from mlstead_toolkit.access.calls.row import Row, Service, each
from mlstead_toolkit.access.calls.through import uses_key

ENDPOINT, CONFIG = "endpoint/{EndpointName}", "endpoint-config/{EndpointConfigName}"
MODEL, TRANSFORM = "model/{ModelName}", "transform-job/{TransformJobName}"
TRAINING, PROCESSING = "training-job/{TrainingJobName}", "processing-job/{ProcessingJobName}"
TUNING = "hyper-parameter-tuning-job/{HyperParameterTuningJobName}"
PIPELINE, EXECUTION = "pipeline/{PipelineName}", "{PipelineExecutionArn}"
GROUP, PACKAGE = "model-package-group/{ModelPackageGroupName}", "model-package/{ModelPackageName}"
SCHEDULE = "monitoring-schedule/{MonitoringScheduleName}"
FEATURES, SERVER = "feature-group/{FeatureGroupName}", "mlflow-tracking-server/{TrackingServerName}"
DOMAIN, PROFILE = "domain/{DomainId}", "user-profile/{DomainId}/{UserProfileName}"
SPACE, APP = "space/{DomainId}/{SpaceName}", "app/{DomainId}/{UserProfileName|*}/{AppType}/{AppName}"
IMAGE, IMAGE_CONFIG = "image/{ImageName}", "app-image-config/{AppImageConfigName}"

APPROVAL = {"sagemaker:ModelApprovalStatus": "ModelApprovalStatus"}
SETTINGS = {
    "sagemaker:VpcSecurityGroupIds": "DefaultUserSettings.SecurityGroups", "sagemaker:VpcSubnets": "SubnetIds",
    "sagemaker:AppNetworkAccessType": "AppNetworkAccessType",
    "sagemaker:DomainSharingOutputKmsKey": "DefaultUserSettings.SharingSettings.S3KmsKeyId",
    "sagemaker:InstanceTypes": "DefaultUserSettings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType",
}
PROFILE_SETTINGS = {
    "sagemaker:VpcSecurityGroupIds": "UserSettings.SecurityGroups",
    "sagemaker:DomainSharingOutputKmsKey": "UserSettings.SharingSettings.S3KmsKeyId",
    "sagemaker:InstanceTypes": "UserSettings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType",
}
SPACE_SETTINGS = {
    "sagemaker:SpaceSharingType": "SpaceSharingSettings.SharingType",
    "sagemaker:OwnerUserProfileArn": "user-profile/{DomainId}/{OwnershipSettings.OwnerUserProfileName?}",
    "sagemaker:InstanceTypes": "SpaceSettings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType",
}
APP_SETTINGS = {
    "sagemaker:InstanceTypes": "ResourceSpec.InstanceType",
    "sagemaker:ImageArns": "ResourceSpec.SageMakerImageArn",
    "sagemaker:ImageVersionArns": "ResourceSpec.SageMakerImageVersionArn",
}
STORE = {
    "sagemaker:FeatureGroupOnlineStoreKmsKey": "OnlineStoreConfig.SecurityConfig.KmsKeyId",
    "sagemaker:FeatureGroupEnableOnlineStore": "OnlineStoreConfig.EnableOnlineStore",
    "sagemaker:FeatureGroupOfflineStoreKmsKey": "OfflineStoreConfig.S3StorageConfig.KmsKeyId",
    "sagemaker:FeatureGroupOfflineStoreS3Uri": "OfflineStoreConfig.S3StorageConfig.S3Uri",
    "sagemaker:FeatureGroupDisableGlueTableCreation": "OfflineStoreConfig.DisableGlueTableCreation",
}


def _endpoint_volume(call: ApiCall, known: Known) -> Iterator[Need]:
    """The key of the configuration encrypts the volumes: whoever makes the endpoint grants SageMaker its use."""
    config = f"{TABLE.start(call)}endpoint-config/{call.parameters.get('EndpointConfigName')}"
    yield from uses_key(call, known, "sagemaker", known.encryption(config).key, "kms:CreateGrant")


def _domain_volume(call: ApiCall, known: Known) -> Iterator[Need]:
    if key := str(call.parameters.get("KmsKeyId") or ""):
        arn = known.arn("key", key, call.region) or key
        yield from uses_key(call, known, "sagemaker", arn, "kms:CreateGrant", "kms:DescribeKey")


TABLE = Service("sagemaker", {
    "CreateProcessingJob": Row(PROCESSING, passes=("RoleArn",), tags="Tags", context=job.PROCESSING),
    **each("DescribeProcessingJob StopProcessingJob DeleteProcessingJob", PROCESSING),
    "CreateTrainingJob": Row(TRAINING, passes=("RoleArn",), tags="Tags", context=job.TRAINING),
    **each("DescribeTrainingJob StopTrainingJob DeleteTrainingJob", TRAINING),
    "CreateHyperParameterTuningJob": Row(
        TUNING, passes=("TrainingJobDefinition.RoleArn",), tags="Tags", context=job.TUNING),
    **each("DescribeHyperParameterTuningJob StopHyperParameterTuningJob ListTrainingJobsForHyperParameterTuningJob",
           TUNING),
    "CreateTransformJob": Row(TRANSFORM, tags="Tags", context=job.TRANSFORM),
    **each("DescribeTransformJob StopTransformJob", TRANSFORM),

    "CreateModel": Row(MODEL, passes=("ExecutionRoleArn",), tags="Tags", context=job.MODEL),
    **each("DescribeModel DeleteModel", MODEL),
    "CreateEndpointConfig": Row(CONFIG, passes=("ExecutionRoleArn",), tags="Tags", context=job.VARIANTS),
    **each("DescribeEndpointConfig DeleteEndpointConfig", CONFIG),
    "CreateEndpoint": Row(ENDPOINT, CONFIG, tags="Tags", more=_endpoint_volume),
    "UpdateEndpoint": Row(ENDPOINT, CONFIG, more=_endpoint_volume),
    **each("DescribeEndpoint DeleteEndpoint UpdateEndpointWeightsAndCapacities InvokeEndpointAsync "
           "InvokeEndpointWithResponseStream", ENDPOINT),
    "InvokeEndpoint": Row(ENDPOINT, context={"sagemaker:TargetModel": "TargetModel"}),

    "CreatePipeline": Row(PIPELINE, passes=("RoleArn",), tags="Tags"),
    "UpdatePipeline": Row(PIPELINE, passes=("RoleArn",)),
    **each("DescribePipeline DeletePipeline StartPipelineExecution ListPipelineExecutions", PIPELINE),
    **each("DescribePipelineExecution DescribePipelineDefinitionForExecution ListPipelineExecutionSteps "
           "ListPipelineParametersForExecution StopPipelineExecution RetryPipelineExecution UpdatePipelineExecution",
           EXECUTION),

    "CreateModelPackageGroup": Row(GROUP, tags="Tags"),
    **each("DescribeModelPackageGroup DeleteModelPackageGroup GetModelPackageGroupPolicy PutModelPackageGroupPolicy "
           "DeleteModelPackageGroupPolicy", GROUP),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-version-xaccount.html
    "CreateModelPackage": Row("model-package/{ModelPackageGroupName}/*", tags="Tags", context=APPROVAL),
    "UpdateModelPackage": Row("{ModelPackageArn}", context=APPROVAL),
    **each("DescribeModelPackage DeleteModelPackage", PACKAGE),
    "ListModelPackages": Row("model-package/{ModelPackageGroupName}/*"),

    **job.definitions(),
    "CreateMonitoringSchedule": Row(
        SCHEDULE, passes=("MonitoringScheduleConfig.MonitoringJobDefinition.RoleArn",), tags="Tags",
        context=job.monitoring("MonitoringScheduleConfig.MonitoringJobDefinition.", "MonitoringOutputConfig")),
    "UpdateMonitoringSchedule": Row(
        SCHEDULE, passes=("MonitoringScheduleConfig.MonitoringJobDefinition.RoleArn",),
        context=job.monitoring("MonitoringScheduleConfig.MonitoringJobDefinition.", "MonitoringOutputConfig")),
    **each("DescribeMonitoringSchedule DeleteMonitoringSchedule StartMonitoringSchedule StopMonitoringSchedule",
           SCHEDULE),

    "CreateFeatureGroup": Row(FEATURES, passes=("RoleArn",), tags="Tags", context=STORE),
    **each("DescribeFeatureGroup UpdateFeatureGroup DeleteFeatureGroup PutRecord GetRecord DeleteRecord", FEATURES),
    "CreateMlflowTrackingServer": Row(SERVER, passes=("RoleArn",), tags="Tags"),
    **each("DescribeMlflowTrackingServer UpdateMlflowTrackingServer DeleteMlflowTrackingServer "
           "StartMlflowTrackingServer StopMlflowTrackingServer CreatePresignedMlflowTrackingServerUrl", SERVER),

    "CreateDomain": Row("domain/*", passes=("DefaultUserSettings.ExecutionRole", "DefaultSpaceSettings.ExecutionRole"),
                        tags="Tags", context=SETTINGS | {"sagemaker:VolumeKmsKey": "KmsKeyId"}, more=_domain_volume),
    "UpdateDomain": Row(DOMAIN, context=SETTINGS),
    **each("DescribeDomain DeleteDomain", DOMAIN),
    "CreateUserProfile": Row(PROFILE, passes=("UserSettings.ExecutionRole",), tags="Tags", context=PROFILE_SETTINGS),
    "UpdateUserProfile": Row(PROFILE, context=PROFILE_SETTINGS),
    **each("DescribeUserProfile DeleteUserProfile CreatePresignedDomainUrl", PROFILE),
    "CreateSpace": Row(SPACE, tags="Tags", context=SPACE_SETTINGS),
    "UpdateSpace": Row(SPACE, context={"sagemaker:InstanceTypes": SPACE_SETTINGS["sagemaker:InstanceTypes"]}),
    **each("DescribeSpace DeleteSpace", SPACE),
    "CreateApp": Row(APP, tags="Tags", context=APP_SETTINGS),
    **each("DescribeApp DeleteApp", APP),
    "CreateImage": Row(IMAGE, passes=("RoleArn",), tags="Tags"),
    "UpdateImage": Row(IMAGE, passes=("RoleArn",)),
    **each("DescribeImage DeleteImage CreateImageVersion ListImageVersions", IMAGE),
    **each("DescribeImageVersion UpdateImageVersion DeleteImageVersion", "image-version/{ImageName}/{Version}"),
    "CreateAppImageConfig": Row(IMAGE_CONFIG, tags="Tags"),
    **each("DescribeAppImageConfig UpdateAppImageConfig DeleteAppImageConfig", IMAGE_CONFIG),

    **each("ListPipelines ListDomains ListUserProfiles ListSpaces ListApps ListImages ListAppImageConfigs "
           "ListProcessingJobs ListTrainingJobs ListHyperParameterTuningJobs ListTransformJobs ListModels "
           "ListEndpoints ListEndpointConfigs ListModelPackageGroups ListMonitoringSchedules ListMonitoringExecutions "
           "ListFeatureGroups ListMlflowTrackingServers Search"),
    "ListTags": Row("{ResourceArn}"),
    "AddTags": Row("{ResourceArn}", tags="Tags"),
    "DeleteTags": Row("{ResourceArn}", context={"aws:TagKeys": "TagKeys"}),
}, tagging="sagemaker:AddTags", tagging_key="sagemaker:TaggingAction", tag_keys=("sagemaker:ResourceTag",),
    passed_to="sagemaker.amazonaws.com")
