"""A comparison made by hand: each resource with its inputs on both sides, and the step that this makes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from mlstead_toolkit.engine import property_change
from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import mask
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.review.comparison import Comparison, Graph

STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
BUCKET = "aws:s3/bucket:Bucket"
ROLE = "aws:iam/role:Role"


@dataclass(frozen=True)
class Resource:
    """One resource on both sides; None where a side lacks it.

    `replaces` are the paths that force a new one; `automatic` ones follow, and are no change of the program's.
    """

    name: str
    type: str = BUCKET
    before: dict[str, Any] | None = field(default_factory=dict)
    after: dict[str, Any] | None = field(default_factory=dict)
    parent: str = STACK
    custom: bool = True
    replaces: tuple[str, ...] = ()
    automatic: tuple[str, ...] = ()
    delete_before_replace: bool = False
    protected: tuple[bool, bool] = (False, False)
    retained: tuple[bool, bool] = (False, False)
    ignored: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    needs: dict[str, list[str]] = field(default_factory=dict)
    outputs: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    old_name: str = ""

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::shop::{self.type}::{self.name}"

    @property
    def old_urn(self) -> str:
        return f"urn:pulumi:dev::shop::{self.type}::{self.old_name or self.name}"

    def state(self, side: int) -> ResourceState | None:
        inputs = (self.before, self.after)[side]
        if inputs is None:
            return None
        return ResourceState(
            (self.old_urn, self.urn)[side], self.type, custom=self.custom, inputs=inputs, outputs=self.outputs[side],
            parent=self.parent,
            protect=self.protected[side], retain_on_delete=self.retained[side],
            ignore_changes=self.ignored[side], property_dependencies=self.needs,
            dependencies=sorted({urn for urns in self.needs.values() for urn in urns}))

    def step(self) -> Step:
        changes = tuple(dataclasses.replace(one, replaces=one.path in self.replaces)
                        for one in property_change.between(self.before or {}, self.after or {})
                        if one.path not in self.automatic)
        operation = (
            Operation.CREATE if self.before is None else Operation.DELETE if self.after is None
            else Operation.REPLACE if any(one.replaces for one in changes)
            else Operation.UPDATE if changes else Operation.SAME)
        state = self.state(0 if self.after is None else 1)
        assert state is not None
        return Step(operation, state.urn, self.type, self.old_name if self.after is None and self.old_name
                    else self.name, parent=self.parent, inputs=mask(state.inputs), changes=changes,
                    protect=state.protect, custom=self.custom, delete_before_replace=self.delete_before_replace)


def compared(*resources: Resource) -> Comparison:
    """Put resources together into a comparison."""

    def graph(side: int) -> Graph:
        found = tuple(state for one in resources if (state := one.state(side)) is not None)
        return Graph(found, {}, {}, Report("shop", "dev", ()))

    return Comparison(
        "shop", "dev", graph(0), graph(1), tuple(one.step() for one in resources),
        renamed={one.urn: one.old_urn for one in resources if one.old_name and one.after is not None},
        places={one.urn: f"infra/__main__.py:{number}" for number, one in enumerate(resources, 10)})
