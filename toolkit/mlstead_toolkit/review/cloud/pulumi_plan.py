"""What `pulumi preview --json` and `pulumi refresh --preview-only --json` print, read without trusting it.

The form is that of PreviewDigest: steps[{op, urn, oldState, newState, diffReasons, replaceReasons, detailedDiff}],
diagnostics, changeSummary. Steps that do nothing are left out, but for the stack itself. In a refresh, `update` is a
resource that differs in the cloud, `delete` one that is gone from it, and `refresh` one that is as it was deployed.
`pulumi preview --refresh` is of no use for drift: what it says of a refresh is the state before it.
Source: pkg/backend/display/json.go of pulumi/pulumi.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import property_path
from mlstead_toolkit.engine import urn as urns

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m|<\{%[^%]*%\}>")


class NoPlan(MlsteadError):
    """There is no plan in it: Pulumi failed, or what it wrote is not whole."""


class ForeignPlan(MlsteadError):
    """It is the plan of another stack."""


@dataclass(frozen=True)
class PulumiState:
    """What a step says of a resource on one side; nothing where there is none.

    Args:
        custom: whether it is a resource in the cloud, and no component.
        parent: its parent's URN; "" where there is none.
        inputs: what the program says.
        outputs: what the cloud says.
        secret: names of outputs that are secret.
    """

    custom: bool = False
    parent: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    secret: tuple[str, ...] = ()


@dataclass(frozen=True)
class PulumiStep:
    """One step as Pulumi prints it.

    Args:
        operation: Pulumi's word.
        urn: the resource.
        before: as it was deployed.
        after: as it is to be, or as the cloud has it.
        paths: the properties that differ, with Pulumi's kind: update, add-replace, …
        of_inputs: the paths whose old value is an input; of the others it is an output.
    """

    operation: str
    urn: str
    before: PulumiState
    after: PulumiState
    paths: Mapping[str, str]
    of_inputs: frozenset[str]

    @property
    def state(self) -> PulumiState:
        """The resource as it will be; of what goes, as it was."""
        return self.before if self.operation == "delete" else self.after


@dataclass(frozen=True)
class PulumiPlan:
    """The steps of one stack, and how many resources have which, those that stay included."""

    steps: tuple[PulumiStep, ...]
    counts: Mapping[str, int]

    @property
    def first(self) -> bool:
        """Whether nothing is deployed yet."""
        return "create" in self._of_stack

    @property
    def refresh(self) -> bool:
        """Whether it is a refresh alone, in which only the cloud speaks; of what is not deployed there are no steps."""
        return self._of_stack <= {"refresh"}

    @property
    def _of_stack(self) -> set[str]:
        return {step.operation for step in self.steps if urns.type_of(step.urn) == urns.STACK_TYPE}


def read_plan(text: str, *, project: str, environment: str, where: str) -> PulumiPlan:
    """Read what Pulumi printed.

    Args:
        text: the JSON.
        project: whose plan it has to be.
        environment: the stack's short name, likewise.
        where: the file, or the command that printed it.

    Raises:
        NoPlan: the preview failed, or this is no preview.
        ForeignPlan: it is of another project or environment.
    """
    again = "see the job that writes it; pulumi preview --json prints it"
    if not text.strip():
        raise NoPlan("Pulumi has written nothing: the preview failed.", where=where, fix=again)
    try:
        data = json.loads(text)
        plan = PulumiPlan(tuple(_steps(data)), {str(name): int(count)
                                                for name, count in (data.get("changeSummary") or {}).items()})
        error = _error(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as broken:
        raise NoPlan("This is not what Pulumi prints, or not the whole of it.", where=where, fix=again) from broken
    for step in plan.steps:
        parts = urns.parse(step.urn)
        if (parts.project, parts.stack) != (project, environment):
            raise ForeignPlan(f"This is a preview of {parts.project} in {parts.stack}, not of {project} in "
                              f"{environment}.", where=where,
                              fix=f"pulumi -C infra preview --json --stack {environment} > {where}")
    if error:
        raise NoPlan(error, where=where, fix="mend it, and preview again")
    return plan


def _steps(data: Mapping[str, Any]) -> Iterator[PulumiStep]:
    for step in data.get("steps") or ():
        urns.parse(step["urn"])
        detailed, replacing = step.get("detailedDiff") or {}, step.get("replaceReasons") or ()
        paths = {path: str(found["kind"]) for path, found in detailed.items()} or {
            path: "update-replace" if path in replacing else "update" for path in step.get("diffReasons") or ()}
        if not all(map(property_path.parse, paths)):
            raise ValueError(paths)
        yield PulumiStep(str(step["op"]), step["urn"], _state(step.get("oldState")), _state(step.get("newState")),
                         paths, frozenset(path for path in paths if detailed.get(path, {}).get("inputDiff", True)))


def _state(data: Mapping[str, Any] | None) -> PulumiState:
    if data is None:
        return PulumiState()
    parent = str(data.get("parent") or "")
    if parent:
        urns.parse(parent)
    return PulumiState(data.get("custom") is True, parent, dict(data.get("inputs") or {}),
                       dict(data.get("outputs") or {}), tuple(map(str, data.get("additionalSecretOutputs") or ())))


def _error(data: Mapping[str, Any]) -> str:
    """Give the first error in a sentence; of a program that raised, what it raised."""
    for found in data.get("diagnostics") or ():
        if found["severity"] == "error":
            lines = [line for line in _COLOUR.sub("", found["message"]).splitlines() if line.strip()]
            told = lines[-1 if any(line.startswith("Traceback") for line in lines) else 0] if lines else ""
            return told.strip().removeprefix("error: ") or "Pulumi failed without a word."
    return ""
