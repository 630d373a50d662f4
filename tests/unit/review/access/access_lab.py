"""Two small stacks, written down for a test, and what a review says of who may do what."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.review.access import access_of
from mlstead_toolkit.review.comparison import Comparison, Graph, Problem
from mlstead_toolkit.review.report import AccessChange

ACCOUNT = "123456789012"
STRANGER = "999988887777"
BUCKET = "lake-curated-0a1b2c3"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/33333333-3333-4333-8333-333333333333"
FOUNDATION: Mapping[str, Any] = {
    "account_id": ACCOUNT,
    "operations_key_arn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-1111-4111-8111-111111111111",
    "lake": {"zones": {
        "raw": {"bucket": "lake-raw-0a1b2c3", "arn": "arn:aws:s3:::lake-raw-0a1b2c3",
                "key_arn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/22222222-2222-4222-8222-222222222222"},
        "curated": {"bucket": BUCKET, "arn": f"arn:aws:s3:::{BUCKET}", "key_arn": KEY},
    }},
}
CURATED = f"arn:aws:s3:::{BUCKET}"
OWN = f"{CURATED}/flights/*"
BY_SAGEMAKER = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}

Stack = Sequence[ResourceState]


def statement(actions: Any = "s3:GetObject", resources: Any = OWN, **more: Any) -> dict[str, Any]:
    """Write a statement that allows; `Effect`, `Principal`, `Condition` and the like as they stand in a policy."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources} | more


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def resource(type_: str, title: str, /, inputs: Mapping[str, Any] | None = None, arn: str = "", id_: str = "",
             environment: str = "dev", **outputs: Any) -> ResourceState:
    """Write a resource of the stack as the engine has it."""
    inputs = dict(inputs or {})
    known = inputs | ({"arn": arn} if arn else {}) | outputs
    return ResourceState(urns.make(environment, "flights", "", type_, title), type_, True, id_ or title, inputs, known)


def role(name: str = "training", *trust: Mapping[str, Any], use: str = "", physical: str = "", **inputs: Any
         ) -> ResourceState:
    """Write a role; SageMaker may assume it where nothing else is said."""
    called = physical or f"flights-{name}-0a1b2c3"
    given = {"assumeRolePolicy": document(*(trust or (BY_SAGEMAKER,))), "tags": {"mlstead:use": use or name}} | inputs
    return resource("aws:iam/role:Role", f"flights-{name}", given, f"arn:aws:iam::{ACCOUNT}:role/{called}", called,
                    name=called)


def grant(*statements: Mapping[str, Any], to: ResourceState, name: str = "grant") -> ResourceState:
    """Write an inline policy of a role."""
    return resource("aws:iam/rolePolicy:RolePolicy", name, {"role": to.id, "policy": document(*statements)})


def compare(before: Stack | None, after: Stack | None, renamed: Mapping[str, str] | None = None,
            problems: tuple[Problem, ...] = (), environment: str = "dev", references: Any = None, **more: Any
            ) -> Comparison:
    def graph(stack: Stack | None) -> Graph | None:
        told = {"organization/mlstead-foundation/dev": dict(references or FOUNDATION)}
        return None if stack is None else Graph(tuple(stack), {}, told, Report("flights", environment, ()))

    return Comparison("flights", environment, graph(before), graph(after), renamed=renamed or {}, problems=problems,
                      **more)


def changes(before: Stack | None, after: Stack | None, **more: Any) -> tuple[AccessChange, ...]:
    return access_of(compare(before, after, **more))


def told(before: Stack | None, after: Stack | None, **more: Any) -> list[str]:
    """Give the sentences; those of what is lost begin with a minus."""
    return [("" if one.widens else "- ") + one.text for one in changes(before, after, **more)]
