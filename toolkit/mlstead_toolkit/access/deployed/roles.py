"""Roles as they are deployed: where a project's are found, and the policies of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mlstead.errors import MlsteadError
from mlstead.own_names import CI_PATH
from mlstead_toolkit.access.policy import Policy
from mlstead_toolkit.access.principal import Principal

Clients: TypeAlias = Callable[[str], Any]
"""Gives the boto3 client of a service."""
USE = "mlstead:use"


class NoSuchRole(MlsteadError):
    """The account has no such role."""


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A role of a project, by what its listing tells.

    Args:
        arn: its ARN.
        use: its tag mlstead:use; its name where it has none.
    """

    arn: str
    use: str

    @property
    def name(self) -> str:
        """The name that IAM's calls take."""
        return self.arn.rpartition("/")[2]


@dataclass(frozen=True)
class DeployedRole:
    """A role with all that decides what it may do.

    Args:
        arn: its ARN.
        id: what aws:userid begins with.
        tags: its tags.
        grants: identity policies as text: inline ones by name, attached ones by ARN.
        trust: who may assume it.
        boundary: ARN and text of its permissions boundary; None: it has none.
    """

    arn: str
    id: str
    tags: Mapping[str, str]
    grants: Mapping[str, str]
    trust: str
    boundary: tuple[str, str] | None

    @property
    def name(self) -> str:
        """The name that IAM's calls take."""
        return self.arn.rpartition("/")[2]

    @property
    def use(self) -> str:
        """What it is for: its tag mlstead:use, or its name."""
        return self.tags.get(USE, self.name)

    def principal(self, session: str = "session") -> Principal:
        """Give a session of it."""
        return Principal(self.arn, session, self.tags)

    def called(self, grant: str) -> str:
        """Give what decisions call one of its identity policies."""
        return grant if grant.startswith("arn:") else f"the policy {grant} of {self.name}"

    def identity(self) -> list[Policy]:
        """Give its identity policies, compiled."""
        return [Policy.parse(self.called(name), text) for name, text in self.grants.items()]

    def bounds(self) -> Policy | None:
        """Give its permissions boundary, compiled."""
        return Policy.parse(*self.boundary) if self.boundary else None


def project_roles(clients: Clients, project: str, environment: str) -> list[NamedRole]:
    """Name the roles of a project in an environment, those that its CI deploys with included."""
    iam = clients("iam")
    own = [_named(iam, role) for role in _listed(iam, f"/mlstead/{project}/{environment}/")]
    ci = [_named(iam, role) for role in _listed(iam, CI_PATH)
          if role["RoleName"].startswith(f"{project}-{environment}-")]
    return own + [role for role in ci if role.name == f"{project}-{environment}-{role.use}"]


def read_role(clients: Clients, name: str) -> DeployedRole:
    """Read a role with its policies.

    Args:
        clients: gives boto3 clients.
        name: of the role, or its ARN.

    Raises:
        NoSuchRole: the account has none of that name, or it has another ARN.
    """
    iam, bare = clients("iam"), name.rpartition("/")[2]
    try:
        role = iam.get_role(RoleName=bare)["Role"]
    except iam.exceptions.NoSuchEntityException:
        role = {"Arn": ""}
    if role["Arn"] != name and (":" in name or not role["Arn"]):
        raise NoSuchRole(f"There is no role {name}.", where="IAM of this account",
                         fix="mlstead access roles ENV lists the project's")
    bound = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return DeployedRole(
        role["Arn"], role["RoleId"], _tags(iam, bare), dict(_grants(iam, bare)),
        json.dumps(role["AssumeRolePolicyDocument"]), (bound, _managed(iam, bound)) if bound else None,
    )


def _listed(iam: Any, path: str) -> list[dict[str, Any]]:
    pages = iam.get_paginator("list_roles").paginate(PathPrefix=path)
    return [role for page in pages for role in page["Roles"]]


def _named(iam: Any, role: Mapping[str, Any]) -> NamedRole:
    return NamedRole(role["Arn"], _tags(iam, role["RoleName"]).get(USE, role["RoleName"]))


def _tags(iam: Any, name: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=name)["Tags"]}


def _grants(iam: Any, name: str) -> Iterator[tuple[str, str]]:
    for page in iam.get_paginator("list_role_policies").paginate(RoleName=name):
        for policy in page["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            yield policy, json.dumps(document)
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=name):
        for policy in page["AttachedPolicies"]:
            yield policy["PolicyArn"], _managed(iam, policy["PolicyArn"])


def _managed(iam: Any, arn: str) -> str:
    """Give the text of a managed policy; of one that is gone, the one that allows nothing, as IAM takes it."""
    try:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    except iam.exceptions.NoSuchEntityException:
        return '{"Version": "2012-10-17", "Statement": []}'
    return json.dumps(iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])
