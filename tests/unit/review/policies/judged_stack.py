"""A comparison of two stacks that the real rules have judged, each told by name, type and inputs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.urn import STACK_TYPE
from mlstead_toolkit.policies.analysis import as_resource
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.evaluation import evaluate
from mlstead_toolkit.policies.exceptions import Exceptions
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.policies.reviewed_exception import ReviewedException
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.comparison import Comparison, Graph

STACK = f"urn:pulumi:dev::shop::{STACK_TYPE}::shop-dev"
REASON = "images are kept until the audit is over"
LATER, LATER_STILL, PAST = datetime.date(2031, 1, 1), datetime.date(2031, 6, 1), datetime.date(2020, 1, 1)
TODAY = datetime.date(2026, 1, 1)


@dataclass(frozen=True)
class One:
    """One resource of one side."""

    type: str
    name: str
    inputs: dict[str, Any] = field(default_factory=dict)
    parent: str = STACK
    protect: bool = True
    needs: dict[str, list[str]] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::shop::{self.type}::{self.name}"

    def state(self) -> ResourceState:
        return ResourceState(self.urn, self.type, custom=self.type.startswith("aws:"), inputs=self.inputs,
                             parent=self.parent, protect=self.protect, property_dependencies=self.needs)


def excepted(rule: str, resource: str, expires: datetime.date = LATER, **changed: str) -> ReviewedException:
    told = {"rule": rule, "resource": resource, "reason": REASON, "owner": "ml@example.com", "expires": expires}
    return ReviewedException.model_validate(told | changed)


def side(resources: Sequence[One], exceptions: Sequence[ReviewedException] = ()) -> Graph:
    """Give a side as the rules judge it."""
    states = tuple(one.state() for one in resources)
    found = Exceptions(tuple(one for one in exceptions if one.expires >= TODAY),
                       tuple(one for one in exceptions if one.expires < TODAY))
    stack = Stack("shop", "dev", tuple(map(as_resource, states)))
    return Graph(states, {}, {}, Report.of("shop", "dev", evaluate(stack, RULES, found.agreed), found))


def comparison(before: Sequence[One] | None, after: Sequence[One] | None,
               agreed: tuple[Sequence[ReviewedException], Sequence[ReviewedException]] = ((), ()),
               **more: Any) -> Comparison:
    """Give a comparison; `agreed` are the exceptions of either side."""
    return Comparison("shop", "dev", None if before is None else side(before, agreed[0]),
                      None if after is None else side(after, agreed[1]), **more)
