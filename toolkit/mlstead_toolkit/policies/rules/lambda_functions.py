"""Lambda: functions that nobody unnamed can call, on runtimes that are mended, in a network of our own.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import OWN_KEYS, PRIVATE_NETWORK

FUNCTION: Final = "aws:lambda/function:Function"
FUNCTION_URL: Final = "aws:lambda/functionUrl:FunctionUrl"
PERMISSION: Final = "aws:lambda/permission:Permission"

# Deprecated by May 2026, https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated
_DEPRECATED = re.compile(
    r"python(2\.7|3\.[6-9])|nodejs(4\.3(-edge)?|6\.10|8\.10|1[02468]\.x|20\.x)?|ruby(2\.\d|3\.2)|java8|go1\.x|provided"
    r"|dotnet(core\d\.\d|5\.0|6|7)"
)
_FOR_WHOM = ("principalOrgId", "sourceAccount", "sourceArn", "eventSourceToken")


def _not_public(resource: Resource, _stack: Stack) -> Iterator[str]:
    if resource.type == FUNCTION_URL:
        if resource.value("authorizationType") == "NONE":
            yield "everybody on the internet can call it"
    elif resource.value("principal") == "*" and not any(resource.filled(path) for path in _FOR_WHOM):
        yield f"everybody may {resource.get('action', 'call it')}"


def _supported(function: Resource, _stack: Stack) -> Iterator[str]:
    runtime = function.get("runtime", "")
    if _DEPRECATED.fullmatch(runtime):
        yield f"nobody mends {runtime} any more"


def _in_network(function: Resource, _stack: Stack) -> Iterator[str]:
    if not function.get("vpcConfig.subnetIds", []):
        yield "it runs in AWS's network, from where it reaches the internet"


def _own_key(function: Resource, _stack: Stack) -> Iterator[str]:
    if function.filled("environment.variables") and not function.filled("kmsKeyArn"):
        yield "its environment is encrypted with a key of AWS's, which all of the account may use"


RULES: Final = (
    Rule(
        id="lambda-not-public",
        level=Level.MANDATORY,
        controls=("FSBP Lambda.1", "CIS 2.21"),
        title="Not everybody may call a function.",
        fix='Name the principal and its source_arn; of a URL, set authorization_type="AWS_IAM".',
        types=(PERMISSION, FUNCTION_URL),
        check=_not_public,
    ),
    Rule(
        id="lambda-supported-runtime",
        level=Level.MANDATORY,
        controls=("FSBP Lambda.2",),
        title="A function's runtime still gets security patches.",
        fix="Move to a current runtime, such as python3.13.",
        types=(FUNCTION,),
        check=_supported,
    ),
    Rule(
        id="lambda-in-vpc",
        level=Level.ADVISORY,
        controls=("FSBP Lambda.3", PRIVATE_NETWORK),
        title="A function runs in a network of your own.",
        fix="Set vpc_config with subnets in two availability zones.",
        types=(FUNCTION,),
        check=_in_network,
    ),
    Rule(
        id="lambda-customer-key",
        level=Level.ADVISORY,
        controls=(OWN_KEYS,),
        title="A function's environment is encrypted with a customer-managed KMS key.",
        fix="Set kms_key_arn=key_arn.",
        types=(FUNCTION,),
        check=_own_key,
    ),
)
