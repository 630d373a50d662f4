"""The plan and its events: plain data that the command line, the review and the tests read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from mlstead_toolkit.engine.provider import ChangeKind
from mlstead_toolkit.engine.values import Properties, PropertyValue


class Operation(StrEnum):
    """What happens to one resource."""

    SAME = "same"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    READ = "read"
    IMPORT = "import"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One input that differs, secrets masked; UNKNOWN stands for what only the cloud will tell."""

    path: str
    kind: ChangeKind
    before: PropertyValue
    after: PropertyValue
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One resource and what happens to it; `inputs` are masked."""

    operation: Operation
    urn: str
    type: str
    name: str
    resource_id: str = ""
    parent: str | None = None
    dependencies: tuple[str, ...] = ()
    inputs: Properties = field(default_factory=dict)
    changes: tuple[PropertyChange, ...] = ()
    protect: bool = False
    custom: bool = True
    declared_only: bool = False
    delete_before_replace: bool = False


@dataclass(slots=True)
class StackPlan:
    """The steps of one stack in the order of the graph, and its outputs (masked)."""

    project: str
    stack: str
    steps: list[Step] = field(default_factory=list)
    outputs: Properties = field(default_factory=dict)

    @property
    def changes(self) -> list[Step]:
        """The steps that do something."""
        return [step for step in self.steps if step.operation not in (Operation.SAME, Operation.READ)]


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A change has begun."""

    stack: str
    step: Step


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A change has ended; `error` is None where it went well, `note` what the reader should know."""

    stack: str
    step: Step
    seconds: float
    error: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A message of the program or the engine; severity is debug, info, warning or error."""

    stack: str
    severity: str
    message: str
    urn: str = ""


Event: TypeAlias = StepStarted | StepFinished | Diagnostic
EventSink: TypeAlias = Callable[[Event], None]
