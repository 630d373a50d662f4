"""What the project stands on: that the committed file says what is deployed, and that all of it is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import PLATFORM, Finding, off, well
from mlstead_toolkit.review.changes.values import plain


def committed(account: Account) -> Iterator[Finding]:
    """Hold infra/foundation.<environment>.json to the state of the stack that the settings name."""
    file = f"infra/foundation.{account.environment}.json"
    write = f"mlstead outputs {account.environment} --foundation, and commit {file}"
    project, _, stack = account.settings.foundation.removeprefix("organization/").partition("/")
    if not account.foundation:
        yield off(f"there is no {file}", write)
    resources = account.state(project, stack)
    if resources is None:
        yield off(f"the foundation {account.settings.foundation} is not deployed",
                  f"{PLATFORM} to bring it up: in stacks/foundation, pulumi up --stack {stack}")
        return
    outputs = next((each.get("outputs") or {} for each in resources if each["type"] == "pulumi:pulumi:Stack"), {})
    outputs = plain(outputs)
    moved = sorted(name for name, value in account.foundation.items() if outputs.get(name) != value)
    if moved:
        yield off(f"{file} is not what is deployed ({', '.join(moved)})", write)
    elif account.foundation:
        yield well(f"{account.settings.foundation}, as {file} says")


def boundary(account: Account) -> Iterator[Finding]:
    """Ask for the permissions boundary, without which no role of the project can be made."""
    arn = account.context.boundary_arn
    if account.ask("iam", "GetPolicy", PolicyArn=arn) is None:
        yield off(f"there is no permissions boundary {arn}", _bring_up(account))


def zones(account: Account) -> Iterator[Finding]:
    """Ask for each zone's bucket."""
    for zone, about in sorted(_lake(account).items()):
        if account.ask("s3", "HeadBucket", Bucket=about["bucket"]) is None:
            yield off(f"the zone {zone} has no bucket {about['bucket']}", _bring_up(account))


def studio(account: Account) -> Iterator[Finding]:
    """Ask for the domain of Studio, which the project's profiles join."""
    domain = (account.foundation.get("studio") or {}).get("domain_id")
    if not domain:
        return
    found = account.ask("sagemaker", "DescribeDomain", DomainId=domain)
    if found is None:
        yield off(f"there is no Studio domain {domain}", _bring_up(account))
    elif found.get("Status") != "InService":
        yield off(f"the Studio domain {domain} is {found.get('Status')}", _bring_up(account))


def network(account: Account) -> Iterator[Finding]:
    """Ask for the subnets and groups that jobs and endpoints join."""
    known = account.foundation.get("network") or {}
    for subnet in known.get("subnet_ids") or ():
        if account.ask("ec2", "DescribeSubnets", SubnetIds=[subnet]) is None:
            yield off(f"there is no subnet {subnet}", _bring_up(account))
    for key in ("security_group_id", "notebook_security_group_id"):
        if known.get(key) and account.ask("ec2", "DescribeSecurityGroups", GroupIds=[known[key]]) is None:
            yield off(f"there is no security group {known[key]}", _bring_up(account))


def _lake(account: Account) -> dict[str, Any]:
    return dict((account.foundation.get("lake") or {}).get("zones") or {})


def _bring_up(account: Account) -> str:
    return (f"{PLATFORM} to type, in stacks/foundation: pulumi up --refresh --stack {account.environment}; then "
            f"mlstead outputs {account.environment} --foundation, and commit")
