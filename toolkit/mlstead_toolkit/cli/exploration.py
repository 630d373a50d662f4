"""What a notebook on this machine has of an environment: the exploration role's rights, and nobody else's."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from mlstead_toolkit.cli.aws_access import local_endpoint
from mlstead_toolkit.environment import child_environment
from mlstead_toolkit.project import DEFAULT_REGION, ProjectError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from mlstead_toolkit.cli.aws_access import Deployment

OURS = ("AWS_", "PULUMI_", "MLSTEAD_")
"""Beginnings of variables of the shell's that a notebook does not get: they may lead to a real account."""


def notebook_environment(deployed: Deployment, python: Path) -> dict[str, str]:
    """Give the variables of a container in Studio, with credentials of the exploration role for twelve hours.

    Args:
        deployed: the project in `local`.
        python: the interpreter of the project's environment.
    """
    from mlstead_toolkit.cloud.container import environment_of
    from mlstead_toolkit.cloud.credentials import TWELVE_HOURS, RoleCredentials

    role = deployed.output("exploration_role_arn")
    developer = replace(deployed, signer="")  # whoever opens a notebook, it runs under the exploration role
    given = developer.client("sts").assume_role(
        RoleArn=role, RoleSessionName="notebook", DurationSeconds=TWELVE_HOURS)["Credentials"]
    credentials = RoleCredentials(role, given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    region = str(deployed.outputs.get("region") or DEFAULT_REGION)
    shell = {name: value for name, value in child_environment().items() if not name.startswith(OURS)}
    return {
        **shell,
        "PATH": os.pathsep.join([str(python.parent), shell.get("PATH", os.defpath)]),
        "VIRTUAL_ENV": str(python.parent.parent),
        **environment_of(credentials, region, local_endpoint(), isolated=False),
        **deployed.outputs.get("exploration_environment", {}),
    }


def studio_address(deployed: Deployment, profile: str | None) -> tuple[str, str]:
    """Give a profile's name in the domain, and an address that opens Studio for it within five minutes."""
    name = _profile(deployed, profile)
    answer = deployed.client("sagemaker").create_presigned_domain_url(
        DomainId=deployed.output("studio_domain_id"), UserProfileName=name)
    return name, str(answer["AuthorizedUrl"])


def _profile(deployed: Deployment, asked: str | None) -> str:
    profiles: dict[str, str] = deployed.outputs.get("studio_profiles") or {}
    if asked is None and len(profiles) == 1:
        return next(iter(profiles.values()))
    if asked in profiles:
        return profiles[asked]
    there = ", ".join(profiles) or "none"
    if asked is None:
        raise ProjectError(f"{deployed.project.name} has {len(profiles)} profiles in Studio: {there}.",
                           where=f"stack {deployed.project.name}/{deployed.environment}", fix="name one with --profile")
    raise ProjectError(f"There is no profile {asked!r}{did_you_mean(asked, profiles)}.",
                       where=f"stack {deployed.project.name}/{deployed.environment}",
                       fix=f"one of {there}; a new one is a name in the setting exploration.profiles")
