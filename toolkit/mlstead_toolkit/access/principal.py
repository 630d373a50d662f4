"""Who asks, and how a policy names him."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Reach(IntEnum):
    """How a policy's Principal reaches someone: not at all, through the account, by role or `*`, or in person.

    A statement that names an account leaves the decision to its identity policies. One that names a role is bounded by
    the role's permissions boundary; one that names a user or a role's session is not.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    """

    NONE = 0
    ACCOUNT = 1
    ROLE = 2
    PERSON = 3


@dataclass(frozen=True, slots=True)
class Principal:
    """A role's session, a user, an account's root, an AWS service, or somebody whom an identity provider vouches for.

    Args:
        arn: of the role, user, root or identity provider; empty for a service.
        session: name of the role's session; empty for anything else.
        tags: of the role or user, and of the session.
        service: such as sagemaker.amazonaws.com; empty for anything else.
        federated: whether the ARN is an identity provider's: who asks has no identity in AWS yet.
    """

    arn: str = ""
    session: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    service: str = ""
    federated: bool = False

    @property
    def account(self) -> str:
        """The account it belongs to; empty for a service."""
        return self.arn.split(":")[4] if self.arn else ""

    @property
    def session_arn(self) -> str:
        """The ARN that its calls are made under; the role's own where no session is named."""
        if not self.session:
            return self.arn
        partition, account, name = self.arn.split(":")[1], self.account, self.arn.rpartition("/")[2]
        return f"arn:{partition}:sts::{account}:assumed-role/{name}/{self.session}"

    @property
    def context(self) -> dict[str, str]:
        """The context keys that follow from who it is."""
        if self.service:
            return {"aws:PrincipalServiceName": self.service, "aws:PrincipalIsAWSService": "true"}
        if self.federated:
            return {"aws:FederatedProvider": self.arn}
        return {
            "aws:PrincipalArn": self.arn,
            "aws:PrincipalAccount": self.account,
            "aws:PrincipalIsAWSService": "false",
            **{f"aws:PrincipalTag/{name}": value for name, value in self.tags.items()},
        }


@dataclass(frozen=True, slots=True)
class Named:
    """The Principal or NotPrincipal of a statement."""

    everyone: bool
    arns: frozenset[str]
    services: frozenset[str]
    providers: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, element: Any) -> Named:
        """Read the element: "*", or {"AWS": …, "Service": …, "Federated": …} with one value or several."""
        if element == "*":
            return cls(True, frozenset(), frozenset())
        aws, services, providers = (frozenset(_several(element.get(kind))) for kind in ("AWS", "Service", "Federated"))
        return cls("*" in aws, aws, services, providers)

    def reach(self, principal: Principal) -> Reach:
        """Tell how the element reaches a principal."""
        if principal.service:
            return Reach.PERSON if self.everyone or principal.service in self.services else Reach.NONE
        if principal.federated:
            return Reach.PERSON if self.everyone or principal.arn in self.providers else Reach.NONE
        if principal.session_arn in self.arns and (principal.session or ":role/" not in principal.arn):
            return Reach.PERSON
        if self.everyone or principal.arn in self.arns:
            return Reach.ROLE
        return Reach.ACCOUNT if self._names_account(principal) else Reach.NONE

    def spares(self, principal: Principal) -> bool:
        """Tell whether a NotPrincipal leaves a principal out: only where account, role and session are all listed.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        """
        if principal.service or principal.federated or self.everyone:
            return self.reach(principal) > Reach.NONE
        return self._names_account(principal) and {principal.arn, principal.session_arn} <= self.arns

    def _names_account(self, principal: Principal) -> bool:
        partition = principal.arn.split(":")[1]
        return principal.account in self.arns or f"arn:{partition}:iam::{principal.account}:root" in self.arns


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]
