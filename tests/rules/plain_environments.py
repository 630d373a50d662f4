"""Examples of the theme plain_environments."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.lambda_functions import FUNCTION
from mlstead_toolkit.policies.rules.plain_environments import BUILD
from mlstead_toolkit.policies.rules.secrets_manager import PARAMETER

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"


def _function(**variables: str) -> Stack:
    return stack(resource(FUNCTION, runtime="python3.13", kmsKeyArn=KEY, environment={"variables": variables},
                          vpcConfig={"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}))


def _build(**variable: str) -> Stack:
    return stack(resource(BUILD, name="image", environment={"environmentVariables": [variable]}))


def _parameter(**properties: Any) -> Stack:
    return stack(resource(PARAMETER, **properties))


EXAMPLES = {
    "no-credentials-in-environments": example(
        (_function(ZONE="raw", DB_PASSWORD="arn:aws:secretsmanager:eu-west-1:123456789012:secret:warehouse"),
         _build(name="DB_PASSWORD", value="warehouse", type="SECRETS_MANAGER"), _build(name="ZONE", value="raw")),
        (_function(DB_PASSWORD="horse"), _function(SOURCE="https://robot:horse@example.org/"),
         _build(name="API_KEY", value="horse"), _build(name="API_KEY", value="horse", type="PLAINTEXT")),
    ),
    "parameter-secret-secured": example(
        (_parameter(name="/flights/budget", type="String", value="7"),
         _parameter(name="/flights/token_count", type="String", value="7"),
         _parameter(name="/flights/password", type="SecureString", keyId=KEY, value="horse")),
        (_parameter(name="/flights/password", type="String", value="horse"),
         _parameter(name="/flights/db_password", type="String", value="horse"),
         _parameter(name="API_KEY", type="StringList", value="horse,mule"),
         _parameter(name="/flights/source", type="String", value="https://robot:horse@example.org/")),
    ),
}
