"""Small stacks, as examples of what a rule lets pass and what it does not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlstead_toolkit.policies import Resource, Stack

STACK_TYPE = "pulumi:pulumi:Stack"
TAGS = {"mlstead:project": "project", "mlstead:environment": "dev"}
OF_FOUNDATION = {"mlstead:project": "mlstead-foundation", "mlstead:environment": "dev"}
JOBS_HELD = {
    "ArnEquals": {"sagemaker:VolumeKmsKey": "arn:aws:kms:eu-west-1:123456789012:key/one"},
    "ForAllValues:StringEquals": {"sagemaker:VpcSubnets": ["subnet-1"], "sagemaker:InstanceTypes": ["ml.m5.large"]},
    "Null": {"sagemaker:VpcSubnets": "false", "sagemaker:InstanceTypes": "false"},
}
"""What holds whoever may start jobs to a network, a key and instance types."""


@dataclass(frozen=True)
class Example:
    """The stacks that a rule is tried on: in a good one no rule finds anything, in a bad one this rule alone does."""

    good: tuple[Stack, ...]
    bad: tuple[Stack, ...]


def example(good: Stack | tuple[Stack, ...], bad: Stack | tuple[Stack, ...]) -> Example:
    """Pair good stacks with bad ones."""
    return Example(good if isinstance(good, tuple) else (good,), bad if isinstance(bad, tuple) else (bad,))


def resource(type: str, name: str = "flights", /, *, refers: Mapping[str, Resource] | None = None, parent: str = "",
             protect: bool = True, **properties: Any) -> Resource:
    """Make a resource.

    Args:
        type: its token.
        name: its name in the program.
        refers: property → the resource that its value comes from; the value is made up unless `properties` has it.
        parent: URN of its component.
        protect: whether Pulumi refuses to delete it.
        properties: in camelCase; it has the project's tags unless they say otherwise.
    """
    refers = refers or {}
    return Resource(
        {"tags": TAGS, **{key: f"{other.name}-1a2b3c4" for key, other in refers.items()}, **properties},
        type, name, f"urn:pulumi:dev::project::{type}::{name}", parent,
        protect, tuple(other.urn for other in refers.values()),
        {key: (other.urn,) for key, other in refers.items()},
    )


def stack(*resources: Resource, complete: bool = True, environment: str = "dev") -> Stack:
    """Make a stack of these resources, with the stack's own resource before them."""
    root = Resource({}, STACK_TYPE, "project-dev", f"urn:pulumi:dev::project::{STACK_TYPE}::project-dev")
    return Stack("project", environment, (root, *resources), complete)


def policy(*statements: Mapping[str, Any]) -> str:
    """Write a policy as it is on the wire; a statement allows unless it says otherwise."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | dict(one) for one in statements]})


@dataclass(frozen=True)
class Mistake:
    """A row of the table of deliberately bad resources.

    Args:
        what: how it came about.
        rule: the rule that it trips, and no other.
        made: the resource, good but for that.
    """

    what: str
    rule: str
    made: Resource
