"""Whether whoever deploys may grant columns by sensitivity: Lake Formation asks its administrators, not IAM alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import PLATFORM, Finding, off, well
from mlstead_toolkit.doctor.remote import delivered_by

_SESSION = re.compile(r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.+")


def administered(account: Account) -> Iterator[Finding]:
    """Ask who administers it, and look for the role that deploys: CI's, or without CI whoever asks."""
    found = account.ask("lakeformation", "GetDataLakeSettings") or {}
    listed = found.get("DataLakeSettings", {}).get("DataLakeAdmins", [])
    admins = [each["DataLakePrincipalIdentifier"] for each in listed]
    deployer = _deployer(account)
    if deployer in admins:
        yield well(f"{deployer} administers Lake Formation")
    else:
        known = ", ".join(admins) or "nobody"
        yield off(f"{deployer} does not administer Lake Formation ({known} does): it could grant no table",
                  f"{PLATFORM} to add {deployer} to mlstead-foundation:administrators, and to type, in "
                  f"stacks/foundation: pulumi up --stack {account.environment}")


def _deployer(account: Account) -> str:
    """Name who deploys as Lake Formation does: a session by its role, with the role's path."""
    from mlstead.own_names import CI_PATH

    if delivered_by(account.project.root) != "none":
        context = account.context
        return f"arn:{context.partition}:iam::{context.account_id}:role{CI_PATH}{context.name}-deploy"
    session = _SESSION.fullmatch(account.caller["Arn"])
    if session is None:
        return account.caller["Arn"]
    role = account.ask("iam", "GetRole", RoleName=session["role"])
    return str(role["Role"]["Arn"]) if role else account.caller["Arn"]
