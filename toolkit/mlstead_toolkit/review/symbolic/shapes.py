"""What AWS makes the outputs of a type from, where the tables of the local cloud leave that to its answers.

ARNs: the Service Authorization Reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_HERE: Final = "{region}:{account}"


def _arn(service: str, resource: str, output: str = "arn", place: str = _HERE) -> dict[str, str]:
    return {output: f"arn:{{partition}}:{service}:{place}:{resource}"}


def _sagemaker(resource: str) -> dict[str, str]:
    return _arn("sagemaker", resource)


SHAPES: Final[Mapping[str, Mapping[str, str]]] = {
    "aws:ecr/repository:Repository": {
        **_arn("ecr", "repository/{name}"), "repositoryUrl": "{account}.dkr.ecr.{region}.amazonaws.com/{name}"},
    "aws:iam/role:Role": _arn("iam", "role{path}{name}", place=":{account}"),
    "aws:kms/key:Key": _arn("kms", "key/{keyId}"),
    "aws:macie2/classificationJob:ClassificationJob": _arn("macie2", "classification-job/{jobId}", "jobArn"),
    "aws:sagemaker/appImageConfig:AppImageConfig": _sagemaker("app-image-config/{appImageConfigName}"),
    "aws:sagemaker/domain:Domain": {
        **_sagemaker("domain/{id}"), "url": "https://{id}.studio.{region}.sagemaker.aws"},
    "aws:sagemaker/endpoint:Endpoint": _sagemaker("endpoint/{name}"),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": _sagemaker("endpoint-config/{name}"),
    "aws:sagemaker/image:Image": _sagemaker("image/{imageName}"),
    "aws:sagemaker/imageVersion:ImageVersion": {
        **_sagemaker("image-version/{imageName}/{version}"),
        **_arn("sagemaker", "image/{imageName}", "imageArn")},
    "aws:sagemaker/model:Model": _sagemaker("model/{name}"),
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": _sagemaker("model-package-group/{modelPackageGroupName}"),
    "aws:sagemaker/pipeline:Pipeline": _sagemaker("pipeline/{pipelineName}"),
    "aws:sagemaker/userProfile:UserProfile": _sagemaker("user-profile/{domainId}/{userProfileName}"),
    "aws:sns/topic:Topic": _arn("sns", "{name}"),
    "aws:sqs/queue:Queue": {
        **_arn("sqs", "{name}"), "url": "https://sqs.{region}.amazonaws.com/{account}/{name}"},
    # Types that the local cloud does not have: {label} is the resource's name in the program, as a symbol.
    "aws:apigateway/restApi:RestApi": {
        "arn": "arn:{partition}:apigateway:{region}::/restapis/{label}", "rootResourceId": "{label}",
        "executionArn": "arn:{partition}:execute-api:{region}:{account}:{label}"},
    "aws:apigatewayv2/api:Api": {
        "arn": "arn:{partition}:apigateway:{region}::/apis/{label}",
        "apiEndpoint": "https://{label}.execute-api.{region}.amazonaws.com",
        "executionArn": "arn:{partition}:execute-api:{region}:{account}:{label}"},
    "aws:dynamodb/table:Table": _arn("dynamodb", "table/{name}"),
    "aws:ec2/instance:Instance": _arn("ec2", "instance/{label}"),
    "aws:lambda/function:Function": {
        **_arn("lambda", "function:{name}"),
        "invokeArn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
                     "arn:{partition}:lambda:{region}:{account}:function:{name}/invocations"},
    "aws:rds/cluster:Cluster": _arn("rds", "cluster:{label}"),
    "aws:rds/instance:Instance": _arn("rds", "db:{label}"),
    "aws:s3/bucketV2:BucketV2": {
        "arn": "arn:{partition}:s3:::{bucket}", "bucketDomainName": "{bucket}.s3.amazonaws.com",
        "bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com"},
    "aws:sagemaker/notebookInstance:NotebookInstance": _sagemaker("notebook-instance/{name}"),
    "aws:secretsmanager/secret:Secret": _arn("secretsmanager", "secret:{name}"),
    "aws:sfn/stateMachine:StateMachine": _arn("states", "stateMachine:{name}"),
}
"""By type and output: the value, made of other properties and of partition, region and account."""
