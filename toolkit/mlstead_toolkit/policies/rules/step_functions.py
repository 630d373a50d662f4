"""Step Functions: what a state machine did can be read afterwards, by whom it is for.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/stepfunctions-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import OWN_KEYS

STATE_MACHINE: Final = "aws:sfn/stateMachine:StateMachine"


def _logged(machine: Resource, _stack: Stack) -> Iterator[str]:
    level = machine.get("loggingConfiguration.level", "OFF")
    if level == "OFF" or not machine.filled("loggingConfiguration.logDestination"):
        yield "nobody can tell afterwards what it did"


def _traced(machine: Resource, _stack: Stack) -> Iterator[str]:
    if not machine.flag("tracingConfiguration.enabled"):
        yield "its calls cannot be followed from service to service"


def _own_key(machine: Resource, _stack: Stack) -> Iterator[str]:
    if not machine.filled("encryptionConfiguration.kmsKeyId"):
        yield "what its states pass on is encrypted with a key of AWS's"


RULES: Final = (
    Rule(
        id="state-machine-logged",
        level=Level.MANDATORY,
        controls=("FSBP StepFunctions.1", "cdk-nag SF1"),
        title="A state machine logs what it does.",
        fix='Set logging_configuration={"level": "ALL", "log_destination": f"{group_arn}:*"}.',
        types=(STATE_MACHINE,),
        check=_logged,
    ),
    Rule(
        id="state-machine-traced",
        level=Level.ADVISORY,
        controls=("cdk-nag SF2",),
        title="A state machine's calls are traced.",
        fix='Set tracing_configuration={"enabled": True}.',
        types=(STATE_MACHINE,),
        check=_traced,
    ),
    Rule(
        id="state-machine-customer-key",
        level=Level.ADVISORY,
        controls=(OWN_KEYS,),
        title="A state machine's data is encrypted with a customer-managed KMS key.",
        fix='Set encryption_configuration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kms_key_id": key_arn}.',
        types=(STATE_MACHINE,),
        check=_own_key,
    ),
)
