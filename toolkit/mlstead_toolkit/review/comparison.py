"""Two sides of a change, evaluated: what the sections of a review are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlstead_toolkit.engine.plan import Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import Properties
from mlstead_toolkit.policies.report import Report

BASE, HEAD = "base", "head"
"""The sides, as problems name them."""


@dataclass(frozen=True)
class Graph:
    """What a program describes in one environment, every output filled in: known values, or symbols such as ⟨lake/raw⟩.

    Args:
        resources: each after what it refers to, else by URN; Secret may stand in their inputs.
        outputs: what the stack exports.
        references: outputs of other stacks that were read, by the name the program asked for.
        policies: what the rules say.
    """

    resources: tuple[ResourceState, ...]
    outputs: Properties
    references: Mapping[str, Properties]
    policies: Report


@dataclass(frozen=True)
class Problem:
    """Why something could not be reviewed.

    Args:
        environment: which; "" where it concerns all.
        side: `base` or `head`.
        message: what is wrong.
        where: file:line, relative to the repository's root.
        fix: what to do.
    """

    environment: str
    side: str
    message: str
    where: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Comparison:
    """One environment on both sides.

    Args:
        project: Pulumi's name of the project.
        environment: the stack's short name.
        before: the base; None where it has no such environment, or could not be evaluated (see problems).
        after: the head; None likewise.
        steps: what bringing the base's stack to the head would do: the engine's own plan, secrets masked.
        renamed: URN in the head → URN in the base, for resources that an alias ties together.
        problems: what went wrong.
        notes: what a reader should know of how this was made: a foundation that was not checked in.
        places: URN → file:line, relative to the repository's root, where the head's program (the base's for what is
            gone) makes the resource or the outermost component that it belongs to.
    """

    project: str
    environment: str
    before: Graph | None
    after: Graph | None
    steps: tuple[Step, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
