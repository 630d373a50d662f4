"""A pipeline definition, read and checked: parameters, steps, and what each step waits for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mlstead_toolkit.cloud.sagemaker.condition import TYPES, nested
from mlstead_toolkit.cloud.sagemaker.expression import references
from mlstead_toolkit.cloud.sagemaker.record import refusal

VERSION = "2020-12-01"
STEP_TYPES = ("Processing", "Training", "Condition", "Fail", "RegisterModel", "Model")
PARAMETER_TYPES = {"String": str, "Integer": int, "Float": float, "Boolean": bool}
EXECUTION_VALUES = (
    "StartDateTime",
    "CurrentDateTime",
    "PipelineName",
    "PipelineArn",
    "PipelineExecutionId",
    "PipelineExecutionArn",
    "TrainingJobName",
    "ProcessingJobName",
)
Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: `default` is None where a value must be given."""

    name: str
    type: str
    default: Value | None
    enumeration: tuple[Value, ...]

    def read(self, given: str) -> Value:
        """Turn the text given at start into a value. Raises the refusal where it is none."""
        try:
            value = _boolean(given) if self.type == "Boolean" else PARAMETER_TYPES[self.type](given)
        except ValueError as error:
            raise refusal(f"Value {given!r} of parameter {self.name} is not of type {self.type}.") from error
        self.check(value)
        return value

    def check(self, value: Value) -> None:
        """Refuse a value outside the enumeration."""
        if self.enumeration and value not in self.enumeration:
            raise refusal(f"Value {value!r} of parameter {self.name} is not one of {list(self.enumeration)}.")


@dataclass(frozen=True, slots=True)
class Step:
    """A step, wherever it is nested.

    Attributes:
        after: names of the steps that must have succeeded before it.
        branch: the Condition step that it is nested in and the outcome for which it runs, or None.
    """

    name: str
    type: str
    arguments: dict[str, Any]
    after: frozenset[str]
    branch: tuple[str, bool] | None
    display_name: str | None = None
    description: str | None = None
    property_files: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PipelineDefinition:
    """Parameters and steps by name, in the order of the document."""

    parameters: dict[str, Parameter]
    steps: dict[str, Step]

    def values(self, given: list[dict[str, str]]) -> dict[str, Value]:
        """Give every parameter's value for an execution. Raises the refusal for what is unknown, wrong or missing."""
        texts = {one["Name"]: one["Value"] for one in given}
        if unknown := texts.keys() - self.parameters.keys():
            raise refusal(
                f"Parameters {sorted(unknown)} are not defined in the pipeline; it has {sorted(self.parameters)}."
            )
        values = {}
        for parameter in self.parameters.values():
            value = parameter.read(texts[parameter.name]) if parameter.name in texts else parameter.default
            if value is None:
                raise refusal(f"Parameters [{parameter.name}] do not have default values or execution values.")
            values[parameter.name] = value
        return values


def parse(document: str) -> PipelineDefinition:
    """Read a definition. Raises SageMaker's validation error, naming the step and the reason, for what cannot run."""
    try:
        content = json.loads(document)
    except ValueError as error:
        raise _unusable(f"it is not JSON: {error}") from error
    if not isinstance(content, dict) or content.get("Version") != VERSION:
        raise _unusable(f"Version must be {VERSION!r}")
    parameters = {one.name: one for one in map(_parameter, content.get("Parameters", []))}
    listed = list(_steps(content.get("Steps") or [], None))
    if not listed:
        raise _unusable("it has no Steps")
    steps = {step.name: step for step in listed}
    if len(steps) != len(listed):
        raise _unusable(f"step names must be unique: {_twice([step.name for step in listed])}")
    for step in listed:
        _check_references(step, parameters, steps)
    _refuse_cycles(steps)
    return PipelineDefinition(parameters, steps)


def _parameter(entry: dict[str, Any]) -> Parameter:
    name, kind = entry.get("Name", "?"), entry.get("Type")
    if kind not in PARAMETER_TYPES:
        raise _unusable(f"parameter {name} has type {kind!r}, not one of {list(PARAMETER_TYPES)}")
    default: Value | None = entry.get("DefaultValue")
    if kind == "Float" and isinstance(default, int) and not isinstance(default, bool):
        default = float(default)
    if default is not None and type(default) is not PARAMETER_TYPES[kind]:
        raise _unusable(f"the default {default!r} of parameter {name} is not of type {kind}")
    parameter = Parameter(name, kind, default, tuple(entry.get("EnumValues", [])))
    if default is not None:
        parameter.check(default)
    return parameter


def _steps(entries: list[dict[str, Any]], branch: tuple[str, bool] | None) -> Iterator[Step]:
    for entry in entries:
        name, kind = entry.get("Name", "?"), entry.get("Type")
        if kind not in STEP_TYPES:
            raise _unusable(
                f"step {name}: not supported here: {kind} step; the local cloud runs {', '.join(STEP_TYPES)}"
            )
        arguments = dict(entry.get("Arguments") or {})
        inner = {True: arguments.pop("IfSteps", None) or [], False: arguments.pop("ElseSteps", None) or []}
        if kind == "Condition":
            for condition in arguments.get("Conditions", []):
                for one in nested(condition):
                    if one.get("Type") not in TYPES:
                        raise _unusable(
                            f"step {name}: {one.get('Type')!r} is not a condition; there are {', '.join(TYPES)}"
                        )
        after = {_plain(name, dependency) for dependency in entry.get("DependsOn", [])}
        after |= {reference.split(".")[1] for reference in references(arguments) if reference.startswith("Steps.")}
        files = {one["PropertyFileName"]: one for one in entry.get("PropertyFiles", [])}
        yield Step(
            name,
            kind,
            arguments,
            frozenset(after | ({branch[0]} if branch else set())),
            branch,
            entry.get("DisplayName"),
            entry.get("Description"),
            files,
        )
        if kind == "Condition":
            for outcome, below in inner.items():
                yield from _steps(below, (name, outcome))


def _plain(step: str, dependency: Any) -> str:
    if isinstance(dependency, dict):
        if dependency.get("Trigger", "Completed") != "Completed":
            raise _unusable(f"step {step}: not supported here: DependsOn with trigger {dependency['Trigger']}")
        return str(dependency["Step"])
    return str(dependency)


def _check_references(step: Step, parameters: dict[str, Parameter], steps: dict[str, Step]) -> None:
    for name in step.after:
        if name not in steps:
            raise _unusable(f"step {step.name} refers to step {name}, which does not exist")
    for reference in references(step.arguments):
        kind, _, rest = reference.partition(".")
        if kind == "Parameters" and rest not in parameters:
            raise _unusable(f"step {step.name} refers to parameter {rest}, which does not exist")
        if kind == "Execution" and rest not in EXECUTION_VALUES:
            raise _unusable(f"step {step.name} refers to {reference}, which does not exist")
        if kind not in ("Parameters", "Execution", "Steps"):
            raise _unusable(f"step {step.name}: not supported here: a reference to {reference}")
        if ".PropertyFiles." in reference:
            owner, file = rest.split(".PropertyFiles.")
            if file not in steps[owner].property_files:
                raise _unusable(f"step {step.name} refers to property file {file}, which step {owner} does not declare")


def _refuse_cycles(steps: dict[str, Step]) -> None:
    done: set[str] = set()
    while len(done) < len(steps):
        ready = [name for name, step in steps.items() if name not in done and step.after <= done]
        if not ready:
            raise _unusable(f"the steps {sorted(steps.keys() - done)} wait for each other")
        done.update(ready)


def _twice(names: list[str]) -> str:
    return ", ".join(sorted({name for name in names if names.count(name) > 1}))


def _boolean(given: str) -> bool:
    if given.lower() not in ("true", "false"):
        raise ValueError(given)
    return given.lower() == "true"


def _unusable(reason: str) -> Exception:
    return refusal(f"Unable to parse pipeline definition: {reason}.")
