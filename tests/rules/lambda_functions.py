"""Examples of the theme lambda_functions."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.lambda_functions import FUNCTION, FUNCTION_URL, PERMISSION

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"


def _function(**changed: Any) -> Stack:
    return stack(resource(FUNCTION, **{
        "runtime": "python3.13", "vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]},
    } | changed))


def _permission(**properties: Any) -> Stack:
    return stack(resource(PERMISSION, action="lambda:InvokeFunction", function="clean", **properties))


def _url(authorization: str) -> Stack:
    return stack(resource(FUNCTION_URL, functionName="clean", authorizationType=authorization))


EXAMPLES = {
    "lambda-not-public": example(
        (_permission(principal="*", principalOrgId="o-abcdefghij"), _permission(principal="210987654321"),
         _url("AWS_IAM")),
        (_permission(principal="*"), _url("NONE")),
    ),
    "lambda-supported-runtime": example(
        (_function(), _function(runtime=None, packageType="Image"), _function(runtime="nodejs22.x"),
         _function(runtime="provided.al2023")),
        (_function(runtime="python3.8"), _function(runtime="nodejs16.x"), _function(runtime="go1.x")),
    ),
    "lambda-in-vpc": example(_function(), (_function(vpcConfig=None), _function(vpcConfig={"subnetIds": []}))),
    "lambda-customer-key": example(
        (_function(), _function(environment={"variables": {"ZONE": "raw"}}, kmsKeyArn=KEY)),
        _function(environment={"variables": {"ZONE": "raw"}}),
    ),
}
