"""In whose name commands of `local` sign: the developer's, or that of a role of the project (MLSTEAD_AS)."""

from __future__ import annotations

import getpass
import re
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from mlstead_toolkit.project import ACTING_AS, LOCAL, ProjectError, acting_as, did_you_mean

if TYPE_CHECKING:
    from mlstead_toolkit.access.deployed import NamedRole
    from mlstead_toolkit.aws.target import Target
    from mlstead_toolkit.cloud.credentials import RoleCredentials

_OF_CI = ("plan", "deploy")
_ROLE = re.compile(r"arn:[\w-]+:iam::\d{12}:role/(?:.+/)?(?P<name>[^/]+)")


def signing(target: Target, project: str, use: str | None = None) -> Target:
    """Give a target whose calls are signed by a role of a project; as it is where nobody asked for that.

    Args:
        target: the local cloud, called with the developer's key.
        project: whose role it is.
        use: what the role is for, as `mlstead access roles` lists it, or its ARN; None: what MLSTEAD_AS says.

    Raises:
        ProjectError: there is no such role, or the target does not decide what a role may do.
    """
    use = acting_as() if use is None else use
    if not use:
        return target
    if target.name != "local":
        raise ProjectError(f"On {target.name} nobody decides what a role may do.", where=f"{ACTING_AS}={use}",
                           fix=f"unset {ACTING_AS}, or leave --target out")
    return target.signed_by(_assumed(target.default.address, target.region, project, use))


@cache
def _assumed(endpoint: str, region: str, project: str, use: str) -> RoleCredentials:
    """Assume the role once for a command, by the developer's key."""
    from mlstead_toolkit.aws.target import Target
    from mlstead_toolkit.cloud.credentials import RoleCredentials

    developer = Target.local(endpoint, region)
    arn = _deployed(developer, use) if use.startswith("arn:") else find_role(developer, project, use).arn
    given = developer.client("sts").assume_role(RoleArn=arn, RoleSessionName=session_name())["Credentials"]
    return RoleCredentials(arn, given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def _deployed(target: Target, arn: str) -> str:
    """Give the ARN of a role back, or say that it is none's."""
    iam, named = target.client("iam"), _ROLE.fullmatch(arn)
    with suppress(iam.exceptions.NoSuchEntityException):
        if named and iam.get_role(RoleName=named["name"])["Role"]["Arn"] == arn:
            return arn
    raise ProjectError(f"There is no role {arn}.", where=ACTING_AS,
                       fix=f"mlstead access roles {LOCAL} lists the roles; --json has their ARNs")


def find_role(target: Target, project: str, use: str) -> NamedRole:
    """Give the role of a project with a use, or say which there are."""
    from mlstead_toolkit.access.deployed import NamedRole, project_roles

    iam = target.client("iam")
    with suppress(iam.exceptions.NoSuchEntityException):  # people's and CI's are named after their use: one call
        return NamedRole(iam.get_role(RoleName=f"{project}-{LOCAL}-{use}")["Role"]["Arn"], use)
    return role_of_use(project_roles(target.client, project, LOCAL), project, LOCAL, use)


def role_of_use(roles: list[NamedRole], project: str, environment: str, use: str) -> NamedRole:
    """Give the role with a use, or of a name, among those of a project.

    Raises:
        ProjectError: none of them is it.
    """
    for role in roles:
        if use in (role.use, role.name):
            return role
    uses = sorted({role.use for role in roles})
    first = f"mlstead up {environment}" + (f", with {ACTING_AS} unset" if acting_as() else "")
    fix = f"one of {', '.join(uses)}, or the ARN of a role" if uses else first
    if use in _OF_CI:
        raise ProjectError(f"{project} has no role {use!r} in {environment!r}: nobody has made those of CI.",
                           where="mlstead-bootstrap:projects",
                           fix=f"name {project} there and deploy stacks/bootstrap; or {fix}")
    raise ProjectError(f"{project} has no role {use!r} in {environment!r}{did_you_mean(use, uses)}.",
                       where="IAM, by the tag mlstead:use", fix=fix)


def session_name() -> str:
    """Name the session after who sits here, as trails on AWS show it."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "somebody"
    return re.sub(r"[^\w+=,.@-]", "-", user, flags=re.ASCII)[:64].ljust(2, "-")
