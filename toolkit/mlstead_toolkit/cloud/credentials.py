"""Credentials of roles, as AWS hands them to a container: from AssumeRole, so that each call is the role's.

A service assumes a role where the role's trust policy lets it, for the resource that it works on.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlstead_toolkit.access import Context, Decision, Policies, Policy, PolicyError, Principal, Request, evaluate
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.elsewhere import is_elsewhere

if TYPE_CHECKING:
    from moto.iam.models import Role

TWELVE_HOURS = 43_200
NO_TRUST = '{"Statement": []}'


@dataclass(frozen=True, slots=True)
class RoleCredentials:
    """Temporary credentials of one role."""

    role_arn: str
    access_key: str
    secret_key: str
    session_token: str


def assume_role(role_arn: str, session_name: str, region: str) -> RoleCredentials:
    """Assume a role as a service does that its trust policy lets: `why_not_assumable` says whether it does."""
    from moto.sts.models import sts_backends

    role = sts_backends[ACCOUNT_ID][PARTITION].assume_role(
        region_name=region,
        role_session_name=session_name[:64],
        role_arn=role_arn,
        policy="",
        duration=TWELVE_HOURS,
        external_id="",
    )
    return RoleCredentials(role_arn, role.access_key_id, role.secret_access_key, role.session_token)


def role_of(access_key: str) -> str | None:
    """Give the ARN of the role that an access key was handed out for."""
    from moto.sts.models import sts_backends

    role = sts_backends[ACCOUNT_ID][PARTITION].get_assumed_role_from_access_key(access_key)
    return role.role_arn if role else None


def why_not_assumable(role_arn: str, service: str, source_arn: str) -> str | None:
    """Say why a service may not assume a role for one of its resources; None where the role's trust policy lets it.

    Args:
        role_arn: of the role.
        service: such as sagemaker.amazonaws.com.
        source_arn: what the service gives as aws:SourceArn.
    """
    if is_elsewhere("iam"):
        return None
    from moto.iam.models import iam_backends

    roles = list(iam_backends[ACCOUNT_ID][PARTITION].roles.values())
    role = next((role for role in roles if role.arn == role_arn), None)
    decision = trust(role, service, source_arn) if role else None
    if decision is not None and decision.allowed:
        return None
    why = f" ({decision.reason}; aws:SourceArn is {source_arn})" if decision else ""
    return (
        f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
        f"'{service}' to assume the role.{why}"
    )


def trust(role: Role, service: str, source_arn: str) -> Decision:
    """Decide by a role's trust policy whether a service assumes it on behalf of one of its resources."""
    try:
        policy = Policy.parse(f"the trust policy of {role.name}", role.assume_role_policy_document)
    except PolicyError:
        policy = Policy.parse(f"the trust policy of {role.name}", NO_TRUST)
    return evaluate(
        Request(Principal(service=service), "sts:AssumeRole", role.arn, on_behalf_of(source_arn)),
        Policies(resource=policy, resource_account=ACCOUNT_ID, resource_must_allow=True,
                 resource_kind="role trust policy"),
    )


def on_behalf_of(source_arn: str) -> Context:
    """Give the context keys of a call that a service makes as itself, for one of its resources in the account."""
    _, _, _, region, account, _ = source_arn.split(":", 5)
    return Context({
        "aws:SourceArn": source_arn, "aws:SourceAccount": account, "aws:SecureTransport": True,
        "aws:RequestedRegion": region, "aws:ViaAWSService": False, "aws:ResourceAccount": ACCOUNT_ID,
    })
