"""Examples of the theme step_functions."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.step_functions import STATE_MACHINE

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:flights:*"


def _machine(**changed: Any) -> Stack:
    return stack(resource(STATE_MACHINE, **{
        "loggingConfiguration": {"level": "ALL", "logDestination": GROUP}, "tracingConfiguration": {"enabled": True},
        "encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": KEY},
    } | changed))


EXAMPLES = {
    "state-machine-logged": example(
        (_machine(), _machine(loggingConfiguration={"level": "ERROR", "logDestination": GROUP})),
        (_machine(loggingConfiguration=None), _machine(loggingConfiguration={"level": "OFF"}),
         _machine(loggingConfiguration={"level": "ALL"})),
    ),
    "state-machine-traced": example(_machine(), _machine(tracingConfiguration=None)),
    "state-machine-customer-key": example(_machine(), (
        _machine(encryptionConfiguration=None), _machine(encryptionConfiguration={"type": "AWS_OWNED_KEY"}),
    )),
}
