"""The embedded engine: Pulumi programs, run where there is no Pulumi CLI; its names are imported when first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlstead_toolkit.engine.configuration import Configuration, ConfigurationError
    from mlstead_toolkit.engine.errors import (
        DeploymentFailed,
        EngineError,
        Failure,
        NotSupported,
        PassphraseError,
        ProgramError,
        ProtectedResources,
        StackLocked,
        StateError,
    )
    from mlstead_toolkit.engine.plan import (
        Diagnostic,
        Event,
        EventSink,
        Operation,
        PropertyChange,
        StackPlan,
        Step,
        StepFinished,
        StepStarted,
    )
    from mlstead_toolkit.engine.provider import (
        CheckFailure,
        CheckResult,
        DiffResult,
        PartialFailure,
        Provider,
        ProviderError,
        ProviderFactory,
        ReadResult,
    )
    from mlstead_toolkit.engine.session import Session, StackSource
    from mlstead_toolkit.engine.stack_references import stack_exists, stack_outputs, stacks_referring_to
    from mlstead_toolkit.engine.values import (
        UNKNOWN,
        Archive,
        Asset,
        Properties,
        PropertyValue,
        ResourceReference,
        Secret,
    )

_HOMES = {
    "configuration": ("Configuration", "ConfigurationError"),
    "errors": ("DeploymentFailed", "EngineError", "Failure", "NotSupported", "PassphraseError", "ProgramError",
               "ProtectedResources", "StackLocked", "StateError"),
    "plan": ("Diagnostic", "Event", "EventSink", "Operation", "PropertyChange", "StackPlan", "Step", "StepFinished",
             "StepStarted"),
    "provider": ("CheckFailure", "CheckResult", "DiffResult", "PartialFailure", "Provider", "ProviderError",
                 "ProviderFactory", "ReadResult"),
    "session": ("Session", "StackSource"),
    "stack_references": ("stack_exists", "stack_outputs", "stacks_referring_to"),
    "values": ("UNKNOWN", "Archive", "Asset", "Properties", "PropertyValue", "ResourceReference", "Secret"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "UNKNOWN", "Archive", "Asset", "CheckFailure", "CheckResult", "Configuration", "ConfigurationError",
    "DeploymentFailed", "Diagnostic", "DiffResult", "EngineError", "Event", "EventSink", "Failure", "NotSupported",
    "Operation", "PartialFailure", "PassphraseError", "ProgramError", "Properties", "PropertyChange", "PropertyValue",
    "ProtectedResources", "Provider", "ProviderError", "ProviderFactory", "ReadResult", "ResourceReference", "Secret",
    "Session", "StackLocked", "StackPlan", "StackSource", "StateError", "Step", "StepFinished", "StepStarted",
    "stack_exists", "stack_outputs", "stacks_referring_to",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
