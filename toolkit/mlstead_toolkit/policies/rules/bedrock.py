"""Bedrock, as far as an ML platform uses it: models of your own and what they are made from.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/bedrock-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls

CUSTOM_MODEL: Final = "aws:bedrock/customModel:CustomModel"
BATCH_JOB: Final = "aws:bedrockmodel/invocationJob:InvocationJob"
GUARDRAIL: Final = "aws:bedrock/guardrail:Guardrail"
DATA_SOURCE: Final = "aws:bedrock/agentDataSource:AgentDataSource"

_KEYS: Final = {
    CUSTOM_MODEL: "customModelKmsKeyId",
    BATCH_JOB: "outputDataConfig.s3OutputDataConfig.s3EncryptionKeyId",
    GUARDRAIL: "kmsKeyArn",
    DATA_SOURCE: "serverSideEncryptionConfiguration.kmsKeyArn",
}


def _encrypted(resource: Resource, _stack: Stack) -> Iterator[str]:
    if not resource.filled(_KEYS[resource.type]):
        yield "it is not encrypted with a KMS key of your own"


def _in_network(resource: Resource, _stack: Stack) -> Iterator[str]:
    if not (resource.filled("vpcConfig.subnetIds") and resource.filled("vpcConfig.securityGroupIds")):
        yield "your data is read from Bedrock's network, past your VPC endpoints and their policies"


RULES: Final = (
    Rule(
        id="bedrock-encrypted",
        level=Level.MANDATORY,
        controls=("FSBP Bedrock.1", own_controls.OWN_KEYS),
        title="Custom models, guardrails, data sources and answers in bulk are encrypted with a customer-managed key.",
        fix="Set custom_model_kms_key_id, kms_key_arn or s3_encryption_key_id.",
        types=tuple(_KEYS),
        check=_encrypted,
    ),
    Rule(
        id="bedrock-in-vpc",
        level=Level.MANDATORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="Models are customised, and asked in bulk, from a network of your own.",
        fix="Set vpc_config with subnet_ids and security_group_ids.",
        types=(CUSTOM_MODEL, BATCH_JOB),
        check=_in_network,
    ),
)
