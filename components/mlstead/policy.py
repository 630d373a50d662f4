"""Policy statements as typed data, refused when they reach further than they say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import pulumi

from mlstead.refusal import Refusal

Conditions: TypeAlias = Mapping[str, Mapping[str, pulumi.Input[Any]]]


@dataclass(frozen=True)
class Statement:
    """One statement of an identity or resource policy.

    Args:
        sid: what it is for, in CamelCase; unique in its policy.
        actions: such as "s3:GetObject". An Allow may end in `*` only after part of the action's name.
        resources: ARNs; `*` in an Allow needs a reason; none in a role's trust policy.
        principals: who, in a resource policy: {"Service": "sagemaker.amazonaws.com"}; None in an identity policy.
        conditions: operator → condition key → value or values.
        effect: Allow or Deny.
        reason: why `*` cannot be narrowed; stays in the code, beside the statement.
        bounds: whether it grants nothing and only bounds what other policies grant, as a VPC endpoint's policy does:
            such an Allow may name whole services, with conditions and a reason.
        not_resources: everything but these ARNs; only in a Deny.

    Raises:
        Refusal: an Allow on a whole service, on `*` without a reason, or on all but some resources.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]] = ()
    principals: Mapping[str, pulumi.Input[Any]] | None = None
    conditions: Conditions = field(default_factory=dict)
    effect: Literal["Allow", "Deny"] = "Allow"
    reason: str = ""
    bounds: bool = False
    not_resources: Sequence[pulumi.Input[str]] = ()

    def __post_init__(self) -> None:
        if self.effect == "Deny":
            return
        if self.not_resources:
            raise Refusal("An Allow on everything but some resources is open-ended.", where=f"statement {self.sid}",
                          fix="name the resources that are meant")
        for action in self.actions:
            if (action.endswith(":*") or ":" not in action) and not (self.bounds and self.conditions and self.reason):
                raise Refusal(f"{action} allows a whole service.", where=f"statement {self.sid}",
                              fix="name the actions")
        if any(resource == "*" for resource in self.resources if isinstance(resource, str)) and not self.reason:
            raise Refusal(
                f"{', '.join(self.actions)} is allowed on every resource, and no reason is given.",
                where=f"statement {self.sid}",
                fix="name the ARNs, or give the reason why the action has no resource level",
            )

    def body(self) -> dict[str, Any]:
        """Give the statement as IAM writes it, Outputs still inside."""
        parts: dict[str, Any] = {"Sid": self.sid, "Effect": self.effect}
        if self.principals is not None:
            parts["Principal"] = dict(self.principals)
        parts["Action"] = list(self.actions)
        if self.resources:
            parts["Resource"] = list(self.resources)
        if self.not_resources:
            parts["NotResource"] = list(self.not_resources)
        if self.conditions:
            parts["Condition"] = {operator: dict(keys) for operator, keys in self.conditions.items()}
        return parts


def document(*statements: Statement) -> pulumi.Output[str]:
    """Write a policy document, compact, in the order given."""
    body = {"Version": "2012-10-17", "Statement": [statement.body() for statement in statements]}
    return pulumi.Output.from_input(body).apply(lambda known: json.dumps(known, separators=(",", ":")))
