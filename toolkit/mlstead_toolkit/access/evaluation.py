"""The order in which policies decide.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlstead_toolkit.access.decision import Decision, Kind
from mlstead_toolkit.access.policy import Policy
from mlstead_toolkit.access.principal import Reach
from mlstead_toolkit.access.request import Request


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies that have a say in a request.

    Args:
        identity: those of the role or user.
        resource: that of the bucket, key, queue or role that something is done to; None: it has none.
        boundary: the permissions boundary of the role or user.
        session: what AssumeRole was given to narrow the session.
        endpoint: that of the VPC endpoint which the request goes through.
        resource_account: the account of the resource; empty: the principal's.
        resource_must_allow: whether identity policies count only where the resource's policy leaves it to the account:
            so do keys (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html) and roles to assume.
        resource_kind: what a decision calls the resource's policy.
    """

    identity: Sequence[Policy] = ()
    resource: Policy | None = None
    boundary: Policy | None = None
    session: Sequence[Policy] = ()
    endpoint: Policy | None = None
    resource_account: str = ""
    resource_must_allow: bool = False
    resource_kind: Kind = "resource-based policy"

    def kinds(self) -> Iterator[tuple[Kind, Policy]]:
        """Give every policy with its kind."""
        for policy in self.identity:
            yield "identity-based policy", policy
        for policy in self.session:
            yield "session policy", policy
        if self.resource:
            yield self.resource_kind, self.resource
        if self.boundary:
            yield "permissions boundary", self.boundary
        if self.endpoint:
            yield "VPC endpoint policy", self.endpoint


def evaluate(request: Request, policies: Policies) -> Decision:
    """Decide a request: an explicit deny wins; without one, what must allow it has to."""
    for kind, policy in policies.kinds():
        if statement := policy.denying(request):
            return Decision(request, False, True, kind, policy.name, statement.sid)
    if policies.endpoint and not policies.endpoint.allowing(request)[0]:
        return Decision(request, False, False, "VPC endpoint policy")

    reach, by_resource = policies.resource.allowing(request) if policies.resource else (Reach.NONE, None)
    resource_account = policies.resource_account or request.principal.account
    within = request.principal.account == resource_account
    by_identity = _first(policies.identity, request)

    if reach is Reach.NONE and (policies.resource_must_allow or not within or request.principal.service):
        return Decision(request, False, False, policies.resource_kind)
    granted = reach >= Reach.ROLE and (within or bool(request.principal.service))
    if not granted and by_identity is None:
        return Decision(request, False, False, "identity-based policy")
    if reach is not Reach.PERSON or not within:
        if policies.boundary and not policies.boundary.allowing(request)[0]:
            return Decision(request, False, False, "permissions boundary")
        if policies.session and not _first(policies.session, request):
            return Decision(request, False, False, "session policy")
    if by_identity:
        return Decision(request, True, True, "identity-based policy", *by_identity)
    # Neither can be None where it was granted: the reach came from a statement of the resource's policy.
    name, sid = (policies.resource.name, by_resource.sid) if policies.resource and by_resource else ("", "")
    return Decision(request, True, True, policies.resource_kind, name, sid)


def _first(policies: Sequence[Policy], request: Request) -> tuple[str, str] | None:
    """Give policy and Sid of the first statement that allows."""
    for policy in policies:
        _, statement = policy.allowing(request)
        if statement:
            return policy.name, statement.sid
    return None
