"""Whom an access key stands for: the session of a role, with every policy that narrows it, and the network it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access import Policy, Principal
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.session import policies_of, tags_of

if TYPE_CHECKING:
    from moto.iam.models import IAMBackend, ManagedPolicy, Role
    from moto.sts.models import AssumedRole

TEMPORARY = "ASIA"
"""What the access keys of sessions begin with."""
NOTHING = '{"Statement": []}'
ENDPOINTS = {
    "cloudwatch": "monitoring", "ecr": "ecr.api", "sagemaker": "sagemaker.api",
    "sagemaker-runtime": "sagemaker.runtime",
    "sagemaker-featurestore-runtime": "sagemaker.featurestore-runtime",
}
"""How the endpoint of a service is named, where that is not as botocore names the service."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The VPC that a call comes from, through its endpoint for the service; all empty for a call from anywhere else."""

    vpc: str = ""
    endpoint: str = ""
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """A role's session.

    `network` is the region and the subnets that it calls from; None: it calls from no VPC.
    """

    principal: Principal
    user_id: str
    identity: Sequence[Policy]
    boundary: Policy | None
    session: Sequence[Policy]
    network: tuple[str, Sequence[str]] | None


class Callers:
    """Finds callers by access key.

    A call has no packet to look at. It comes from the network that was given to the job or model which its credentials
    were made for, and from none where they were made for anything else.
    """

    def __init__(self) -> None:
        self._sessions: dict[str, AssumedRole] = {}
        self._networks: dict[str, tuple[str, Sequence[str]]] = {}

    def place(self, access_key: str, region: str, vpc_config: Mapping[str, Any] | None) -> None:
        """Note the VpcConfig of the job or model that an access key was made for."""
        if vpc_config:
            self._networks[access_key] = region, vpc_config.get("Subnets", ())

    def find(self, access_key: str) -> Caller | None:
        """Give who signs with a key; None for the keys of the developer and of users, who are administrators here."""
        session = self._session(access_key) if access_key.startswith(TEMPORARY) else None
        if session is None:
            return None
        from moto.iam.models import iam_backends

        iam = iam_backends[session.account_id][PARTITION]
        role = next((role for role in list(iam.roles.values()) if role.arn == session.role_arn), None)
        return Caller(
            Principal(session.role_arn, session.session_name, (_tags(role) if role else {}) | tags_of(session)),
            session.user_id,
            _identity(role) if role else [],
            _boundary(role, iam) if role else None,
            _narrowing(session, iam),
            self._networks.get(access_key),
        )

    def _session(self, access_key: str) -> AssumedRole | None:
        if access_key not in self._sessions:
            from moto.sts.models import sts_backends

            found = sts_backends[ACCOUNT_ID][PARTITION].get_assumed_role_from_access_key(access_key)
            if found is None:
                return None
            self._sessions[access_key] = found
        return self._sessions[access_key]


def origin_of(caller: Caller, service: str) -> Origin:
    """Give where a caller's call to a service, as botocore names it, comes from."""
    if caller.network is None:
        return Origin()
    from moto.ec2.models import ec2_backends

    region, subnets = caller.network
    ec2 = ec2_backends[ACCOUNT_ID][region]
    known = {name: subnet for zone in list(ec2.subnets.values()) for name, subnet in list(zone.items())}
    vpcs = {known[name].vpc_id for name in subnets if name in known}
    ending = f".{ENDPOINTS.get(service, service)}"
    for endpoint in list(ec2.vpc_end_points.values()):
        if endpoint.vpc_id in vpcs and endpoint.service_name.endswith(ending):
            policy = Policy.parse(f"the VPC endpoint {endpoint.id}", endpoint.policy_document)
            return Origin(endpoint.vpc_id, endpoint.id, policy)
    return Origin()  # without an endpoint a call leaves the VPC, and the service does not learn of it


def acting_as(role: Role, session: str) -> Caller:
    """Give the caller that an AWS service is while it acts in a role's name."""
    from moto.iam.models import iam_backends

    boundary = _boundary(role, iam_backends[role.account_id][PARTITION])
    principal = Principal(role.arn, session, _tags(role))
    return Caller(principal, f"{role.id}:{session}", _identity(role), boundary, [], None)


def _tags(role: Role) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in role.tags or []}


def _narrowing(session: AssumedRole, iam: IAMBackend) -> list[Policy]:
    """Give the session policies. One that is gone allows nothing."""
    own = [Policy.parse("the session's policy", session.policy)] if session.policy else []
    named = ((arn, iam.managed_policies.get(arn)) for arn in policies_of(session))
    return own + [Policy.parse(arn, _document(policy) if policy else NOTHING) for arn, policy in named]


def _identity(role: Role) -> list[Policy]:
    inline = sorted(role.policies.items())  # several may allow the same: which one is told must not be chance
    own = [Policy.parse(f"the policy {name} of {role.name}", document) for name, document in inline]
    return own + [Policy.parse(policy.arn, _document(policy)) for _, policy in sorted(role.managed_policies.items())]


def _boundary(role: Role, iam: IAMBackend) -> Policy | None:
    arn = role.permissions_boundary_arn
    if not arn:
        return None
    policy = iam.managed_policies.get(arn)
    return Policy.parse(arn, _document(policy) if policy else NOTHING)


def _document(policy: ManagedPolicy) -> str:
    return next(version.document for version in policy.versions if version.version_id == policy.default_version_id)
