"""Who may start jobs may start them only where, on what and under which key was agreed.

Keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_sagemaker.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.identity_policy import HOLDERS, granted, only_bounds, policy_statements
from mlstead_toolkit.policies.statement import Condition, Statement

_JOBS: Final = tuple(f"sagemaker:Create{what}" for what in (
    "TrainingJob", "ProcessingJob", "HyperParameterTuningJob", "MonitoringSchedule", "DataQualityJobDefinition",
    "NotebookInstance",
))
_IN_NETWORK: Final = (*_JOBS, "sagemaker:CreateModel")
_WITH_MACHINES: Final = (*_JOBS, "sagemaker:CreateEndpointConfig", "sagemaker:CreateTransformJob")

_SUBNETS: Final = "sagemaker:VpcSubnets"
_KEY: Final = "sagemaker:VolumeKmsKey"
_TYPES: Final = "sagemaker:InstanceTypes"


def _in_network(holder: Resource, stack: Stack) -> Iterator[str]:
    for statement, actions in _starting(holder, stack, *_IN_NETWORK):
        if not _asks_for(statement, _SUBNETS):
            yield f"{statement.called} allows {', '.join(actions)} also outside your network"


def _encrypted(holder: Resource, stack: Stack) -> Iterator[str]:
    for statement, actions in _starting(holder, stack, *_WITH_MACHINES):
        # What brings disks of its own takes no key; then the types must be said.
        keyless = _asks_for(statement, _TYPES) and any(
            (one.operator, one.key.lower(), one.values) == ("Null", _KEY.lower(), ("true",))
            for one in statement.conditions
        )
        if not _asks_for(statement, _KEY) and not keyless:
            yield f"{statement.called} allows {', '.join(actions)} also without a KMS key of your own"


def _on_types(holder: Resource, stack: Stack) -> Iterator[str]:
    for statement, actions in _starting(holder, stack, *_WITH_MACHINES):
        held = _asks_for(statement, _TYPES) and any(
            one.operator.endswith(("StringEquals", "StringLike")) and all(value.strip("*?") for value in one.values)
            for one in statement.conditions if one.key.lower() == _TYPES.lower()
        )
        others = [] if held else [action for action in actions if not _others_denied(holder, statement, action)]
        if others:
            yield f"{statement.called} allows {', '.join(others)} on whatever instance type"


def _others_denied(holder: Resource, allowed: Statement, action: str) -> bool:
    """Tell whether a Deny beside what allows an action forbids it on other instance types than some."""
    return any(
        not one.allows and one.reaches(action) and len(one.conditions) == 1
        and (one.everywhere or (not one.but_resources and set(allowed.resources) <= set(one.resources)))
        and _is_on_others(one.conditions[0])
        for one in policy_statements(holder)
    )


def _is_on_others(condition: Condition) -> bool:
    return (condition.key.lower() == _TYPES.lower() and all(value.strip("*?") for value in condition.values)
            and condition.operator in ("ForAnyValue:StringNotEquals", "ForAnyValue:StringNotLike"))


def _starting(holder: Resource, stack: Stack, *actions: str) -> Iterator[tuple[Statement, list[str]]]:
    # What allows a whole service, or all but something, breaks other rules already.
    reaching = [(one, found) for one in granted(holder) if not one.but_actions
                and not any(each == "*" or each.endswith(":*") for each in one.actions)
                and (found := one.reaches(*actions))]
    if reaching and not only_bounds(holder, stack):
        yield from reaching


def _asks_for(statement: Statement, key: str) -> bool:
    """Tell whether the call must say it: what is held ForAllValues, or IfExists, also holds where nothing is said."""
    return any(
        one.key.lower() == key.lower()
        and (one.values == ("false",) if one.operator == "Null"
             else not one.operator.startswith("ForAllValues") and not one.operator.endswith("IfExists"))
        for one in statement.conditions
    )


RULES: Final = (
    Rule(
        id="sagemaker-calls-in-vpc",
        level=Level.MANDATORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="Whoever may start jobs, or make models, may do so only in a network of your own.",
        fix='Hold sagemaker:VpcSubnets to the subnets that are meant, and {"Null": {"sagemaker:VpcSubnets": "false"}}.',
        types=HOLDERS,
        check=_in_network,
    ),
    Rule(
        id="sagemaker-calls-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="Whoever may start jobs or endpoints must encrypt their volumes with the key that is meant.",
        fix='Hold sagemaker:VolumeKmsKey to that key with ArnEquals.',
        types=HOLDERS,
        check=_encrypted,
    ),
    Rule(
        id="sagemaker-calls-on-types",
        level=Level.ADVISORY,
        controls=(own_controls.BOUNDED_COST,),
        title="Whoever may start jobs or endpoints may use only some instance types.",
        fix='Hold sagemaker:InstanceTypes with ForAllValues:StringEquals, and Null: "false"; or deny all others with '
            "ForAnyValue:StringNotEquals.",
        types=HOLDERS,
        check=_on_types,
    ),
)
