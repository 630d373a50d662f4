"""Amazon SageMaker: model package groups, pipelines, models, endpoint configurations and endpoints."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    Property,
    arn,
    block,
    blocks,
    boolean,
    document,
    integer,
    mapping,
    number,
    replacing,
    string,
    string_set,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    Ready,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

# The emulator cannot tag what was created without tags: always send them, be it none.
_TAGGING: Final = Tagging(handle=("ResourceArn", "arn"), listing="ListTags", listed="Tags", add="AddTags",
                          remove="DeleteTags", always=True)


def _data_source(name: str, **facts: Any) -> Property:
    return blocks(name, string("compressionType", required=True), string("s3DataType", required=True),
                  string("s3Uri", required=True),
                  block("modelAccessConfig", boolean("acceptEula", required=True)), required=True, **facts)


_CONTAINER: Final = (
    string("containerHostname"),
    mapping("environment"),
    string("image"),
    block("imageConfig", string("repositoryAccessMode", required=True),
          block("repositoryAuthConfig", arn("repositoryCredentialsProviderArn", required=True))),
    string("inferenceSpecificationName"),
    string("mode", default="SingleModel"),
    block("modelDataSource", _data_source("s3DataSources"), computed=True),
    string("modelDataUrl"),
    string("modelPackageName"),
    block("multiModelConfig", string("modelCacheSetting")),
    blocks("additionalModelDataSources", string("channelName", required=True), _data_source("s3DataSources")),
)


def _variant(*, shadow: bool) -> tuple[Property, ...]:
    return (
        string("acceleratorType"),
        block("capacityReservationConfig", string("capacityReservationPreference"), arn("mlReservationArn")),
        integer("containerStartupHealthCheckTimeoutInSeconds"),
        block("coreDumpConfig", string("destinationS3Uri", required=True), string("kmsKeyId", required=shadow)),
        boolean("enableSsmAccess"),
        string("inferenceAmiVersion"),
        integer("initialInstanceCount"),
        number("initialVariantWeight", default=1),
        string("instanceType"),
        block("managedInstanceScaling", integer("maxInstanceCount"), integer("minInstanceCount"), string("status")),
        integer("modelDataDownloadTimeoutInSeconds"),
        string("modelName"),
        blocks("routingConfigs", string("routingStrategy", required=True)),
        block("serverlessConfig", integer("maxConcurrency", required=True), integer("memorySizeInMb", required=True),
              integer("provisionedConcurrency")),
        string("variantName", computed=True),
        integer("volumeSizeInGb", computed=True),
    )


def _sized(name: str, *, required: bool = False) -> Property:
    return block(name, string("type", required=True), integer("value", required=True), required=required)


def _name_variants(operation: str, arguments: dict[str, Any], _state: Properties) -> None:
    if operation == "CreateEndpointConfig":
        for member in ("ProductionVariants", "ShadowProductionVariants"):
            for index, variant in enumerate(arguments.get(member, [])):
                variant.setdefault("VariantName", f"variant-{index + 1}")


def _check_variants(inputs: Properties) -> list[tuple[str, str]]:
    faults = []
    for name in ("productionVariants", "shadowProductionVariants"):
        variants = inputs.get(name)
        for index, variant in enumerate(variants if isinstance(variants, list) else []):
            if isinstance(variant, dict) and "serverlessConfig" not in variant and "instanceType" not in variant:
                faults.append((f"{name}[{index}]", "needs an instanceType or a serverlessConfig"))
            elif isinstance(variant, dict) and "serverlessConfig" in variant and "instanceType" in variant:
                faults.append((f"{name}[{index}]", "has both an instanceType and a serverlessConfig: give one"))
    return faults


def _delete_packages(work: Work) -> None:
    if not work.purge:
        return
    while True:
        listed = work.call("ListModelPackages", ModelPackageGroupName=work.resource_id)
        for package in listed.get("ModelPackageSummaryList", []):
            work.call("DeleteModelPackage", ModelPackageName=package["ModelPackageArn"])
        if not listed.get("NextToken"):
            return


def _serves_another(work: Work, answer: dict[str, object]) -> str | None:
    """Notice an update that was rolled back: the endpoint is in service, with the configuration it had."""
    wanted, served = work.inputs.get("endpointConfigName"), answer.get("EndpointConfigName")
    if wanted == served:
        return None
    reason = answer.get("FailureReason") or "no reason was given"
    return f"The endpoint went back to {served}, it could not take {wanted}: {reason}"


MODEL_PACKAGE_GROUP: Final = ResourceType(
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
    service="sagemaker",
    identity="{modelPackageGroupName}",
    properties=(
        string("modelPackageGroupName", required=True, replaces=True),
        string("modelPackageGroupDescription", replaces=True),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="ModelPackageGroupArn"),),
    create=Call("CreateModelPackageGroup"),
    read=Call("DescribeModelPackageGroup"),
    delete=Call("DeleteModelPackageGroup"),
    gone=("ValidationException:does not exist",),
    coverage=Coverage.REAL,
    tagging=_TAGGING,
    before_delete=_delete_packages,
)

PIPELINE: Final = ResourceType(
    "aws:sagemaker/pipeline:Pipeline",
    service="sagemaker",
    identity="{pipelineName}",
    properties=(
        string("pipelineName", required=True, replaces=True),
        string("pipelineDisplayName", required=True),
        string("pipelineDescription"),
        document("pipelineDefinition"),
        block("pipelineDefinitionS3Location", string("bucket", required=True), string("objectKey", required=True),
              string("versionId")),
        arn("roleArn"),
        block("parallelismConfiguration", integer("maxParallelExecutionSteps", required=True)),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="PipelineArn"),),
    conflicts=(("pipelineDefinition", "pipelineDefinitionS3Location"),),
    one_of=(("pipelineDefinition", "pipelineDefinitionS3Location"), ("roleArn",)),
    create=Call("CreatePipeline"),
    read=Call("DescribePipeline"),
    delete=Call("DeletePipeline"),
    steps=(Step(("*",), Call("UpdatePipeline"), on_create=False),),
    coverage=Coverage.REAL,
    tagging=_TAGGING,
)

MODEL: Final = ResourceType(
    "aws:sagemaker/model:Model",
    service="sagemaker",
    identity="{name}",
    name=AutomaticName("name", 63),
    properties=(
        *replacing(
            string("name", computed=True, api="ModelName"),
            arn("executionRoleArn", required=True),
            block("primaryContainer", *_CONTAINER),
            blocks("containers", *_CONTAINER),
            boolean("enableNetworkIsolation", default=False),
            block("inferenceExecutionConfig", string("mode", required=True), computed=True),
            block("vpcConfig", string_set("securityGroupIds", required=True), string_set("subnets", required=True)),
        ),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="ModelArn"),),
    conflicts=(("primaryContainer", "containers"),),
    one_of=(("primaryContainer", "containers"),),
    create=Call("CreateModel"),
    read=Call("DescribeModel"),
    delete=Call("DeleteModel"),
    coverage=Coverage.REAL,
    tagging=_TAGGING,
)

ENDPOINT_CONFIGURATION: Final = ResourceType(
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    service="sagemaker",
    identity="{name}",
    name=AutomaticName("name", 63, prefix_property="namePrefix"),
    properties=(
        *replacing(
            string("name", computed=True, api="EndpointConfigName"),
            string("namePrefix", computed=True, local=True),
            blocks("productionVariants", *_variant(shadow=False), required=True),
            blocks("shadowProductionVariants", *_variant(shadow=True)),
            block("dataCaptureConfig",
                  blocks("captureOptions", string("captureMode", required=True), required=True),
                  string("destinationS3Uri", required=True),
                  integer("initialSamplingPercentage", required=True),
                  block("captureContentTypeHeader", string_set("csvContentTypes"), string_set("jsonContentTypes")),
                  boolean("enableCapture"), string("kmsKeyId")),
            block("asyncInferenceConfig",
                  block("outputConfig", string("s3OutputPath", required=True), string("kmsKeyId"),
                        block("notificationConfig", arn("errorTopic"), arn("successTopic"),
                              string_set("includeInferenceResponseIns")),
                        string("s3FailurePath"), required=True),
                  block("clientConfig", integer("maxConcurrentInvocationsPerInstance"))),
            arn("executionRoleArn"),
            string("kmsKeyArn", api="KmsKeyId"),
        ),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="EndpointConfigArn"),),
    conflicts=(("name", "namePrefix"),),
    validate=_check_variants,
    create=Call("CreateEndpointConfig"),
    read=Call("DescribeEndpointConfig"),
    delete=Call("DeleteEndpointConfig"),
    coverage=Coverage.REAL,
    tagging=_TAGGING,
    to_api=_name_variants,
)

ENDPOINT: Final = ResourceType(
    "aws:sagemaker/endpoint:Endpoint",
    service="sagemaker",
    identity="{name}",
    name=AutomaticName("name", 63),
    properties=(
        string("name", replaces=True, computed=True, api="EndpointName"),
        string("endpointConfigName", required=True),
        block("deploymentConfig",
              block("autoRollbackConfiguration", blocks("alarms", string("alarmName", required=True), ordered=False)),
              block("blueGreenUpdatePolicy",
                    block("trafficRoutingConfiguration", string("type", required=True),
                          integer("waitIntervalInSeconds", required=True), _sized("canarySize"),
                          _sized("linearStepSize"), required=True),
                    integer("maximumExecutionTimeoutInSeconds"), integer("terminationWaitInSeconds")),
              block("rollingUpdatePolicy", _sized("maximumBatchSize", required=True),
                    integer("waitIntervalInSeconds", required=True), integer("maximumExecutionTimeoutInSeconds"),
                    _sized("rollbackMaximumBatchSize"))),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="EndpointArn"),),
    create=Call("CreateEndpoint"),
    read=Call("DescribeEndpoint"),
    delete=Call("DeleteEndpoint"),
    steps=(Step(("*",), Call("UpdateEndpoint"), on_create=False),),
    ready=Ready("EndpointStatus", good=("InService",), bad=("Failed", "OutOfService", "UpdateRollbackFailed"),
                refuted=_serves_another),
    wait_gone=True,
    coverage=Coverage.REAL,
    tagging=_TAGGING,
)

RESOURCE_TYPES: Final = (MODEL_PACKAGE_GROUP, PIPELINE, MODEL, ENDPOINT_CONFIGURATION, ENDPOINT)
