"""Examples of the theme bedrock."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.bedrock import BATCH_JOB, CUSTOM_MODEL, DATA_SOURCE, GUARDRAIL

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
NETWORK = {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}


def _model(**changed: Any) -> Stack:
    return stack(resource(CUSTOM_MODEL, **{
        "customModelName": "flights", "roleArn": "arn:aws:iam::123456789012:role/bedrock", "vpcConfig": NETWORK,
        "customModelKmsKeyId": KEY,
    } | changed))


def _batch(key: str | None = KEY, network: dict[str, Any] | None = NETWORK) -> Stack:
    output = {"s3Uri": "s3://lake-artifacts/flights/answers", "s3EncryptionKeyId": key}
    return stack(resource(BATCH_JOB, jobName="flights", vpcConfig=network,
                          outputDataConfig={"s3OutputDataConfig": output}))


EXAMPLES = {
    "bedrock-encrypted": example(
        (_model(), _batch(), stack(resource(GUARDRAIL, name="flights", kmsKeyArn=KEY))),
        (_model(customModelKmsKeyId=None), _batch(key=None), stack(resource(GUARDRAIL, name="flights")),
         stack(resource(DATA_SOURCE, name="flights"))),
    ),
    "bedrock-in-vpc": example((_model(), _batch()), (_model(vpcConfig=None), _batch(network={"subnetIds": []}))),
}
