"""Who asks in the table: the project's roles, the same with everything granted to them, another project, strangers."""

from __future__ import annotations

import json
from dataclasses import replace

from account import ACCOUNT, OTHER, PROJECT, Clients
from decisions import GITHUB

from mlstead_toolkit.access import Policy, Principal
from mlstead_toolkit.access.deployed import Identity, project_roles, read_role

EVERYTHING = Policy.parse("an administrator's policy", json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))
AND_ALL = " + all"


def people(client: Clients) -> dict[str, Identity]:
    """Give everybody whom the table names."""
    ours = project_roles(client, PROJECT, "local")
    named = {role.use: Identity.of_role(read_role(client, role.arn)) for role in ours}
    theirs = {role.use: role for role in project_roles(client, OTHER, "local")}
    named[f"{OTHER}'s deploy"] = Identity.of_role(read_role(client, theirs["deploy"].arn))
    named[f"{OTHER}'s training"] = _of_the_other_project(named["training"])
    named |= {f"training tagged {tag}": _tagged(named["training"], tag) for tag in (OTHER, "mlstead-foundation")}
    unbound = {name + AND_ALL: replace(who, policies=[*who.policies, EVERYTHING]) for name, who in named.items()}
    return named | unbound | {
        "somebody": _anybody(ACCOUNT), "a stranger": _anybody("999988887777"),
        "somebody tagged": _anybody(ACCOUNT, {"mlstead:project": OTHER}),
        "a token": Identity(Principal(f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}", federated=True)),
        **{name: Identity(Principal(service=name)) for name in ("sagemaker.amazonaws.com", "glue.amazonaws.com")},
    }


def _of_the_other_project(who: Identity) -> Identity:
    """Give what a role would be in the other project: with its path and its tags, and nothing granted."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/mlstead/{OTHER}/local/{OTHER}-training"
    tags = {**who.principal.tags, "mlstead:project": OTHER}
    return replace(who, principal=Principal(arn, "session", tags), policies=[])


def _tagged(who: Identity, project: str) -> Identity:
    """Give a role's session with another project's tag, as a trust policy with sts:TagSession would let it be."""
    tags = {**who.principal.tags, "mlstead:project": project}
    return replace(who, principal=replace(who.principal, tags=tags))


def _anybody(account: str, tags: dict[str, str] | None = None) -> Identity:
    return Identity(Principal(f"arn:aws:iam::{account}:role/somebody", "session", tags or {}), [EVERYTHING])
