"""What was decided, and what decided it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mlstead_toolkit.access.request import Request

Kind: TypeAlias = Literal[
    "identity-based policy", "resource-based policy", "role trust policy", "permissions boundary", "session policy",
    "VPC endpoint policy",
]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one request.

    Args:
        request: what was asked.
        allowed: whether it may be done.
        explicit: whether a statement said so; False where no statement allows it.
        kind: the kind of policy that decided, or that would have had to allow.
        policy: the name of the policy that decided; empty where none did.
        sid: the statement that decided; empty where none did, or where it has no Sid.
    """

    request: Request
    allowed: bool
    explicit: bool
    kind: Kind
    policy: str = ""
    sid: str = ""

    @property
    def reason(self) -> str:
        """Why, in the words that AWS has for a refusal.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
        """
        if self.allowed:
            return f"allowed by {self.statement}"
        if self.explicit:
            article = {"identity-based policy": "an", "role trust policy": "the"}.get(self.kind, "a")
            return f"with an explicit deny in {article} {self.kind}"
        return f"because no {self.kind} allows the {self.request.action} action"

    @property
    def statement(self) -> str:
        """The statement that decided, for whoever wrote it: policy and Sid; empty where none did."""
        return f"{self.sid or 'a statement without Sid'} of {self.policy}" if self.explicit else ""

    @property
    def message(self) -> str:
        """The whole refusal, in AWS's words."""
        principal = self.request.principal
        who = principal.service or principal.session_arn
        return (
            f"User: {who} is not authorized to perform: {self.request.action} on resource: "
            f'"{self.request.resource}" {self.reason}'
        )
