"""The context keys of what SageMaker runs, by where each request has its machines, network and keys.

https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row


def _network(place: str, vpc: str) -> dict[str, str]:
    return {
        "sagemaker:VpcSubnets": f"{vpc}.Subnets", "sagemaker:VpcSecurityGroupIds": f"{vpc}.SecurityGroupIds",
        "sagemaker:NetworkIsolation": f"{place}EnableNetworkIsolation",
        "sagemaker:InterContainerTrafficEncryption": f"{place}EnableInterContainerTrafficEncryption",
    }


TRAINING = {
    "sagemaker:InstanceTypes": "ResourceConfig.InstanceType",
    "sagemaker:VolumeKmsKey": "ResourceConfig.VolumeKmsKeyId",
    "sagemaker:KeepAlivePeriod": "ResourceConfig.KeepAlivePeriodInSeconds",
    "sagemaker:OutputKmsKey": "OutputDataConfig.KmsKeyId",
    "sagemaker:MaxRuntimeInSeconds": "StoppingCondition.MaxRuntimeInSeconds",
    "sagemaker:EnableRemoteDebug": "RemoteDebugConfig.EnableRemoteDebug",
    "sagemaker:FileSystemId": "InputDataConfig.DataSource.FileSystemDataSource.FileSystemId",
    "sagemaker:FileSystemType": "InputDataConfig.DataSource.FileSystemDataSource.FileSystemType",
    "sagemaker:FileSystemAccessMode": "InputDataConfig.DataSource.FileSystemDataSource.FileSystemAccessMode",
    "sagemaker:FileSystemDirectoryPath": "InputDataConfig.DataSource.FileSystemDataSource.DirectoryPath",
    **_network("", "VpcConfig"),
}
PROCESSING = {
    "sagemaker:InstanceTypes": "ProcessingResources.ClusterConfig.InstanceType",
    "sagemaker:VolumeKmsKey": "ProcessingResources.ClusterConfig.VolumeKmsKeyId",
    "sagemaker:OutputKmsKey": "ProcessingOutputConfig.KmsKeyId",
    "sagemaker:MaxRuntimeInSeconds": "StoppingCondition.MaxRuntimeInSeconds",
    **_network("NetworkConfig.", "NetworkConfig.VpcConfig"),
}
TUNING = {
    key: f"TrainingJobDefinition.{place}" for key, place in TRAINING.items()
    if key not in ("sagemaker:KeepAlivePeriod", "sagemaker:EnableRemoteDebug")
} | {"sagemaker:InstanceTypes": "TrainingJobDefinition.ResourceConfig.InstanceType"}
TRANSFORM = {
    "sagemaker:InstanceTypes": "TransformResources.InstanceType",
    "sagemaker:VolumeKmsKey": "TransformResources.VolumeKmsKeyId",
    "sagemaker:OutputKmsKey": "TransformOutput.KmsKeyId",
    "sagemaker:ModelArn": "model/{ModelName}",
}
MODEL = {key: place for key, place in _network("", "VpcConfig").items() if "InterContainer" not in key}
VARIANTS = {
    "sagemaker:InstanceTypes": "ProductionVariants.InstanceType",
    "sagemaker:AcceleratorTypes": "ProductionVariants.AcceleratorType",
    "sagemaker:ServerlessMaxConcurrency": "ProductionVariants.ServerlessConfig.MaxConcurrency",
    "sagemaker:ServerlessMemorySize": "ProductionVariants.ServerlessConfig.MemorySizeInMB",
    "sagemaker:VolumeKmsKey": "KmsKeyId",
    "sagemaker:ModelArn": "model/{ProductionVariants.ModelName?}",
    **MODEL,
}


def monitoring(block: str, output: str) -> dict[str, str]:
    """Give the keys of a job definition or a schedule; `block` is what comes before its members."""
    return {
        "sagemaker:InstanceTypes": f"{block}{'MonitoringResources' if block else 'JobResources'}"
                                   ".ClusterConfig.InstanceType",
        "sagemaker:VolumeKmsKey": f"{block}{'MonitoringResources' if block else 'JobResources'}"
                                  ".ClusterConfig.VolumeKmsKeyId",
        "sagemaker:OutputKmsKey": f"{block}{output}.KmsKeyId",
        "sagemaker:MaxRuntimeInSeconds": f"{block}StoppingCondition.MaxRuntimeInSeconds",
        **_network(f"{block}NetworkConfig.", f"{block}NetworkConfig.VpcConfig"),
    }


def definitions() -> dict[str, Row]:
    """Give the rows of the four kinds of monitoring job definitions."""
    rows: dict[str, Row] = {}
    for name, kind, output in (
        ("DataQuality", "data-quality", "DataQualityJobOutputConfig"),
        ("ModelQuality", "model-quality", "ModelQualityJobOutputConfig"),
        ("ModelBias", "model-bias", "ModelBiasJobOutputConfig"),
        ("ModelExplainability", "model-explainability", "ModelExplainabilityJobOutputConfig"),
    ):
        resource = f"{kind}-job-definition/{{JobDefinitionName}}"
        rows[f"Create{name}JobDefinition"] = Row(
            resource, passes=("RoleArn",), tags="Tags", context=monitoring("", output))
        rows[f"Describe{name}JobDefinition"] = rows[f"Delete{name}JobDefinition"] = Row(resource)
        rows[f"List{name}JobDefinitions"] = Row()
    return rows
