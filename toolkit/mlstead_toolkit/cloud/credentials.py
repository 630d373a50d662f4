"""Credentials of roles, as AWS hands them to a container: from AssumeRole, so that each call is the role's."""

from __future__ import annotations

import json
from dataclasses import dataclass

from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.elsewhere import is_elsewhere

TWELVE_HOURS = 43_200


@dataclass(frozen=True, slots=True)
class RoleCredentials:
    """Temporary credentials of one role."""

    role_arn: str
    access_key: str
    secret_key: str
    session_token: str


def assume_role(role_arn: str, session_name: str, region: str) -> RoleCredentials:
    """Assume a role as a service does."""
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


def why_not_assumable(role_arn: str, service: str) -> str | None:
    """Say why a service could not assume a role; None where the role exists and its trust names the service."""
    from moto.iam.models import iam_backends

    if is_elsewhere("iam"):
        return None
    name = role_arn.rpartition("/")[2]
    backend = iam_backends[ACCOUNT_ID][PARTITION]
    role = next((role for role in list(backend.roles.values()) if role.name == name), None)
    if role is not None and service in json.dumps(_trusted(role.assume_role_policy_document)):
        return None
    return (
        f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
        f"'{service}' to assume the role."
    )


def _trusted(document: str) -> object:
    try:
        statements = json.loads(document).get("Statement", [])
    except (ValueError, AttributeError):
        return []
    listed = statements if isinstance(statements, list) else [statements]
    return [statement.get("Principal") for statement in listed if statement.get("Effect") == "Allow"]
