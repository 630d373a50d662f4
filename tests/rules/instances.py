"""Examples of the theme instances."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.instances import FILE_SYSTEM, INSTANCE, LAUNCH_TEMPLATE, VOLUME

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
TOKENS = {"metadataOptions": {"httpTokens": "required"}}


def _one(type: str, **properties: Any) -> Stack:
    return stack(resource(type, **properties))


EXAMPLES = {
    "ec2-metadata-tokens": example(
        (_one(INSTANCE, **TOKENS), _one(LAUNCH_TEMPLATE, metadataOptions={"httpEndpoint": "disabled"})),
        (_one(INSTANCE), _one(LAUNCH_TEMPLATE, metadataOptions={"httpTokens": "optional"})),
    ),
    "ec2-no-public-address": example(
        _one(INSTANCE, associatePublicIpAddress=False, **TOKENS),
        (_one(INSTANCE, associatePublicIpAddress=True, **TOKENS),
         _one(LAUNCH_TEMPLATE, networkInterfaces=[{"associatePublicIpAddress": "true"}], **TOKENS)),
    ),
    "disk-customer-key": example(
        (_one(VOLUME, encrypted=True, kmsKeyId=KEY), _one(FILE_SYSTEM, encrypted=True, kmsKeyId=KEY)),
        (_one(VOLUME), _one(VOLUME, encrypted=True), _one(FILE_SYSTEM, encrypted=False)),
    ),
}
