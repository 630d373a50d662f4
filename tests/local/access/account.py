"""The account that these tests look at: what a platform team deploys in it before there is a project."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from machine import REGION, Machine

from mlstead_toolkit.access.deployed import project_roles
from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.cli.acting import signing
from mlstead_toolkit.cli.local_place import LocalPlace
from mlstead_toolkit.cli.local_stack import foundation_source
from mlstead_toolkit.engine import Session, StackSource
from mlstead_toolkit.project import FOUNDATION

Clients = Callable[[str], Any]
ACCOUNT = "123456789012"
PROJECT, OTHER = "flight-delays", "churn"
SERVICES = ("athena", "ec2", "ecr", "logs", "sagemaker")
REPOSITORY = "acme/flight-delays"
PROJECTS = {
    PROJECT: {"repository": REPOSITORY, "environments": ["local", "prod"], "branch": "main"},
    OTHER: {"repository": "acme/churn", "environments": ["local"], "branch": "main"},
}
PLATFORM = {"repository": "acme/platform", "environments": ["local"]}


def bring_up_bootstrap(machine: Machine) -> None:
    """Deploy stacks/bootstrap for both projects, as the account's administrator does."""
    machine.succeed("cloud", "start", cwd=machine.folder)
    settings = {"aws:region": REGION, "mlstead-bootstrap:projects": json.dumps(PROJECTS),
                "mlstead-bootstrap:platform": json.dumps(PLATFORM),
                "mlstead-bootstrap:ci": '{"host": "github"}'}
    _up(machine, StackSource(stack_directory("bootstrap"), "local", Path(sys.executable), settings))


def bring_up_foundation(machine: Machine, use: str) -> None:
    """Deploy stacks/foundation alone, before there is a project, under a role of its CI."""
    _up(machine, foundation_source(REGION), use)


def client_as(machine: Machine, use: str) -> Clients:
    """Give clients that sign as a role of the project."""
    return signing(LocalPlace(machine.home, machine.port).target(REGION), PROJECT, use).client


def names(machine: Machine) -> dict[str, Any]:
    """Give what the table fills in: ARNs by what they are of, and what their beginnings are."""
    stack = json.loads((machine.home / ".pulumi/stacks/mlstead-foundation/local.json").read_text())
    outputs = next(one["outputs"] for one in stack["checkpoint"]["latest"]["resources"]
                   if one["type"] == "pulumi:pulumi:Stack")
    kms, prefix = machine.client("kms"), "alias/mlstead-foundation-local/"
    keys = {alias["AliasName"].removeprefix(prefix): kms.describe_key(KeyId=alias["AliasName"])["KeyMetadata"]["Arn"]
            for alias in kms.list_aliases()["Aliases"] if alias["AliasName"].startswith(prefix)}
    return {
        **{zone: f"arn:aws:s3:::{found['bucket']}" for zone, found in outputs["lake"]["zones"].items()},
        **{service: f"arn:aws:{service}:{REGION}:{ACCOUNT}" for service in SERVICES},
        "iam": f"arn:aws:iam::{ACCOUNT}", "state": f"arn:aws:s3:::mlstead-state-{ACCOUNT}-{REGION}/.pulumi",
        "boundary": outputs["boundary_arn"], "keys": keys,
        "roles": {role.use: role.arn for role in project_roles(machine.client, PROJECT, "local")},
        "subnets": outputs["network"]["subnet_ids"], "group": outputs["network"]["security_group_id"],
    }


def _up(machine: Machine, source: StackSource, use: str = "") -> None:
    place = LocalPlace(machine.home, machine.port)
    target = signing(place.target(REGION), FOUNDATION, use)
    with Session([source], home=machine.home, provider=provider_factory(target)) as session:
        session.up()
