"""Credentials that stand in clear in the environment of a function, a build or a task.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/codebuild-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import NO_PLAIN_CREDENTIALS
from mlstead_toolkit.policies.plain_credential import credentials, is_called_a_credential, is_in_clear
from mlstead_toolkit.policies.rules.lambda_functions import FUNCTION
from mlstead_toolkit.policies.rules.secrets_manager import PARAMETER

BUILD: Final = "aws:codebuild/project:Project"

_PLAIN = "PLAINTEXT"  # the others name a parameter or a secret


def _not_in_environment(resource: Resource, _stack: Stack) -> Iterator[str]:
    if resource.type == FUNCTION:
        found = list(credentials(resource, "environment.variables"))
    else:
        variables = [one for one in resource.blocks("environment.environmentVariables")
                     if one.get("type", _PLAIN) == _PLAIN]
        found = [name for one in variables
                 for name in credentials(Block({"it": {one.get("name", ""): one.value("value")}}), "it")]
    for name in found:
        yield f"{name} in the environment is a credential in clear"


def _secure_string(parameter: Resource, _stack: Stack) -> Iterator[str]:
    if parameter.get("type", "String") == "SecureString":
        return
    name = str(parameter.get("name", parameter.name))
    if is_called_a_credential(name) or is_in_clear(str(parameter.get("value", ""))):
        yield f"{name} is a secret, and kept as plain text"


RULES: Final = (
    Rule(
        id="no-credentials-in-environments",
        level=Level.ADVISORY,
        controls=("FSBP CodeBuild.2", NO_PLAIN_CREDENTIALS),
        title="No credential stands in the environment of a function or a build.",
        fix="Keep it in Secrets Manager, and give the name of the secret.",
        types=(FUNCTION, BUILD),
        check=_not_in_environment,
    ),
    Rule(
        id="parameter-secret-secured",
        level=Level.ADVISORY,
        controls=(NO_PLAIN_CREDENTIALS,),
        title="A parameter that is a secret is a SecureString.",
        fix='Set type="SecureString" and key_id=key_arn, or keep it in Secrets Manager.',
        types=(PARAMETER,),
        check=_secure_string,
    ),
)
