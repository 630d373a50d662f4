"""What is asked of an environment's policies: who, what and in which circumstances, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access.deployed import DeployedPolicies, DeployedRole, project_roles, read_role
from mlstead_toolkit.cli.acting import role_of_use
from mlstead_toolkit.project import DEFAULT_REGION, LOCAL, ProjectError, did_you_mean

if TYPE_CHECKING:
    from mlstead_toolkit.access.deployed import NamedRole
    from mlstead_toolkit.cli.aws_access import Deployment


def policies(deployed: Deployment) -> DeployedPolicies:
    """Give what decides in an environment."""
    region = str(deployed.outputs.get("region") or DEFAULT_REGION)
    return DeployedPolicies(deployed.client, region, deployed.environment)


def named_roles(deployed: Deployment) -> list[NamedRole]:
    """Name the project's roles."""
    return project_roles(deployed.client, deployed.project.name, deployed.environment)


def role(deployed: Deployment, asked: str) -> DeployedRole:
    """Read the role that is meant: by its use, its name or its ARN."""
    if asked.startswith("arn:"):
        return read_role(deployed.client, arn(asked, "ROLE"))
    found = role_of_use(named_roles(deployed), deployed.project.name, deployed.environment, asked)
    return read_role(deployed.client, found.arn)


def arn(asked: str, where: str) -> str:
    """Give an ARN back, or say what one is."""
    if asked.count(":") < 5:
        raise ProjectError(f"{asked!r} is no whole ARN.", where=where,
                           fix="write it as arn:aws:s3:::bucket/key, arn:aws:iam::123456789012:role/path/name")
    return asked


def action(asked: str) -> str:
    """Give an action back, or say how one is written."""
    service, _, name = asked.partition(":")
    if not service or not name or "*" in asked:
        raise ProjectError(f"{asked!r} is not one action.", where="ACTION", fix="write it as s3:GetObject")
    return asked


def resource(deployed: Deployment, asked: str | None, partition: str) -> str:
    """Give the ARN that is meant: an ARN as it is, <zone>/<key> below the project's prefix, <zone>, or a role's use.

    Args:
        deployed: whose.
        asked: as it was typed; None: every resource, as actions take it that know none.
        partition: that the bucket is in.
    """
    if asked is None or asked == "*" or asked.startswith("arn:"):
        return arn(asked, "RESOURCE") if asked and asked != "*" else "*"
    zone, slash, key = asked.partition("/")
    zones = _zones(deployed)
    if zone in zones:
        bucket = f"arn:{partition}:s3:::{zones[zone]['bucket']}"
        return f"{bucket}/{deployed.project.name}/{key}" if slash else bucket
    uses = {one.use: one.arn for one in named_roles(deployed)}
    if asked in uses:
        return uses[asked]
    raise ProjectError(f"There is no {asked!r} here{did_you_mean(zone, [*zones, *uses])}.", where="RESOURCE",
                       fix=f"give an ARN, <zone>/<key> of the zones {', '.join(sorted(zones))}, or the use of a role")


def _zones(deployed: Deployment) -> dict[str, Any]:
    if deployed.local:
        from mlstead_toolkit.cli.local_stack import foundation_outputs

        outputs = foundation_outputs()
    else:
        from mlstead_toolkit.cli.pulumi_stack import foundation_outputs as real_foundation_outputs

        outputs = real_foundation_outputs(deployed.project, deployed.environment)
    zones: dict[str, Any] = outputs["lake"]["zones"]
    return zones


def context(asked: Iterable[str]) -> dict[str, Sequence[str]]:
    """Read key=value; a key that is given twice has both values, one without a value is left out."""
    found: dict[str, list[str]] = {}
    for one in asked:
        key, equals, value = one.partition("=")
        if not equals or not key:
            raise ProjectError(f"{one!r} is no context key with a value.", where="--context",
                               fix="write it as aws:SourceVpc=vpc-1; aws:SourceVpc= leaves it out")
        found.setdefault(key, []).extend([value] if value else [])
    return {key: values or "" for key, values in found.items()}


def trail(deployed: Deployment) -> list[Mapping[str, Any]]:
    """Read the record of calls of the local cloud.

    Raises:
        ProjectError: it is a real account, whose record is CloudTrail's.
    """
    if deployed.environment != LOCAL:
        raise ProjectError(f"What is used in {deployed.environment!r} is CloudTrail's to tell.",
                           where=f"mlstead access used {deployed.environment}",
                           fix=f"IAM Access Analyzer finds unused access in an account; mlstead access used {LOCAL}")
    from mlstead_toolkit.home import home_directory

    file = home_directory() / "cloud" / "calls.jsonl"
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]  # the last may still be written
