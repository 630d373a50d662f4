"""Examples of the theme sagemaker_roles."""

from __future__ import annotations

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.identity_policy import ROLE
from mlstead_toolkit.policies.rules.mlflow import TRACKING_SERVER
from mlstead_toolkit.policies.rules.sagemaker_models import MODEL

TRUST = policy({"Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {
    "StringEquals": {"aws:SourceAccount": "123456789012"},
    "ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:eu-west-1:123456789012:*"},
}})


def _role(name: str) -> Resource:
    return resource(ROLE, name, assumeRolePolicy=TRUST, path="/mlstead/project/dev/",
                    permissionsBoundary="arn:aws:iam::123456789012:policy/boundary")


def _model_and_server(of_model: Resource | str, of_server: Resource | str) -> Stack:
    model = resource(
        MODEL, primaryContainer={"modelPackageName": "flights/7"}, enableNetworkIsolation=True,
        vpcConfig={"subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
        **({"executionRoleArn": of_model} if isinstance(of_model, str) else {"refers": {"executionRoleArn": of_model}}),
    )
    server = resource(
        TRACKING_SERVER, artifactStoreUri="s3://lake-artifacts/flights/mlflow", mlflowVersion="3.0",
        **({"roleArn": of_server} if isinstance(of_server, str) else {"refers": {"roleArn": of_server}}),
    )
    roles = {role.urn: role for role in (of_model, of_server) if isinstance(role, Resource)}
    return stack(*roles.values(), model, server)


ONE, OTHER = _role("one"), _role("other")
ARN = "arn:aws:iam::123456789012:role/SageMakerExecutionRole"

EXAMPLES = {
    "sagemaker-roles-apart": example(
        (_model_and_server(ONE, OTHER), _model_and_server(ARN, OTHER)),
        (_model_and_server(ONE, ONE), _model_and_server(ARN, ARN)),
    ),
}
