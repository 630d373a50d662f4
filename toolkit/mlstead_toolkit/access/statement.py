"""One statement of a policy, compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlstead_toolkit.access import condition
from mlstead_toolkit.access.condition import Condition, Presence
from mlstead_toolkit.access.pattern import Pattern
from mlstead_toolkit.access.principal import Named, Principal, Reach
from mlstead_toolkit.access.request import Context, Request

_NOTHING = Context()
_ELEMENTS = frozenset({
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `listed…` is False for NotAction and NotResource; `named` is None in an identity policy."""

    sid: str
    denies: bool
    actions: tuple[Pattern, ...]
    actions_listed: bool
    resources: tuple[Pattern, ...]
    resources_listed: bool
    named: Named | None
    principals_listed: bool
    conditions: tuple[Condition | Presence, ...]

    @classmethod
    def parse(cls, body: Mapping[str, Any], *, variables: bool) -> Statement:
        """Read one statement. Raises ValueError or TypeError for what is none."""
        if unknown := set(body) - _ELEMENTS:
            raise ValueError(f"{', '.join(sorted(unknown))}: no element of a statement")
        if body.get("Effect") not in ("Allow", "Deny"):
            raise ValueError(f"Effect is {body.get('Effect')!r}, neither Allow nor Deny")
        principals = body.get("Principal", body.get("NotPrincipal"))
        return cls(
            sid=body.get("Sid", ""),
            denies=body["Effect"] == "Deny",
            actions=tuple(
                Pattern(action, "wildcard", variables=False, ignore_case=True) for action in _either(body, "Action")
            ),
            actions_listed="Action" in body,
            # A trust policy has no Resource: it is the role's.
            resources=tuple(
                Pattern(arn, "resource", variables=variables) for arn in _either(body, "Resource") or ["*"]
            ),
            resources_listed="NotResource" not in body,
            named=None if principals is None else Named.parse(principals),
            principals_listed="NotPrincipal" not in body,
            conditions=tuple(condition.parse(body.get("Condition", {}), variables=variables)),
        )

    def applies(self, request: Request) -> Reach:
        """Tell how the statement reaches a request: NONE where anything of it does not fit."""
        if any(one.matches(request.action, _NOTHING) for one in self.actions) != self.actions_listed:
            return Reach.NONE
        context = request.context
        if not self._fits(request.resource, context):
            return Reach.NONE
        reach = self._reach(request.principal)
        if reach and all(one.holds(context) for one in self.conditions):
            return reach
        return Reach.NONE

    def _fits(self, resource: str, context: Context) -> bool:
        if self.resources_listed:
            return any(one.matches(resource, context) for one in self.resources)
        return all(one.matches(resource, context) is False for one in self.resources)

    def _reach(self, principal: Principal) -> Reach:
        if self.named is None:
            return Reach.ROLE
        if self.principals_listed:
            return self.named.reach(principal)
        if self.denies:
            return Reach.NONE if self.named.spares(principal) else Reach.ROLE
        return Reach.NONE if self.named.reach(principal) else Reach.ROLE


def _either(body: Mapping[str, Any], element: str) -> list[str]:
    value = body.get(element, body.get(f"Not{element}"))
    return value if isinstance(value, list) else [] if value is None else [value]
