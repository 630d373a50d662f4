"""Two SageMaker pipeline definitions, compared by parameters and steps.

The order in which steps are written says nothing: DependsOn and what a step takes from another do.
https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mlstead_toolkit.review.changes.structure import Part, differences
from mlstead_toolkit.review.changes.values import told_apart, written

_STEPS: Final = "Steps"
# Where a step's arguments hold what a reviewer asks for first, by the end of the path, and what it is called.
_WORDS: Final = {
    "InstanceType": "instance type", "InstanceCount": "instance count", "VolumeSizeInGB": "volume size in GB",
    "VolumeKmsKeyId": "key of the volume", "OutputKmsKeyId": "key of the output", "KmsKeyId": "key",
    "ImageUri": "image", "TrainingImage": "image", "RoleArn": "role", "ContainerArguments": "arguments",
    "ContainerEntrypoint": "entry point", "MaxRuntimeInSeconds": "longest run in seconds", "Subnets": "subnets",
    "MaxWaitTimeInSeconds": "longest wait in seconds", "SecurityGroupIds": "security groups", "S3Uri": "S3 place",
    "EnableNetworkIsolation": "network isolation", "EnableManagedSpotTraining": "spot instances",
    "EnableInterContainerTrafficEncryption": "encrypted traffic between containers",
    "DefaultValue": "default", "ModelApprovalStatus": "approval status",
    "Description": "description", "Type": "type",
}


@dataclass(frozen=True)
class _PlacedStep:
    """One step, its own steps apart; `branch` is where it stands: "", or `if Check holds`."""

    body: Mapping[str, Any]
    branch: str


def is_pipeline(value: Any) -> bool:
    """Tell whether a document is a pipeline's definition."""
    return isinstance(value, dict) and _are_steps(value.get(_STEPS))


def pipeline_lines(before: Any, after: Any) -> tuple[str, ...]:
    """Give what differs between two definitions, None for none; nothing where they run the same."""
    old, new = before or {}, after or {}
    return *_parameters(old, new), *_steps(dict(_placed(old)), dict(_placed(new))), *_rest(old, new)


def step_count(definition: Any) -> int:
    """Count the steps of a definition, those in branches too."""
    return len(dict(_placed(definition)))


def _are_steps(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(
        isinstance(one, dict) and isinstance(one.get("Name"), str) and "Type" in one for one in value)


def _parameters(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = _named(before.get("Parameters")), _named(after.get("Parameters"))
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield f"- parameter {name}{_default(old[name])}"
        elif name not in old:
            yield f"+ parameter {name}{_default(new[name])}"
        else:
            for part in differences(old[name], new[name]):
                yield f"~ parameter {name}: {_changed(part)}"


def _named(elements: Any) -> dict[str, Any]:
    listed = elements if isinstance(elements, list) else []
    return {str(one["Name"]): one for one in listed if isinstance(one, dict) and "Name" in one}


def _default(parameter: Mapping[str, Any]) -> str:
    return f" = {written(parameter['DefaultValue'])}" if "DefaultValue" in parameter else ""


def _placed(definition: Mapping[str, Any], branch: str = "") -> Iterator[tuple[str, _PlacedStep]]:
    for step in definition.get(_STEPS) or ():
        arguments = step.get("Arguments")
        inner = {key: value for key, value in arguments.items() if _are_steps(value)} if isinstance(
            arguments, dict) else {}
        own = {**step, "Arguments": {key: value for key, value in arguments.items() if key not in inner}} if inner \
            else step
        yield step["Name"], _PlacedStep(own, branch)
        for key, steps in inner.items():
            said = {"IfSteps": f"if {step['Name']} holds", "ElseSteps": f"unless {step['Name']} holds"}
            yield from _placed({_STEPS: steps}, said.get(key, f"{key} of {step['Name']}"))


def _steps(before: dict[str, _PlacedStep], after: dict[str, _PlacedStep]) -> Iterator[str]:
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            yield f"- step {name}"
        elif name not in before:
            yield f"+ step {name}: {_introduced(after[name])}"
        else:
            yield from (f"~ step {name}: {text}" for text in _in_step(before[name], after[name]))


def _introduced(step: _PlacedStep) -> str:
    words = [str(step.body.get("Type"))]
    words += [_after(step)] if _needs(step) else []
    words += [step.branch] if step.branch else []
    for path, value in _leaves(step.body.get("Arguments") or {}):
        if path.rpartition(".")[2] in ("InstanceType", "InstanceCount"):
            words.append(f"{_WORDS[path.rpartition('.')[2]]} {written(_resolved(value))}")
    return ", ".join(words)


def _in_step(old: _PlacedStep, new: _PlacedStep) -> Iterator[str]:
    if old.branch != new.branch:
        yield f"{old.branch or 'always'} → {new.branch or 'always'}"
    if _needs(old) != _needs(new):
        yield f"{_after(old)} → {_after(new)}"
    for part in differences(_without_order(old.body), _without_order(new.body)):
        yield _changed(part)


def _without_order(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _resolved(value) for key, value in body.items() if key != "DependsOn"}


def _needs(step: _PlacedStep) -> list[str]:
    found = step.body.get("DependsOn")
    return sorted({str(one) for one in found}) if isinstance(found, list) else []


def _after(step: _PlacedStep) -> str:
    return f"after {', '.join(_needs(step))}" if _needs(step) else "after nothing"


def _resolved(value: Any) -> Any:
    """Write what a step takes from elsewhere as its name alone: {"Get": "Parameters.Image"} is Parameters.Image."""
    if isinstance(value, dict):
        if list(value) == ["Get"]:
            return value["Get"]
        return {key: _resolved(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner) for inner in value]
    return value


def _changed(part: Part) -> str:
    path = part.path.removeprefix(".").removeprefix("Arguments.")
    words = _WORDS.get(re.sub(r"\[[^\]]*\]$", "", path).rpartition(".")[2], path)
    match part.kind:
        case "add":
            return f"{words} + {written(part.after)}"
        case "delete":
            return f"{words} − {written(part.before)}"  # noqa: RUF001 (the sign for what goes)
        case _:
            return f"{words} {' → '.join(told_apart(part.before, part.after))}"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and list(value) != ["Get"]:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}")
    else:
        yield path, value


def _rest(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if before and after:
        old, new = ({key: value for key, value in one.items() if key not in ("Parameters", _STEPS)}
                    for one in (before, after))
        yield from (f"~ {_changed(part)}" for part in differences(old, new))
