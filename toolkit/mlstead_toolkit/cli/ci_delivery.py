"""As whom `mlstead ci` asks an environment: CI's deploy role reads no data, and becomes the project's role delivery."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mlstead_toolkit.cli.aws_access import Deployment, deployment
from mlstead_toolkit.project import LOCAL, Project, ProjectError, acting_as

if TYPE_CHECKING:
    import boto3

DELIVERY, DEPLOY = "delivery", "deploy"
_SESSION = re.compile(r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/(?P<name>.+)")


def delivery(project: Project, environment: str) -> Deployment:
    """Find what an environment has deployed, for calls that the role delivery makes.

    In `local` it signs them always, unless MLSTEAD_AS names another role than the one that deploys. In a real account
    CI's deploy role becomes it; whoever else is signed in makes them himself.
    """
    found = deployment(project, environment)
    if environment == LOCAL:
        return replace(found, signer=DELIVERY) if acting_as() in ("", DEPLOY) else found
    return replace(found, signed_in=_session(project, environment, found.session))


def _session(project: Project, environment: str, own: boto3.Session) -> boto3.Session:
    """Become the role delivery, where it is the deploy role of this project and environment that asks.

    Raises:
        ProjectError: the role is not there, or does not let the deploy role in.
    """
    import boto3
    from botocore.exceptions import ClientError

    sts, name = own.client("sts"), f"{project.name}-{environment}"
    who = _SESSION.fullmatch(sts.get_caller_identity()["Arn"])
    if who is None or who["role"] != f"{name}-{DEPLOY}":
        return own
    arn = f"arn:{who['partition']}:iam::{who['account']}:role/mlstead/{project.name}/{environment}/{name}-{DELIVERY}"
    try:
        given = sts.assume_role(RoleArn=arn, RoleSessionName=who["name"])["Credentials"]
    except ClientError as error:
        raise ProjectError(f"{who['role']} may not become {name}-{DELIVERY}.", where=arn,
                           fix=f"make it in infra/__main__.py (mlstead.DeliveryRole), then mlstead up {environment}; "
                               "deploy stacks/bootstrap of this version, which lets the deploy role") from error
    return boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"],
                         region_name=own.region_name)
