"""Whom an access key stands for: the session of a role, with every policy that narrows it, and the network it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access import Policy, Principal
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION

if TYPE_CHECKING:
    from moto.iam.models import IAMBackend, ManagedPolicy, Role
    from moto.sts.models import AssumedRole

TEMPORARY = "ASIA"
"""What the access keys of sessions begin with."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The VPC that a call comes from, through its S3 endpoint; all empty for a call from anywhere else."""

    vpc: str = ""
    endpoint: str = ""
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """A role's session."""

    principal: Principal
    user_id: str
    identity: Sequence[Policy]
    boundary: Policy | None
    session: Sequence[Policy]
    origin: Origin


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
            Principal(session.role_arn, session.session_name, _tags(role) if role else {}),
            session.user_id,
            _identity(role) if role else [],
            _boundary(role, iam) if role else None,
            [Policy.parse("the session's policy", session.policy)] if session.policy else [],
            self._origin(access_key),
        )

    def _session(self, access_key: str) -> AssumedRole | None:
        if access_key not in self._sessions:
            from moto.sts.models import sts_backends

            found = sts_backends[ACCOUNT_ID][PARTITION].get_assumed_role_from_access_key(access_key)
            if found is None:
                return None
            self._sessions[access_key] = found
        return self._sessions[access_key]

    def _origin(self, access_key: str) -> Origin:
        if access_key not in self._networks:
            return Origin()
        from moto.ec2.models import ec2_backends

        region, subnets = self._networks[access_key]
        ec2 = ec2_backends[ACCOUNT_ID][region]
        known = {name: subnet for zone in list(ec2.subnets.values()) for name, subnet in list(zone.items())}
        vpcs = {known[name].vpc_id for name in subnets if name in known}
        for endpoint in list(ec2.vpc_end_points.values()):
            if endpoint.vpc_id in vpcs and endpoint.service_name.endswith(".s3"):
                policy = Policy.parse(f"the VPC endpoint {endpoint.id}", endpoint.policy_document)
                return Origin(endpoint.vpc_id, endpoint.id, policy)
        return Origin()  # without an endpoint a call leaves the VPC, and S3 does not learn of it


def acting_as(role: Role, session: str) -> Caller:
    """Give the caller that an AWS service is while it acts in a role's name."""
    from moto.iam.models import iam_backends

    boundary = _boundary(role, iam_backends[role.account_id][PARTITION])
    principal = Principal(role.arn, session, _tags(role))
    return Caller(principal, f"{role.id}:{session}", _identity(role), boundary, [], Origin())


def _tags(role: Role) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in role.tags or []}


def _identity(role: Role) -> list[Policy]:
    inline = list(role.policies.items())
    own = [Policy.parse(f"the policy {name} of {role.name}", document) for name, document in inline]
    return own + [Policy.parse(policy.arn, _document(policy)) for policy in list(role.managed_policies.values())]


def _boundary(role: Role, iam: IAMBackend) -> Policy | None:
    arn = role.permissions_boundary_arn
    if not arn:
        return None
    policy = iam.managed_policies.get(arn)
    return Policy.parse(arn, _document(policy) if policy else '{"Statement": []}')


def _document(policy: ManagedPolicy) -> str:
    return next(version.document for version in policy.versions if version.version_id == policy.default_version_id)
