"""Execution roles: which of them SageMaker assumes, on behalf of what, and with which credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlstead_toolkit.cloud.credentials import RoleCredentials, assume_role, why_not_assumable
from mlstead_toolkit.cloud.failure import RoleFailure
from mlstead_toolkit.cloud.sagemaker.record import Document, refusal

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.workshop import Workshop

SAGEMAKER = "sagemaker.amazonaws.com"
SESSION = "SageMaker"


def check_role(role_arn: str, source_arn: str) -> None:
    """Refuse a role that does not exist or that SageMaker may not assume on behalf of a resource."""
    if why_not := why_not_assumable(role_arn, SAGEMAKER, source_arn):
        raise refusal(why_not)


def assume(
    workshop: Workshop, role_arn: str, source_arn: str, region: str, vpc_config: Document | None = None
) -> RoleCredentials:
    """Assume a role on behalf of a resource.

    Args:
        workshop: of this cloud.
        role_arn: of the role.
        source_arn: what SageMaker gives as aws:SourceArn.
        region: that it works in.
        vpc_config: the network that calls with the credentials come from; None: from no VPC.

    Raises:
        RoleFailure: its trust policy does not let SageMaker, or not any longer.
    """
    if why_not := why_not_assumable(role_arn, SAGEMAKER, source_arn):
        raise RoleFailure(why_not)
    credentials = assume_role(role_arn, SESSION, region)
    workshop.trail.remember_role(credentials.access_key, credentials.role_arn)
    workshop.callers.place(credentials.access_key, region, vpc_config)
    return credentials


def any_resource(region: str, account: str) -> str:
    """Give what SageMaker gives as aws:SourceArn for models, endpoints and Studio: literally with an asterisk.

    https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
    """
    return f"arn:aws:sagemaker:{region}:{account}:*"
